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

const onlyInWsl = 'run this in WSL, where it is Linux';

/** How to get an engine, by the machine. The README has it as a table. */
export const engineSources: Readonly<Record<string, string>> = {
  'linux-x64': 'npm install --no-save @dynoxide/linux-x64@1.2.1',
  'linux-arm64': 'npm install --no-save @dynoxide/linux-arm64@1.2.1',
  'darwin-arm64': 'npm install --no-save @dynoxide/darwin-arm64@1.2.1',
  'darwin-x64': 'npm install --no-save @dynoxide/darwin-x64@1.2.1',
  'win32-x64': onlyInWsl,
  'win32-arm64': onlyInWsl,
};

/** The machine that this runs on, as packages name it. */
const here = `${process.platform}-${process.arch}`;

/** The engine to run: the package's, or else the first `dynoxide` on the PATH. Throws `StartError`. */
export function findBinary(
  path: string,
  bundled: () => EngineBinary | undefined = bundledBinary,
  machine = here,
): EngineBinary {
  const onPath = path.split(delimiter).map((folder) => join(folder, 'dynoxide'));
  const file = onPath.find((candidate) => existsSync(candidate));
  const found = bundled() ?? (file === undefined ? undefined : { file, version: undefined });
  if (found !== undefined) return found;
  const ways = [
    engineSources[machine],
    'put a dynoxide 1.2 on the PATH (https://github.com/nubo-db/dynoxide/releases)',
    'set DYNAMODB_ENDPOINT to another DynamoDB-compatible server',
  ];
  throw new StartError(
    `No DynamoDB to run on: this machine is ${machine} and has no engine; ${ways.filter(Boolean).join(', or ')}.`,
  );
}

/** That of a package, beside this code or in the project that is worked in. */
function bundledBinary(): EngineBinary | undefined {
  try {
    const paths = [import.meta.dirname, process.cwd()];
    const manifest = createRequire(import.meta.url).resolve(`@dynoxide/${here}/package.json`, { paths });
    const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
    return { file: join(dirname(manifest), 'dynoxide'), version };
  } catch {
    return undefined;
  }
}
