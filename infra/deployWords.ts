import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { StartError } from '#infra/local/startError.ts';

const commands = ['build', 'package', 'deploy', 'remove'] as const;

/** What the command line asks for. */
export interface DeployWords {
  readonly command: (typeof commands)[number];
  /** The stacks to package, deploy or remove; all of them when none is named. */
  readonly only: readonly string[];
  /** The products to leave out. */
  readonly without: readonly string[];
  /** The folder of the packages, one folder in it for each stack. */
  readonly folder: string;
  /** Whether source maps are to be written beside the bundles. */
  readonly maps: boolean;
  /** The words for osls, such as `--stage` and `--param`. */
  readonly rest: readonly string[];
}

const ownOptions = {
  only: { type: 'string', multiple: true },
  without: { type: 'string', multiple: true },
  package: { type: 'string' },
  maps: { type: 'boolean' },
} as const;

/** Reads the words after `infra/deploy.ts`. `names` are those of the stacks, the core first. Throws `StartError`. */
export function deployWordsIn([word = '', ...words]: readonly string[], names: readonly string[]): DeployWords {
  const command = commands.find((one) => one === word);
  if (command === undefined) throw new StartError(`Say what to do: ${commands.join(', ')}.`);
  const { tokens, values } = parseArgs({ args: words, options: ownOptions, strict: false, tokens: true });
  const own = tokens.flatMap((token) => {
    if (token.kind !== 'option' || !(token.name in ownOptions)) return [];
    return token.inlineValue === false && token.name !== 'maps' ? [token.index, token.index + 1] : [token.index];
  });
  const without = namesIn(values['without'], names.slice(1), 'product');
  const only = namesIn(values['only'], names, 'stack');
  const both = only.find((name) => without.includes(name));
  if (both !== undefined) throw new StartError(`${both} is named by --only and by --without.`);
  if (without.length > 0 && command === 'remove')
    throw new StartError('To take a product away, run npm run deploy -- --without it.');
  const folder = typeof values['package'] === 'string' ? values['package'] : join('.build', 'packages');
  return {
    command,
    only,
    without,
    folder,
    maps: values['maps'] === true,
    rest: words.filter((_, index) => !own.includes(index)),
  };
}

function namesIn(given: unknown, known: readonly string[], kind: string): string[] {
  const names = [given ?? []].flat().flatMap((text) => String(text).split(','));
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new StartError(`There is no ${kind} ${unknown}; there are ${known.join(', ')}.`);
  return names;
}
