import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { StartError } from '#infra/local/startError.ts';

/** The engine's program: the optional package's, or else the first `dynoxide` on the PATH. Throws `StartError`. */
export function findBinary(path: string, bundled: () => string | undefined = bundledBinary): string {
  const onPath = path.split(delimiter).map((folder) => join(folder, 'dynoxide'));
  const found = bundled() ?? onPath.find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new StartError(
    `No DynamoDB to run on: there is no embedded dynoxide for ${process.platform}-${process.arch}; put a dynoxide 1.2 binary on the PATH (https://github.com/nubo-db/dynoxide) or set DYNAMODB_ENDPOINT to any DynamoDB-compatible server.`,
  );
}

function bundledBinary(): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve(
      `@dynoxide/${process.platform}-${process.arch}/package.json`,
    );
    return join(dirname(manifest), 'dynoxide');
  } catch {
    return undefined;
  }
}
