import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';

/** A DynamoDB to talk to, and how to be rid of it. */
export interface Engine {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Told to the person at the terminal in one sentence, without a stack. */
export class StartError extends Error {}

const READY_MS = 10_000;

/**
 * Starts the embedded DynamoDB over a database file, or in memory, on a port of its own choosing; or uses the server that
 * `DYNAMODB_ENDPOINT` names. The engine ends with this process however that ends. Throws `StartError`.
 */
export async function startEngine(databaseFile: string | undefined, env: NodeJS.ProcessEnv): Promise<Engine> {
  const given = env['DYNAMODB_ENDPOINT'];
  if (given) return { endpoint: given, stop: async () => undefined };
  const binary = findBinary(env['PATH'] ?? '');
  const port = String(await freePort());
  const engine = spawnTethered(binary, ['serve', '--port', port, ...(databaseFile ? ['--db-path', databaseFile] : [])]);
  const endpoint = await announcedEndpoint(engine);
  return { endpoint, stop: () => stopped(engine) };
}

/** The engine cannot tell which port it chose, so one is chosen for it. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new StartError('This machine has no free TCP port.');
  return address.port;
}

function findBinary(path: string): string {
  const bundled = bundledBinary();
  if (bundled) return bundled;
  const onPath = path.split(delimiter).map((folder) => join(folder, 'dynoxide'));
  const found = onPath.find((file) => existsSync(file));
  if (found) return found;
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

/**
 * The shell holds our end of a pipe: when this process goes, even by SIGKILL, the pipe closes and the shell ends the engine. A
 * process group of its own keeps Ctrl-C from the engine until we have finished with it.
 */
function spawnTethered(binary: string, args: readonly string[]): ChildProcess {
  const script = '"$@" </dev/null & engine=$!; read -r _; kill "$engine"; wait "$engine"';
  return spawn('/bin/sh', ['-c', script, 'tether', binary, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
}

async function announcedEndpoint(engine: ChildProcess): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    const fail = () =>
      reject(new StartError(`The embedded DynamoDB did not start: ${said.trim() || 'it said nothing'}.`));
    const timer = setTimeout(fail, READY_MS);
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      const endpoint = /listening on (http:\/\/\S+)/.exec(said)?.[1];
      if (endpoint === undefined) return;
      clearTimeout(timer);
      resolve(endpoint);
    };
    engine.stdout?.on('data', hear);
    engine.stderr?.on('data', hear);
    engine.once('error', fail);
    engine.once('exit', fail);
  });
}

async function stopped(engine: ChildProcess): Promise<void> {
  if (engine.exitCode !== null) return;
  const exited = new Promise<void>((resolve) => engine.once('exit', () => resolve()));
  engine.stdin?.end();
  await exited;
}
