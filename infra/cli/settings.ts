import { type Options, saidIn } from '#infra/cli/commandLine.ts';
import { StartError, UsageError } from '#infra/local/startError.ts';

/** The options by which an emulator is started, whatever is started beside it. */
export const emulatorOptions = {
  port: { takes: '<number>', says: '0 for any free port' },
  host: {
    takes: '<address>',
    says: 'where it listens, default 127.0.0.1; from 0.0.0.0 on, /_emulator asks for a token',
  },
  cors: { takes: '<origins>', says: "whose web pages may read answers, separated by commas, or *; nobody else's may" },
  seed: { takes: '<file>', says: 'what it has from its start, beside the demo accounts' },
  data: { takes: '<folder>', says: 'where its data is kept between runs; :memory: for nowhere' },
} as const satisfies Options;

export const startOptions = {
  ...emulatorOptions,
  quiet: { says: 'prints faults only' },
  help: { says: 'prints this' },
} as const satisfies Options;

/** How an emulator is to be started. */
export interface StartSettings {
  readonly port: number;
  readonly data: string;
  readonly host: string | undefined;
  readonly cors: readonly string[] | undefined;
  readonly seed: string | undefined;
  readonly isQuiet: boolean;
  readonly wantsHelp: boolean;
}

/** Reads the words after `start`; what they do not say, the environment does. Throws `StartError` or `UsageError`. */
export function startSettings(words: readonly string[], env: NodeJS.ProcessEnv): StartSettings {
  const { texts, given, positionals } = saidIn(words, startOptions);
  if (positionals.length > 0) throw new UsageError(`${positionals.join(' ')} belongs to no option.`);
  return {
    port: texts.port === undefined ? portIn('PORT', env['PORT'] || '4600') : portIn('--port', texts.port),
    data: texts.data || env['TRIBUTARY_DATA'] || '.tributary',
    ...shared(texts),
    isQuiet: given.has('quiet'),
    wantsHelp: given.has('help'),
  };
}

/** What the options say that mean the same wherever an emulator is started. */
export function shared({
  cors,
  host,
  seed,
}: {
  readonly cors?: string;
  readonly host?: string;
  readonly seed?: string;
}) {
  return { host, cors: cors?.split(',').map((origin) => origin.trim()), seed };
}

/** The number of a port. Throws `StartError`. */
export function portIn(where: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new StartError(`${where} must be a number from 0 to 65535, not ${text}.`);
}
