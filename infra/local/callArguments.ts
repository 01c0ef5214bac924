import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { acceptedParameters } from '#infra/acceptedParameters.ts';
import { orNearest } from '#infra/local/closest.ts';
import { reasonOf, UsageError } from '#infra/local/startError.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';

export const roles = ['parent', 'child', 'sibling', 'major', 'sub', 'member', 'operator'] as const;
export type Role = (typeof roles)[number];

export type Values = Readonly<Record<string, string | readonly string[]>>;

/** What the command line asks for. */
export type Wanted =
  | { readonly kind: 'help'; readonly operation: Operation | undefined }
  | {
      readonly kind: 'call';
      readonly operation: Operation;
      /** One of the demo callers, or a name that a seed gives an account in demo.env, in whatever case. */
      readonly role: string;
      readonly key: { readonly keyId: string; readonly secret: string } | undefined;
      readonly url: string | undefined;
      readonly parameters: Values;
    };

const ownOptions = {
  as: { type: 'string' },
  key: { type: 'string' },
  secret: { type: 'string' },
  url: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads the words after `call`. Throws `UsageError`. */
export function wantedIn(words: readonly string[], operations: readonly Operation[]): Wanted {
  const operationNamed = (word: string | undefined) => operations.find(({ action }) => action === word);
  const { own, given, positionals } = parsed(words, words.map(operationNamed).find(Boolean));
  const [action, ...others] = positionals;
  const operation = operationNamed(action);
  if (own.help) return { kind: 'help', operation };
  if (action === undefined) throw new UsageError('Name an action.');
  if (operation === undefined) {
    const actions = operations.map((one) => one.action);
    throw new UsageError(orNearest(`There is no action ${action}`, action, actions));
  }
  if (others.length > 0) {
    throw new UsageError(`${others.join(' ')} belongs to no parameter; write --Name value.`, operation);
  }
  const { key, secret, url } = own;
  if ((key === undefined) !== (secret === undefined)) {
    throw new UsageError('--key and --secret go together.', operation);
  }
  return {
    kind: 'call',
    operation,
    role: roleIn(own.as, operation),
    key: key === undefined || secret === undefined ? undefined : { keyId: key, secret },
    url,
    parameters: parametersIn(given, operation),
  };
}

/** `--Name value` as `--Name=value` where the value begins with a dash, as an amount or a secret may. */
function withDashedValues(words: readonly string[]): string[] {
  const isDashedValue = (index: number) =>
    /^-(?!h$|-[A-Za-z])/.test(words[index] ?? '') && /^--(?!help$)[^=]+$/.test(words[index - 1] ?? '');
  return words.flatMap((word, index) => {
    if (isDashedValue(index)) return [];
    return isDashedValue(index + 1) ? `${word}=${words[index + 1]}` : word;
  });
}

function parsed(words: readonly string[], operation: Operation | undefined) {
  const named = words.filter((word) => /^--[A-Z]/.test(word)).map((word) => word.slice(2).replace(/=.*$/s, ''));
  const parameters = Object.fromEntries(named.map((name) => [name, { type: 'string', multiple: true } as const]));
  try {
    const { values, positionals } = parseArgs({
      args: withDashedValues(words),
      options: { ...parameters, ...ownOptions },
      allowPositionals: true,
    });
    const { as, key, secret, url, help, ...given } = values;
    return { own: { as, key, secret, url, help }, given, positionals };
  } catch (error) {
    throw new UsageError(withNearestOption(reasonOf(error), operation), operation);
  }
}

/** What the parser says; of an unknown option, with the one that was probably meant. */
function withNearestOption(said: string, operation: Operation | undefined): string {
  const unknown = /^Unknown option '--([^'=]*)'/.exec(said)?.[1];
  if (unknown === undefined) return `${said}.`;
  const parameters = operation === undefined ? [] : acceptedParameters(operation).map(({ name }) => name);
  const known = [...parameters, ...Object.keys(ownOptions)];
  return orNearest(`Unknown option '--${unknown}'`, unknown, known, '--');
}

function roleIn(as: string | undefined, operation: Operation): string {
  return as ?? (operation.access === 'operator' ? 'operator' : 'parent');
}

function parametersIn(given: Readonly<Record<string, unknown>>, operation: Operation): Values {
  const accepted = acceptedParameters(operation);
  const unknown = Object.keys(given).find((name) => !accepted.some((one) => one.name === parameterIn(name, operation)));
  if (unknown !== undefined) {
    const names = accepted.map(({ name }) => name);
    throw new UsageError(orNearest(`${operation.action} has no parameter ${unknown}`, unknown, names), operation);
  }
  const isList = (name: string) => accepted.some((one) => one.name === name && one.isList);
  const parameters: Record<string, string | string[]> = Object.create(null);
  for (const [name, values] of Object.entries(given)) {
    const texts = Array.isArray(values) ? values.map(String) : [];
    const [only = '', ...more] = texts;
    if (isList(name)) parameters[name] = texts.flatMap((text) => text.split(','));
    else parameters[name] = more.length > 0 ? texts : only;
  }
  const needsRequestId = accepted.some(({ name, isRequired }) => name === 'RequestId' && isRequired);
  if (needsRequestId) parameters['RequestId'] ??= randomUUID();
  return parameters;
}

/** The parameter a name belongs to. Alibaba Cloud numbers the members of a list, as in `PermissionCodes.1`; Volcengine sends JSON. */
function parameterIn(name: string, { product }: Operation): string {
  return product.dialect.vendor === 'alibaba' ? name.replace(/\..*$/s, '') : name;
}
