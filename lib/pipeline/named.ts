import { type Pair, valueIn } from '#lib/auth/encoding.ts';
import { headerOf, type Readable, type Received } from '#lib/auth/received.ts';
import type { Parameter, Parameters } from '#lib/dialects/dialect.ts';
import { Refusal } from '#lib/errors.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { optionNames } from '#lib/pipeline/idempotency.ts';

/** A name that makes its value a part of another parameter, such as `Status[]`, `Status[0]` or `Status.x`. */
const partName = /^([^.[]+)[.[]/;
const MAX_DEPTH = 10;

/** How a request names its operation. */
interface Named {
  readonly action: string | undefined;
  readonly version: string | undefined;
}

/** The action and the version that a request names where its scheme signs them (docs/vendors/wire.md 1). */
export function namedIn(request: Received): Named {
  switch (request.scheme) {
    case 'acs3':
      return namedInHeaders(request);
    case 'volcengine':
    case 'volcengineQuery':
      return namedAmong(request.queryPairs ?? []);
    case 'none': {
      // An unsigned request is always refused; its headers only help to choose the dialect.
      const [{ action, version }, headers] = [namedAmong(request.pairs), namedInHeaders(request)];
      return { action: action ?? headers.action, version: version ?? headers.version };
    }
    default:
      return namedAmong(request.pairs);
  }
}

function namedInHeaders(request: Received): Named {
  return { action: headerOf(request, 'x-acs-action'), version: headerOf(request, 'x-acs-version') };
}

function namedAmong(pairs: readonly Pair[]): Named {
  return { action: valueIn(pairs, 'Action'), version: valueIn(pairs, 'Version') };
}

/**
 * The parameters of a call, as its operation's dialect reads them. One that the operation knows only in other versions
 * is ignored, as any unknown one. Throws as the dialect does, and `ParameterInvalid` for a known parameter of which a
 * part is named as no client of the vendors names it: a filter that was ignored would answer too much.
 */
export function parametersOf(received: Readable, operation: Operation, version: string): Parameters {
  const { emptiable, product, versions = {} } = operation;
  const own = versions[version]?.parameters ?? [];
  const others = Object.values(versions).flatMap((terms) => terms?.parameters ?? []);
  const unknown = others.filter((name) => !own.includes(name));
  const isKnown = (name: string) => !unknown.includes(name) && knows(operation, name);
  const parameters = product.dialect.parameters(received, emptiable);
  for (const [name, value] of Object.entries(parameters)) {
    const whole = partName.exec(name)?.[1];
    const parameter = whole ?? name;
    if ((whole !== undefined || hasBracket(value)) && isKnown(parameter)) {
      throw new Refusal('ParameterInvalid', { parameter, fault: 'type' });
    }
  }
  if (unknown.length === 0) return parameters;
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => !unknown.includes(name)));
}

function knows({ effect, input }: Operation, name: string): boolean {
  if (effect === 'write' && optionNames.includes(name)) return true;
  return 'entries' in input && typeof input.entries === 'object' && Object.hasOwn(input.entries ?? {}, name);
}

/** Whether a name within a value has brackets, as far down as any operation reads. */
function hasBracket(value: Parameter, depth = 0): boolean {
  // JSON may hold null.
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return false;
  return Object.entries(value).some(([name, inner]) => name.includes('[') || hasBracket(inner, depth + 1));
}
