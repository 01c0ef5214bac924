import { type ChildProcess, spawn } from 'node:child_process';
import { findAddress } from '#infra/local/engineAddress.ts';
import { findBinary } from '#infra/local/engineBinary.ts';
import { openEngineDatabase } from '#infra/local/engineDatabase.ts';
import { fileFault } from '#infra/local/fileFault.ts';
import { asReason, StartError } from '#infra/local/startError.ts';

/** A running DynamoDB, and how to stop it. */
export interface Engine {
  readonly endpoint: string;
  /** Where it keeps its tables; undefined for its own memory, and for a server that we have not started. */
  readonly file: string | undefined;
  /** Resolves when the engine has ended, asked to or not; never for a server that we have not started. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const READY_MS = 10_000;
const MAX_STARTS = 3;

/**
 * Starts the embedded DynamoDB over a database file, or over none that is kept, where no web page reaches it; or uses the server that
 * `DYNAMODB_ENDPOINT` names. The engine ends with this process however that ends. Throws `StartError`.
 */
export async function startEngine(databaseFile: string | undefined, env: NodeJS.ProcessEnv): Promise<Engine> {
  const given = env['DYNAMODB_ENDPOINT'];
  if (given)
    return { endpoint: given, file: undefined, ended: new Promise(() => undefined), stop: async () => undefined };
  const binary = findBinary(env['PATH'] ?? '');
  const database = openEngineDatabase(databaseFile, binary.version);
  try {
    const engine = await startBinary(binary.file, database.file === undefined ? [] : ['--db-path', database.file]);
    return { ...engine, file: database.file, stop: () => engine.stop().then(database.close) };
  } catch (error) {
    await database.close();
    throw (database.file !== undefined && fileFault(database.file, error)) || error;
  }
}

async function startBinary(binary: string, args: readonly string[]): Promise<Omit<Engine, 'file'>> {
  for (let starts = 1; ; starts++) {
    const { host, port } = await findAddress(starts);
    const engine = spawnTethered(binary, ['serve', '--host', host, '--port', String(port), ...args]);
    const ended = new Promise<void>((resolve) => engine.once('exit', () => resolve()));
    const stop = async () => {
      engine.stdin?.end();
      await ended;
    };
    const announced = await announcement(engine);
    if ('endpoint' in announced) return { endpoint: announced.endpoint, ended, stop };
    await stop();
    // Another process may have taken the address between our choosing and the engine's listening.
    if (starts === MAX_STARTS || !/in use/i.test(announced.said)) {
      throw new StartError(`The embedded DynamoDB did not start: ${asReason(announced.said) || 'it said nothing'}.`);
    }
  }
}

/**
 * The shell reads from a pipe that this process holds open. When this process ends, even by SIGKILL, the pipe closes and the shell ends
 * the engine; when the engine ends by itself, so does the shell. They are a process group of their own, so that Ctrl-C does not end the
 * engine while this process still needs it.
 */
const tether = `
exec 3<&0
"$@" </dev/null 3<&- & engine=$!
{ read -r _ <&3; kill "$engine"; } >/dev/null 2>&1 & watch=$!
exec 3<&-
wait "$engine"
kill "$watch" 2>/dev/null`;

function spawnTethered(binary: string, args: readonly string[]): ChildProcess {
  const engine = spawn('/bin/sh', ['-c', tether, 'tether', binary, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  // The pipe breaks when the engine ends by itself, which `ended` tells.
  engine.stdin?.on('error', () => undefined);
  return engine;
}

/** Where the engine listens, or what it said before it ended or fell silent. */
async function announcement(engine: ChildProcess): Promise<{ endpoint: string } | { said: string }> {
  let said = '';
  return new Promise((resolve) => {
    const giveUp = () => {
      clearTimeout(timer);
      resolve({ said });
    };
    const timer = setTimeout(giveUp, READY_MS);
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      const endpoint = /listening on (http:\/\/\S+)\s/.exec(said)?.[1];
      if (endpoint === undefined) return;
      clearTimeout(timer);
      resolve({ endpoint });
    };
    engine.stdout?.on('data', hear);
    engine.stderr?.on('data', hear);
    engine.once('error', giveUp);
    engine.once('close', giveUp);
  });
}
