import { opensObject } from '#lib/auth/encoding.ts';
import { headerOf, type Received } from '#lib/auth/received.ts';
import { alibaba } from '#lib/dialects/alibaba/dialect.ts';
import type { Dialect } from '#lib/dialects/dialect.ts';
import { volcengine } from '#lib/dialects/volcengine/dialect.ts';
import { Refusal } from '#lib/errors.ts';
import type { Common, Operation } from '#lib/pipeline/declaration.ts';
import { namedIn } from '#lib/pipeline/named.ts';
import type { Product } from '#lib/products/product.ts';

/** How many characters of a path, an action or a version an answer repeats. */
const MAX_SHOWN = 128;

/** The path of one operation as Hono matches it. At any other path, Action and Version name the operation. */
export const directPath = '/:product{[a-z]+}/:action{[A-Za-z]+}';

/** The names in a direct path; of any other path both are absent. */
interface PathNames {
  readonly product?: string;
  readonly action?: string;
}

/** Which operation a request asks for. */
export interface Route {
  readonly product: string | undefined;
  readonly action: string | undefined;
  readonly version: string | undefined;
  /** Whether the version is required: at every path but a direct one, and where the signature does not cover the path. */
  readonly needsVersion: boolean;
  /** Whether the path names another action than the request. */
  readonly isContradictory: boolean;
}

/**
 * Reads the route from what the signature covers (docs/vendors/wire.md 1). Action and Version are in the headers of ACS3,
 * in the query of Volcengine, in the query or form of the other schemes; never in a JSON body. RPC 1.0 does not sign the
 * path, so there the names decide, and the path must agree. Where the path is signed, a direct path decides alone, because
 * an operation may have a parameter called `Action` (docs/vendors/volcengine-billing.md 3).
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

/** The dialect of the answer: that of the product named, else that of the signature's scheme. */
export function dialectOf(route: Route, { scheme }: Received, products: readonly Offered[]): Dialect {
  const named = products.find((product) => isOfProduct(route, product));
  if (named) return named.dialect;
  return scheme === 'volcengine' || scheme === 'volcengineQuery' ? volcengine : alibaba;
}

/** What of an operation tells its versions apart. */
type Versioned = Pick<Common, 'product' | 'versions'>;

/** Every version of a product, the one first that a call is of which names none. */
export function productVersions({ furtherVersions = [], version }: Offered): string[] {
  return [version, ...furtherVersions];
}

/** The versions in which an operation exists, in the order of its product's. */
export function versionsOf({ product, versions }: Versioned): string[] {
  return productVersions(product).filter((version) => versions === undefined || Object.hasOwn(versions, version));
}

/** The version that a call of an operation is of: the first one if it names none. Undefined if the operation does not exist in it. */
export function versionNamed(operation: Versioned, named: string | undefined): string | undefined {
  const own = versionsOf(operation);
  return !named ? own[0] : own.find((version) => version === named);
}

/** Whether the route names the product, by its path or else by one of its versions. */
function isOfProduct({ product: named, version = '' }: Route, product: Offered): boolean {
  return named === undefined ? productVersions(product).includes(version) : product.name === named;
}

/** What tells a product from others, before any of its operations is loaded. */
type Offered = Pick<Product, 'name' | 'version' | 'furtherVersions' | 'dialect'>;

/** A product that a service offers. */
export interface Offer {
  readonly product: Offered;
  /** Its operations by action, each loaded when it is first asked for. */
  readonly operations: ReadonlyMap<string, () => Promise<Operation>>;
}

/** One offer for each product of some loaded operations. */
export function offersOf(operations: readonly Operation[]): Offer[] {
  const products = [...new Set(operations.map(({ product }) => product))];
  return products.map((product) => {
    const own = operations.filter((one) => one.product === product);
    return { product, operations: new Map(own.map((one) => [one.action, async () => one])) };
  });
}

/** An operation, and the version of its product that it is called in. */
export interface Found {
  readonly operation: Operation;
  readonly version: string;
}

/**
 * The operation of a route. Loads no other. Throws `ActionMissing`, `ActionUnknown`, `PathUnknown` for an unknown path
 * without an action, or `BodyUnreadable` where the action may be in a form that is not sent as one.
 */
export async function find(route: Route, request: Received, offers: readonly Offer[]): Promise<Found> {
  const { path } = request;
  const { action, needsVersion, product: named, version = '' } = route;
  if (!action && path === '/' && mayHoldNames(request)) {
    throw new Refusal('BodyUnreadable', { mediaType: headerOf(request, 'content-type') ?? 'none' });
  }
  if (!action && named === undefined && path !== '/') {
    throw new Refusal('PathUnknown', { path: shown(path) });
  }
  if (!action) throw new Refusal('ActionMissing', { parameter: 'Action' });
  if (!version && needsVersion) throw new Refusal('ActionMissing', { parameter: 'Version' });
  for (const { product, operations } of offers) {
    const load = !route.isContradictory && isOfProduct(route, product) ? operations.get(action) : undefined;
    const operation = await load?.();
    const called = operation && versionNamed(operation, route.version);
    if (operation && called !== undefined) return { operation, version: called };
  }
  throw new Refusal('ActionUnknown', { action: shown(action), version: shown(version) });
}

/**
 * The operation that a call refused for its path names by its parameters, where no signature covers the path: at
 * another path the same bytes would call it. Undefined if there is none among the offers.
 */
export async function findElsewhere(
  route: Route,
  request: Received,
  offers: readonly Offer[],
): Promise<Found | undefined> {
  if (request.scheme !== 'rpc' || route.product === undefined) return undefined;
  return find({ ...route, product: undefined, isContradictory: false }, request, offers).catch(() => undefined);
}

/** As much as an answer repeats of a name that somebody has made up. */
export function shown(name: string): string {
  return name.slice(0, MAX_SHOWN);
}

/** Whether a body is neither a form nor JSON, in a request that may name its operation in a form. */
function mayHoldNames({ body, content, method, scheme }: Received): boolean {
  const isRead = content === 'none' || content === 'form' || opensObject(body);
  return method === 'POST' && !isRead && (scheme === 'none' || scheme === 'rpc' || scheme === 'sigv4');
}
