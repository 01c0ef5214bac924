import { readFileSync } from 'node:fs';
import { lines } from '#infra/cli/commandLine.ts';
import { orNearest } from '#infra/local/closest.ts';
import { StartError, UsageError } from '#infra/local/startError.ts';

const BAD_USAGE = 2;

/** What a command does with the words after its name, and how it is used. */
export interface Command {
  run(words: readonly string[]): Promise<void>;
  help(error?: UsageError): string;
}

interface Named {
  readonly says: string;
  /** Loads the command, and nothing of the others. */
  load(): Promise<Command>;
}

const commands: Readonly<Record<string, Named>> = {
  start: {
    says: 'starts the emulator; so does tributary alone',
    load: async () => (await import('#infra/cli/start.ts')).start,
  },
  exec: {
    says: 'runs a command with an emulator of its own, as in tributary exec -- npm test',
    load: async () => (await import('#infra/cli/exec.ts')).exec,
  },
  init: {
    says: 'writes a seed file to begin with',
    load: async () => (await import('#infra/cli/init.ts')).init,
  },
  call: {
    says: 'calls an operation, signed as one of the demo callers',
    load: async () => (await import('#infra/cli/call.ts')).call,
  },
  completion: {
    says: 'prints a script by which bash or zsh completes these commands',
    load: async () => (await import('#infra/cli/completion.ts')).completion,
  },
};

const help = [
  '',
  'tributary [command] [options]',
  '',
  ...lines(Object.entries(commands).map(([name, { says }]) => [name, says])),
  '',
  'tributary <command> --help tells more, tributary --version which version this is. Without a command, the options are those of start.',
  '',
].join('\n');

try {
  await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function run([first, ...others]: readonly string[]): Promise<void> {
  if (first === 'help' && others[0] !== undefined) return run([others[0], '--help']);
  if (first === '--help' || first === '-h' || first === 'help') return void process.stdout.write(help);
  if (first === '--version' || first === '-v') return void process.stdout.write(`${version()}\n`);
  const isNamed = first !== undefined && !first.startsWith('-');
  const command = await commands[isNamed ? first : 'start']?.load();
  if (command === undefined) return tellUsage(unknown(first), help);
  try {
    const words = isNamed || first === undefined ? others : [first, ...others];
    await command.run(words);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    tellUsage(error.message, command.help(error));
  }
}

/** It stands in the same place from here in the repository and in the package. */
function version(): string {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
}

function unknown(command = ''): string {
  return orNearest(`There is no command ${command}`, command, Object.keys(commands));
}

function tellUsage(message: string, usage: string): void {
  process.stderr.write(`${message}\n${usage}`);
  process.exitCode = BAD_USAGE;
}
