import { parseArgs } from 'node:util';
import { orNearest } from '#infra/local/closest.ts';
import { reasonOf, UsageError } from '#infra/local/startError.ts';

/** An option of a command. */
export interface Option {
  /** What follows it, as in `<number>`; nothing, unless given. */
  readonly takes?: string;
  readonly says: string;
  /** One letter that stands for it. */
  readonly short?: string;
}

/** What every command has. */
export const helpOption = { says: 'prints this', short: 'h' } as const satisfies Option;

/** The options of a command, by their names. */
export type Options = Readonly<Record<string, Option>>;

/** What a command line says. */
export interface Said<Own extends Options> {
  /** The texts given by options that take one. */
  readonly texts: { readonly [Name in keyof Own]?: string };
  /** The options that were given. */
  readonly given: ReadonlySet<keyof Own>;
  readonly positionals: readonly string[];
}

/** Reads the words of a command. Throws `UsageError`. */
export function saidIn<Own extends Options>(words: readonly string[], options: Own): Said<Own> {
  const declared = Object.fromEntries(
    Object.entries(options).map(
      ([name, { takes, short }]) =>
        [name, { type: takes === undefined ? 'boolean' : 'string', ...(short !== undefined && { short }) }] as const,
    ),
  );
  const { values, positionals } = parsed(words, declared, Object.keys(options));
  const texts = Object.entries(values).filter(([, value]) => typeof value === 'string');
  return { texts: ofOptions(texts), given: new Set(Object.keys(values)), positionals };
}

function parsed(
  words: readonly string[],
  options: Record<string, { type: 'boolean' | 'string'; short?: string }>,
  names: readonly string[],
) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    const unknown = /^Unknown option '(-+[^' ]*)'/.exec(reasonOf(error))?.[1];
    if (unknown === undefined) throw new UsageError(`${reasonOf(error)}.`);
    throw new UsageError(orNearest(`There is no option ${unknown}`, unknown.replace(/^-+/, ''), names, '--'));
  }
}

/** The options' names are what was parsed by, so there are no others. */
function ofOptions<Own extends Options>(texts: readonly (readonly [string, unknown])[]): Said<Own>['texts'] {
  return Object.fromEntries(texts) as Said<Own>['texts'];
}

/** The options of a command as its help lists them. */
export function optionLines(options: Options): string[] {
  return lines(
    Object.entries(options).map(([name, { takes, says, short }]) => [
      `${short ? `-${short}, ` : '    '}--${name}${takes ? ` ${takes}` : ''}`,
      says,
    ]),
  );
}

/** Names and what they mean, in two columns. */
export function lines(pairs: readonly (readonly [name: string, says: string])[]): string[] {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, says]) => `  ${name.padEnd(width)}  ${says}`);
}
