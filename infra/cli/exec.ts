import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { parseEnv } from 'node:util';
import { helpOption, optionLines, saidIn } from '#infra/cli/commandLine.ts';
import type { Command } from '#infra/cli/main.ts';
import { emulatorOptions, portIn, shared } from '#infra/cli/settings.ts';
import { logTo } from '#infra/cli/start.ts';
import { type Emulator, startEmulator } from '#infra/local/emulator.ts';
import { reasonOf, UsageError } from '#infra/local/startError.ts';

const [NOT_RUNNABLE, NOT_FOUND] = [126, 127];

const options = { ...emulatorOptions, help: helpOption } as const;

const help = [
  '',
  'tributary exec [options] -- <command> [words]',
  '',
  'Starts an emulator, runs the command, stops the emulator, and ends as the command did. The command finds BASE_URL and the demo',
  'accounts and keys in its environment, as in demo.env: PARENT_UID, PARENT_AK, PARENT_SK and so on.',
  '',
  ...optionLines(options),
  '',
  'Unless options say otherwise, it is on any free port and keeps nothing.',
  '',
].join('\n');

/** Runs a command with an emulator of its own. */
export const exec: Command = {
  help: () => help,
  async run(words) {
    const end = words.indexOf('--');
    const { texts, given, positionals } = saidIn(end < 0 ? words : words.slice(0, end), options);
    if (given.has('help')) return void process.stdout.write(help);
    const [command, ...others] = end < 0 ? [] : words.slice(end + 1);
    if (command === undefined || positionals.length > 0) {
      throw new UsageError('Write the command after two dashes: tributary exec -- npm test.');
    }
    const own = { ...process.env };
    const emulator = await startEmulator({
      port: portIn('--port', texts.port ?? '0'),
      data: texts.data || ':memory:',
      ...shared(texts),
      env: process.env,
      // What the command prints is to be read by whoever reads its output.
      log: logTo(process.stderr, process.env),
    });
    try {
      process.exitCode = await exitCodeOf(command, others, environmentOf(emulator, own));
    } finally {
      await emulator.stop();
    }
  },
};

/** The environment of the command: our own, with what is in demo.env, and where that is. */
function environmentOf({ envFile }: Emulator, own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const demo = parseEnv(readFileSync(envFile, 'utf8'));
  return { ...own, ...demo, TRIBUTARY_DATA: dirname(envFile) };
}

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How the command ended, as a shell would tell it: its code, 128 and the signal's number, or 127 or 126 if it is not there or cannot be run. */
async function exitCodeOf(command: string, words: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(command, words, { env, stdio: 'inherit' });
  // Ctrl-C reaches the command from the terminal itself; whatever it makes of it, the emulator stops after it.
  const forward = (signal: NodeJS.Signals) =>
    void (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal));
  for (const signal of forwarded) process.on(signal, forward);
  return new Promise((resolve) => {
    child.once('error', (error) => {
      process.stderr.write(`${command} cannot be run: ${reasonOf(error)}.\n`);
      resolve('code' in error && error.code === 'ENOENT' ? NOT_FOUND : NOT_RUNNABLE);
    });
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}
