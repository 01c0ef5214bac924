import type { Writable } from 'node:stream';
import { optionLines } from '#infra/cli/commandLine.ts';
import type { Command } from '#infra/cli/main.ts';
import { startOptions, startSettings } from '#infra/cli/settings.ts';
import { type Emulator, startEmulator } from '#infra/local/emulator.ts';
import type { Ports } from '#lib/ports.ts';

const SHUTDOWN_MS = 5000;
const PARENT_CHECK_MS = 100;

const help = [
  '',
  'tributary [start] [options]',
  '',
  ...optionLines(startOptions),
  '',
  'PORT, TRIBUTARY_DATA and TRIBUTARY_SEED in the environment say the same as --port, 4600 unless given, --data, .tributary unless',
  'given, and --seed, tributary.config.yaml unless given, if there is one.',
  '',
].join('\n');

/** Starts an emulator, which runs until it is told to stop or its engine ends. */
export const start: Command = {
  help: () => help,
  async run(words) {
    const { env, stdout } = process;
    const { isQuiet, wantsHelp, ...settings } = startSettings(words, env);
    if (wantsHelp) return void stdout.write(help);
    // A script may close the pipe once it has read the ready line.
    stdout.on('error', () => undefined);
    const hint = isQuiet ? undefined : (sentence: string) => void process.stderr.write(`${sentence}\n`);
    const emulator = await startEmulator({ ...settings, env, log: logTo(stdout, env), hint });
    runUntilStopped(emulator, env);
    if (isQuiet) return;
    stdout.write(`Tributary ready on ${emulator.baseUrl}\n`);
    stdout.write(`Demo accounts and keys: ${emulator.envFile}\n`);
    if (emulator.token !== undefined) stdout.write(`Token of /_emulator: ${emulator.token}\n`);
    if (emulator.seedFile !== undefined) stdout.write(`Seed: ${emulator.seedFile}\n`);
  },
};

function runUntilStopped(emulator: Emulator, env: NodeJS.ProcessEnv): void {
  let isStopping = false;
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
    emulator.stop().then(() => process.exit());
  };
  // Ctrl-C under npm arrives twice, from the terminal and from npm.
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
  if (env['npm_lifecycle_event'] === 'start') whenOrphaned(stop);
  emulator.ended.then(() => {
    if (isStopping) return;
    process.stderr.write('The embedded DynamoDB has ended, and the emulator with it.\n');
    process.exitCode = 1;
    stop();
  });
}

/** Killing npm is meant to end the emulator, which is not told of it. Without npm, it may be meant to outlive its parent. */
function whenOrphaned(stop: () => void): void {
  const parent = process.ppid;
  const check = () => {
    if (process.ppid !== parent) stop();
  };
  setInterval(check, PARENT_CHECK_MS).unref();
}

/** Logs faults, and all calls where TRIBUTARY_LOG=calls, a line of JSON for each. */
export function logTo(stream: Writable, env: NodeJS.ProcessEnv): Ports['log'] {
  return (record) => {
    if (record.level === 'error' || env['TRIBUTARY_LOG'] === 'calls') stream.write(`${JSON.stringify(record)}\n`);
  };
}
