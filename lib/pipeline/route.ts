import type { RawRequest } from '#lib/auth/authenticate.ts';
import { type Pair, pairsOf, splitUrl } from '#lib/auth/encoding.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';

/** What a request asks for, by its path or by name. */
export interface Route {
  readonly product: string | undefined;
  readonly action: string | undefined;
  readonly version: string | undefined;
}

const directPath = /^\/([a-z]+)\/([A-Za-z]+)$/;

/**
 * Reads what a request asks for. `/<product>/<Action>` names it by path. Else the headers of ACS3 do, or else the
 * parameters `Action` and `Version` of the query or a form body (reference wire 1); a JSON body never routes.
 */
export function routeOf(request: RawRequest): Route {
  const [, product, pathAction] = directPath.exec(splitUrl(request.url).path) ?? [];
  const { action = pathAction, version } = namedIn(request);
  return { product, action: pathAction ?? action, version };
}

/** Whether the operation is the one asked for; a direct path needs no version, but must not contradict the one it gives. */
export function isRouted({ product, action, version }: Route, operation: Operation): boolean {
  if (operation.action !== action) return false;
  if (product === undefined) return operation.product.version === version;
  return operation.product.name === product && (version ?? operation.product.version) === operation.product.version;
}

function namedIn(request: RawRequest): { action?: string | undefined; version?: string | undefined } {
  const { headers } = request;
  const byHeader = {
    action: headers.get('x-acs-action') ?? undefined,
    version: headers.get('x-acs-version') ?? undefined,
  };
  if (headers.get('authorization')?.startsWith('ACS3-')) return byHeader;
  const pairs = pairsOf(request);
  const action = valueIn(pairs, 'Action') ?? byHeader.action;
  return { action, version: valueIn(pairs, 'Version') ?? byHeader.version };
}

function valueIn(pairs: readonly Pair[], wanted: string): string | undefined {
  return pairs.find(([name]) => name === wanted)?.[1];
}
