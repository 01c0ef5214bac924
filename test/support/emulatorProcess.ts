import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, vi } from 'vitest';
import type { Role, Values } from '#infra/local/callArguments.ts';
import { send } from '#infra/local/send.ts';
import { operations } from '#infra/operations.ts';
import type { Answer } from '#test/support/estate.ts';
import { atFileEnd } from '#test/support/fileEnd.ts';
import { descendantsOf, isRunning, procFile } from '#test/support/processes.ts';
import { builtProgram } from '#test/support/programs.ts';

/** How a process ended and what it printed. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Calls of an emulator. */
export interface EmulatorClient {
  call(role: Role, action: string, parameters?: Values): Promise<Answer>;
  /** GET of one of the emulator's own paths, or POST if there is a body. */
  control(path: string, body?: string): Promise<Answer>;
}

/** An emulator as `npm start` runs it, in a process of its own. */
export interface RunningEmulator extends EmulatorClient {
  readonly pid: number;
  readonly baseUrl: string;
  /** The content of its demo.env. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly envFile: string;
  /** Ends it by a signal; resolves when it has ended. */
  end(signal: NodeJS.Signals): Promise<Ending>;
  /** Processes it started that are still running. */
  children(): number[];
  readonly ended: Promise<Ending>;
}

/** A command of ours as it was built for the tests, or as it is run otherwise; or `npm start` with everything that npm adds. */
type Program = Command | 'start by tsx' | 'npm start';

type Command = 'start' | 'call' | 'exec' | 'completion' | 'init';

type Environment = Readonly<Record<string, string>>;

/** A new folder, removed when the test file ends. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'test-tributary-'));
  atFileEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs one of our commands until it ends by itself. */
export async function run(program: Command, words: readonly string[], env: Environment): Promise<Ending> {
  return (await launch(program, words, env)).ended;
}

/** Starts an emulator on any free port and waits until it is ready. */
export async function startEmulatorProcess(
  env: Environment,
  program: Program = 'start',
  words: readonly string[] = [],
): Promise<RunningEmulator> {
  const { child, ended, ready } = await launch(program, words, { PORT: '0', ...env });
  const { baseUrl, envFile } = await ready;
  const { pid } = child;
  if (pid === undefined) throw new Error('the emulator has no process');
  const demo = parseEnv(readFileSync(envFile, 'utf8'));
  const ours = descendantsOf(pid);
  for (const one of ours) killAtFileEnd(one);
  return {
    pid,
    baseUrl,
    env: demo,
    envFile,
    ended,
    ...clientOf(baseUrl, demo),
    end(signal) {
      child.kill(signal);
      return ended;
    },
    children: () => ours.filter(isRunning),
  };
}

/** A client that signs with the keys of a demo.env. */
export function clientOf(baseUrl: string, demo: RunningEmulator['env']): EmulatorClient {
  return {
    async call(role, action, parameters = {}) {
      const operation = operations.find((candidate) => candidate.action === action);
      if (operation === undefined) throw new Error(`there is no ${action}`);
      const keyId = demo[`${role.toUpperCase()}_AK`] ?? '';
      const secret = demo[`${role.toUpperCase()}_SK`] ?? '';
      return answerOf(await send({ url: baseUrl, keyId, secret }, operation, parameters));
    },
    async control(path, body) {
      const init = body === undefined ? {} : { method: 'POST', body };
      return answerOf(await fetch(`${baseUrl}/_emulator/${path}`, init));
    },
  };
}

/** Expects that nothing an emulator started outlives it. */
export async function expectNoOrphans(emulator: RunningEmulator): Promise<void> {
  // Unlike `expect.poll`, this does not need to know which of several concurrent tests it is in.
  await vi.waitFor(() => expect(emulator.children()).toEqual([]), { timeout: 60_000 });
}

/** The engine among the processes an emulator has started. */
export function engineOf(emulator: RunningEmulator): number {
  const engine = emulator.children().find((pid) => procFile(pid, 'comm').trim() === 'dynoxide');
  if (engine === undefined) throw new Error('the emulator runs no dynoxide');
  return engine;
}

/**
 * Kills a process at the end of the test file, because our programs' children may outlive them. A process that has got
 * the same number since is left alone.
 */
function killAtFileEnd(pid: number): void {
  const commandLine = procFile(pid, 'cmdline');
  atFileEnd(() => isRunning(pid) && procFile(pid, 'cmdline') === commandLine && process.kill(pid, 'SIGKILL'));
}

async function answerOf(response: Response): Promise<Answer> {
  return { status: response.status, body: await response.json() };
}

async function commandOf(program: Program): Promise<[command: string, ...words: string[]]> {
  if (program === 'npm start') return ['npm', 'start', '--silent'];
  if (program === 'start by tsx') return [process.execPath, '--import', 'tsx', 'infra/cli/main.ts', 'start'];
  return [process.execPath, await builtProgram('tributary'), program];
}

async function launch(program: Program, words: readonly string[], env: Environment) {
  const { DYNAMODB_ENDPOINT, PORT, TRIBUTARY_DATA, NODE_OPTIONS, VITEST, ...inherited } = process.env;
  const [command, ...before] = await commandOf(program);
  const child = spawn(command, [...before, ...words], {
    cwd: new URL('../..', import.meta.url),
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  atFileEnd(() => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    return once(child, 'exit');
  });
  let stdout = '';
  let stderr = '';
  const ready = new Promise<{ baseUrl: string; envFile: string }>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
      const [, baseUrl, envFile] = /^Tributary ready on (\S+)\n.*: (.+)\n/.exec(stdout) ?? [];
      if (baseUrl !== undefined && envFile !== undefined) resolve({ baseUrl, envFile });
    });
    child.once('exit', () => reject(new Error(`the emulator did not start: ${stderr || stdout}`)));
  });
  ready.catch(() => undefined);
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const ended = new Promise<Ending>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, ended, ready };
}
