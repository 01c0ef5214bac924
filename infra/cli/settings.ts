import { helpOption, type Options, saidIn } from '#infra/cli/commandLine.ts';
import { StartError, UsageError } from '#infra/local/startError.ts';

/** The options by which an emulator is started, whatever is started beside it. */
export const emulatorOptions = {
  port: { takes: '<number>', says: '0 for any free port', short: 'p' },
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
  help: helpOption,
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

/** What the options say that mean the same wherever an emulator is started. Throws `StartError`. */
export function shared({
  cors,
  host,
  seed,
}: {
  readonly cors?: string;
  readonly host?: string;
  readonly seed?: string;
}) {
  return { host, cors: cors === undefined ? undefined : originsIn(cors), seed };
}

/** A browser names an origin in one way alone, and no other way of writing it would ever be met. */
function originsIn(text: string): string[] {
  const origins = text.split(',').map((origin) => origin.trim());
  const wrong = origins.find((one) => one !== '*' && !(URL.canParse(one) && new URL(one).origin === one));
  if (wrong === undefined) return origins;
  const nearest = URL.canParse(wrong) ? new URL(wrong).origin : 'null';
  const meant = nearest === 'null' ? '' : `; did you mean ${nearest}?`;
  throw new StartError(
    `--cors takes origins such as http://localhost:5173, or *, not ${JSON.stringify(wrong)}${meant || '.'}`,
  );
}

/** The number of a port. Throws `StartError`. */
export function portIn(where: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new StartError(`${where} must be a number from 0 to 65535, not ${text}.`);
}
