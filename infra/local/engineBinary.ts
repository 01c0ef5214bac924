import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { StartError } from '#infra/local/startError.ts';

/** The engine's program. */
export interface EngineBinary {
  readonly file: string;
  /** Undefined where nothing tells it without running the program. */
  readonly version: string | undefined;
}

/** The engine to run: the optional package's, or else the first `dynoxide` on the PATH. Throws `StartError`. */
export function findBinary(path: string, bundled: () => EngineBinary | undefined = bundledBinary): EngineBinary {
  const onPath = path.split(delimiter).map((folder) => join(folder, 'dynoxide'));
  const file = onPath.find((candidate) => existsSync(candidate));
  const found = bundled() ?? (file === undefined ? undefined : { file, version: undefined });
  if (found !== undefined) return found;
  throw new StartError(
    `No DynamoDB to run on: there is no embedded dynoxide for ${process.platform}-${process.arch}; put a dynoxide 1.2 binary on the PATH (https://github.com/nubo-db/dynoxide) or set DYNAMODB_ENDPOINT to any DynamoDB-compatible server.`,
  );
}

function bundledBinary(): EngineBinary | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve(
      `@dynoxide/${process.platform}-${process.arch}/package.json`,
    );
    const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
    return { file: join(dirname(manifest), 'dynoxide'), version };
  } catch {
    return undefined;
  }
}
