import { type AcceptedParameter, acceptedParameters } from '#infra/acceptedParameters.ts';
import { orNearest } from '#infra/local/closest.ts';
import type { Readable, Received } from '#lib/auth/received.ts';
import type { Parameters } from '#lib/dialects/dialect.ts';
import { inputOf } from '#lib/dialects/fields.ts';
import { Refusal } from '#lib/errors.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { productVersions, type Route, routeOf, versionsOf } from '#lib/pipeline/route.ts';

/** The header in which an answer has a hint; its body is the vendor's. */
export const HINT_HEADER = 'x-tributary-hint';

/** A hint as a header can hold it. */
export function asHeader(hint: string): string {
  return hint.replace(/[^\x20-\x7e]+|%/gu, encodeURIComponent);
}

/** A hint that a header holds. */
export function fromHeader(header: string): string {
  return decodeURIComponent(header);
}

/** How much of what a client has sent a hint repeats. */
const MAX_SHOWN = 64;

/** Tells what was probably meant by a request, and what would be allowed. */
export interface Hints {
  /** Undefined where there is nothing to tell. `status` is that of the answer. */
  hintFor(received: Received, status: number): string | undefined;
}

/** How many unknown names are remembered for an operation: clients send the same ones with every call. */
const MAX_NAMES = 100;

/** What is known of an operation's parameters. */
interface Known {
  readonly accepted: readonly AcceptedParameter[];
  readonly names: ReadonlySet<string>;
  /** The hints for names that it does not know. */
  readonly hints: Map<string, string | undefined>;
}

/** Hints for whoever calls these operations. `paths` are the others that can be asked for. */
export function openHints(operations: readonly Operation[], paths: readonly string[]): Hints {
  const actions = operations.map(({ action }) => action);
  const allPaths = [...paths, ...operations.map(({ action, product }) => `/${product.name}/${action}`)];
  const knownBy = new Map<Operation, Known>();
  const knownOf = (operation: Operation) => {
    const known = knownBy.get(operation) ?? knownIn(operation);
    knownBy.set(operation, known);
    return known;
  };
  return {
    hintFor(received, status) {
      const route = routeOf(received, namesIn(received.path));
      const same = operations.filter(({ action }) => action === route.action);
      const operation = same.find((one) => isAsked(one, route));
      if (operation !== undefined) return parameterHint(received, status, operation, knownOf(operation));
      if (status < 400) return undefined;
      if (route.action !== undefined) return actionHint(route.action, route, same, actions);
      const { path } = received;
      return path === '/' ? undefined : nearest(`There is nothing at ${shown(path)}`, path, allPaths);
    },
  };
}

function knownIn(operation: Operation): Known {
  const accepted = acceptedParameters(operation);
  return { accepted, names: new Set(accepted.map(({ name }) => name)), hints: new Map() };
}

function namesIn(path: string): { product?: string; action?: string } {
  const [, product, action] = /^\/([a-z]+)\/([A-Za-z]+)$/.exec(path) ?? [];
  return product === undefined || action === undefined ? {} : { product, action };
}

function isAsked({ action, product }: Operation, route: Route): boolean {
  const isOfProduct =
    route.product === undefined
      ? productVersions(product).includes(route.version ?? '')
      : product.name === route.product && (!route.version || productVersions(product).includes(route.version));
  return action === route.action && isOfProduct;
}

function actionHint(
  action: string,
  { version }: Route,
  same: readonly Operation[],
  actions: readonly string[],
): string | undefined {
  if (same.length === 0) return nearest(`There is no action ${shown(action)}`, action, actions);
  return version
    ? `${action} is of version ${same.flatMap(versionsOf).join(' and ')}, not of ${shown(version)}.`
    : undefined;
}

function parameterHint(received: Received, status: number, operation: Operation, known: Known): string | undefined {
  const { dialect } = operation.product;
  const parameters = isReadable(received) ? parametersOf(() => dialect.parameters(received)) : undefined;
  if (parameters === undefined) return undefined;
  for (const name of Object.keys(parameters)) {
    const hint = known.names.has(name) ? undefined : nameHint(name, operation, known);
    if (hint !== undefined) return hint;
  }
  return status === 400 ? valueHint(operation.input, parameters, known.accepted) : undefined;
}

function nameHint(name: string, { action }: Operation, { hints, names }: Known): string | undefined {
  if (hints.has(name)) return hints.get(name);
  const hint = nearest(`${action} has no parameter ${shown(name)}`, name, [...names]);
  if (hints.size < MAX_NAMES) hints.set(name, hint);
  return hint;
}

/** What a value may be that the operation does not take. */
function valueHint(
  input: Operation['input'],
  parameters: Parameters,
  accepted: readonly AcceptedParameter[],
): string | undefined {
  const refused = refusedIn(() => inputOf(input, parameters));
  const parameter = accepted.find(({ name }) => name === refused?.split('.')[0]);
  if (refused === undefined || parameter === undefined) return undefined;
  const { description, values } = parameter;
  if (values.length > 0) return `${refused} is one of ${values.join(', ')}.`;
  return description === undefined ? undefined : `${refused}: ${description}`;
}

function isReadable(received: Received): received is Readable {
  return received.queryPairs !== undefined && received.formPairs !== undefined;
}

/** Undefined for what the dialect cannot read, which its refusal tells. */
function parametersOf(read: () => Parameters): Parameters | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** The parameter whose value is refused, as in `PermissionCodes.2`; undefined if none is. */
function refusedIn(decode: () => unknown): string | undefined {
  try {
    decode();
    return undefined;
  } catch (error) {
    const isInvalid = error instanceof Refusal && error.reason === 'ParameterInvalid' && 'parameter' in error.facts;
    return isInvalid ? String(error.facts.parameter) : undefined;
  }
}

function nearest(sentence: string, written: string, known: readonly string[]): string | undefined {
  const told = orNearest(sentence, written.slice(0, MAX_SHOWN), known);
  return told.endsWith('?') ? told : undefined;
}

function shown(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : text;
}
