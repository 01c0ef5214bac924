import type { RawRequest } from '#lib/auth/authenticate.ts';
import { decodePairs, type Pair, pairsOf, splitUrl } from '#lib/auth/encoding.ts';
import { type Scheme, schemeOf } from '#lib/auth/scheme.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import type { Product } from '#lib/products/product.ts';

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

const directPath = /^\/([a-z]+)\/([A-Za-z]+)$/;

/**
 * Reads what a request asks for from what its signature covers (reference wire 1). Names stand in the headers of ACS3, in the query
 * of Volcengine, among the parameters of query and form of the others; a JSON body never names an operation. Of RPC 1.0 the names
 * are all that is signed, and its path must agree. Of a direct path under the schemes that cover it nothing else is asked: there a
 * parameter may be called `Action` (reference volcengine-billing 3).
 */
export function routeOf(request: RawRequest): Route {
  const [, product, pathAction] = directPath.exec(splitUrl(request.url).path) ?? [];
  const scheme = schemeOf(request);
  const { action: name, version } = namedIn(request, scheme);
  const isNamed = scheme === 'acs3' || scheme === 'rpc';
  return {
    product,
    action: isNamed ? name : (pathAction ?? name),
    version,
    needsVersion: product === undefined || scheme === 'rpc',
    isContradictory: isNamed && pathAction !== undefined && pathAction !== name,
  };
}

/** Whether the product is the one named: by the path or, at the door, by the version. */
export function isOfProduct({ product, version }: Route, { name, version: own }: Product): boolean {
  return product === undefined ? own === version : name === product;
}

/** Whether the operation is the one asked for. */
export function isRouted(route: Route, { action, product }: Operation): boolean {
  if (route.isContradictory || route.action !== action || !isOfProduct(route, product)) return false;
  return (route.version ?? product.version) === product.version;
}

interface Named {
  readonly action?: string | undefined;
  readonly version?: string | undefined;
}

function namedIn(request: RawRequest, scheme: Scheme): Named {
  const { headers } = request;
  const byHeader = {
    action: headers.get('x-acs-action') ?? undefined,
    version: headers.get('x-acs-version') ?? undefined,
  };
  if (scheme === 'acs3') return byHeader;
  const isInQuery = scheme === 'volcengine' || scheme === 'volcengineQuery';
  const pairs = isInQuery ? (decodePairs(splitUrl(request.url).query) ?? []) : pairsOf(request);
  const { action, version } = { action: valueIn(pairs, 'Action'), version: valueIn(pairs, 'Version') };
  if (scheme !== 'none') return { action, version };
  // A request that is not signed is refused; its headers only choose in which words.
  return { action: action ?? byHeader.action, version: version ?? byHeader.version };
}

function valueIn(pairs: readonly Pair[], wanted: string): string | undefined {
  return pairs.find(([name]) => name === wanted)?.[1];
}
