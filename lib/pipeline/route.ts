import type { Identity, Refusals } from '#lib/auth/authenticate.ts';
import { type Pair, valueIn } from '#lib/auth/encoding.ts';
import { headerOf, type Readable, type Received } from '#lib/auth/received.ts';
import type { Access, CallBy, Signatory } from '#lib/call.ts';
import { alibaba } from '#lib/dialects/alibaba/dialect.ts';
import type { Dialect } from '#lib/dialects/dialect.ts';
import { volcengine } from '#lib/dialects/volcengine/dialect.ts';
import { Refusal } from '#lib/errors.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import type { Product } from '#lib/products/product.ts';

/** How much of a path that is at fault is told, in characters. */
const MAX_SHOWN = 128;

/** The path of one operation, as Hono matches it; at any other path Action and Version name the operation. */
export const directPath = '/:product{[a-z]+}/:action{[A-Za-z]+}';

/** A request whose operation is known. */
export interface Routed {
  readonly received: Readable;
  readonly operation: Operation;
}

/** One that is proven to be signed by a known key. */
export interface Verified extends Routed {
  readonly identity: Identity;
  readonly signatory: Signatory;
  /** The words in which its scheme refuses a key. */
  readonly refusals: Refusals;
}

/** One whose signatory may call the operation. */
export interface Admitted extends Verified {
  readonly call: CallBy<Access>;
  /** How long it may still take before it is given up as `Busy`. */
  readonly remainingMs: () => number;
}

/** What a direct path says; nothing of any other path. */
interface PathNames {
  readonly product?: string;
  readonly action?: string;
}

/** What a request asks for. */
export interface Route {
  readonly product: string | undefined;
  readonly action: string | undefined;
  readonly version: string | undefined;
  /** Whether the version has to be named: always at the door, and wherever the signature does not cover the path. */
  readonly needsVersion: boolean;
  /** Whether the path is that of another action than the one named. */
  readonly isContradictory: boolean;
}

/**
 * Reads what a request asks for from what its signature covers (docs/vendors/wire.md 1). Names stand in the headers of ACS3, in the
 * query of Volcengine, among the parameters of query and form of the others; a JSON body never names an operation. Of RPC 1.0 the
 * names are all that is signed, and its path must agree. At a direct path under the schemes that cover it nothing else is asked:
 * there a parameter may be called `Action` (docs/vendors/volcengine-billing.md 3).
 */
export function routeOf(request: Received, { product, action: pathAction }: PathNames): Route {
  const { scheme } = request;
  const { action: name, version } = namedIn(request);
  const isNamed = scheme === 'acs3' || scheme === 'rpc';
  return {
    product,
    action: isNamed ? name : (pathAction ?? name),
    version,
    needsVersion: product === undefined || scheme === 'rpc',
    isContradictory: isNamed && pathAction !== undefined && pathAction !== name,
  };
}

/** In whose words a request is answered: those of the product it names, else those of the scheme it looks signed by. */
export function dialectOf(route: Route, { scheme }: Received, products: readonly Product[]): Dialect {
  const named = products.find((product) => isOfProduct(route, product));
  if (named) return named.dialect;
  return scheme === 'volcengine' || scheme === 'volcengineQuery' ? volcengine : alibaba;
}

/** Whether the product is the one named: by the path or, at the door, by the version. */
function isOfProduct({ product, version }: Route, { name, version: own }: Product): boolean {
  return product === undefined ? own === version : name === product;
}

/** Whether the operation is the one asked for. */
function isRouted(route: Route, { action, product }: Operation): boolean {
  if (route.isContradictory || route.action !== action || !isOfProduct(route, product)) return false;
  return (route.version ?? product.version) === product.version;
}

/** A product that a service offers: known from the start, its operations when one of them is first asked for. */
export interface Offer {
  readonly product: Product;
  operations(): Promise<readonly Operation[]>;
}

/** Operations that are loaded, as offers: one for each product of theirs. */
export function offersOf(operations: readonly Operation[]): Offer[] {
  const products = [...new Set(operations.map(({ product }) => product))];
  return products.map((product) => {
    const own = operations.filter((one) => one.product === product);
    return { product, operations: async () => own };
  });
}

/**
 * The operation that is asked for. Loads only the product that the route names. Throws `ActionMissing`,
 * `ActionUnknown`, or `PathUnknown` where neither path nor names tell it.
 */
export async function find(route: Route, { path }: Received, offers: readonly Offer[]): Promise<Operation> {
  const { action, needsVersion, product: named, version = '' } = route;
  if (!action && named === undefined && path !== '/') {
    throw new Refusal('PathUnknown', { path: path.slice(0, MAX_SHOWN) });
  }
  if (!action) throw new Refusal('ActionMissing', { parameter: 'Action' });
  if (!version && needsVersion) throw new Refusal('ActionMissing', { parameter: 'Version' });
  for (const { product, operations } of offers) {
    if (!isOfProduct(route, product)) continue;
    const found = (await operations()).find((candidate) => isRouted(route, candidate));
    if (found !== undefined) return found;
  }
  throw new Refusal('ActionUnknown', { action, version });
}

interface Named {
  readonly action: string | undefined;
  readonly version: string | undefined;
}

function namedIn(request: Received): Named {
  switch (request.scheme) {
    case 'acs3':
      return namedInHeaders(request);
    case 'volcengine':
    case 'volcengineQuery':
      return namedAmong(request.queryPairs ?? []);
    case 'none': {
      // A request that is not signed is refused; its headers only choose in which words.
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
