import type { RawRequest } from '#lib/auth/authenticate.ts';
import { decodePairs, type Pair, pairsOf, splitUrl } from '#lib/auth/encoding.ts';
import { isRpc } from '#lib/auth/rpc.ts';
import { isVolcengineQuery } from '#lib/auth/volcengineQuery.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';

/** What a request asks for, by its path, by name, or by both: then they must agree. */
export interface Route {
  readonly product: string | undefined;
  readonly action: string | undefined;
  readonly version: string | undefined;
  /** The action of the path, where a name stands beside it that must be the same. */
  readonly pathAction: string | undefined;
  /** Whether the signature covers the path, so that a direct one needs no version beside it. */
  readonly isPathSigned: boolean;
}

const directPath = /^\/([a-z]+)\/([A-Za-z]+)$/;

/**
 * Reads what a request asks for from what its signature covers (reference wire 1). Names stand in the headers of ACS3, in the query
 * of Volcengine, among the parameters of query and form of the others; a JSON body never names an operation. Of RPC 1.0 the names
 * are all that is signed, and its path must agree. Of a direct path under the other schemes nothing else is asked: there a
 * parameter may be called `Action` (reference volcengine-billing 3).
 */
export function routeOf(request: RawRequest): Route {
  const [, product, pathAction] = directPath.exec(splitUrl(request.url).path) ?? [];
  const scheme = schemeOf(request);
  const { action, version } = namedIn(request, scheme);
  const isPathSigned = scheme !== 'rpc';
  if (scheme === 'rpc' || scheme === 'acs3') return { product, action, version, pathAction, isPathSigned };
  return { product, action: pathAction ?? action, version, pathAction: undefined, isPathSigned };
}

/** Whether the operation is the one asked for; path and names must not contradict each other. */
export function isRouted({ product, pathAction, action, version }: Route, operation: Operation): boolean {
  if (operation.action !== action || action !== (pathAction ?? action)) return false;
  if (product === undefined) return operation.product.version === version;
  return operation.product.name === product && (version ?? operation.product.version) === operation.product.version;
}

/** By which scheme a request is signed, as far as that decides where it names its operation. */
type Scheme = 'acs3' | 'rpc' | 'volcengine' | 'other' | 'none';

function schemeOf(request: RawRequest): Scheme {
  const authorization = request.headers.get('authorization');
  if (authorization?.startsWith('ACS3-')) return 'acs3';
  if (authorization !== null) return authorization.startsWith('HMAC-SHA256 ') ? 'volcengine' : 'other';
  if (isVolcengineQuery(queryOf(request))) return 'volcengine';
  return isRpc(pairsOf(request)) ? 'rpc' : 'none';
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
  const pairs = scheme === 'volcengine' ? queryOf(request) : pairsOf(request);
  const { action, version } = { action: valueIn(pairs, 'Action'), version: valueIn(pairs, 'Version') };
  if (scheme !== 'none') return { action, version };
  // A request that is not signed is refused; its headers only choose in which words.
  return { action: action ?? byHeader.action, version: version ?? byHeader.version };
}

function queryOf({ url }: RawRequest): Pair[] {
  return decodePairs(splitUrl(url).query) ?? [];
}

function valueIn(pairs: readonly Pair[], wanted: string): string | undefined {
  return pairs.find(([name]) => name === wanted)?.[1];
}
