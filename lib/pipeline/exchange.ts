import type { Identity, RawRequest } from '#lib/auth/authenticate.ts';
import { schemeOf } from '#lib/auth/scheme.ts';
import { actingUid, type Signatory } from '#lib/call.ts';
import { alibaba } from '#lib/dialects/alibaba/dialect.ts';
import type { Addressed, Dialect, Failure } from '#lib/dialects/dialect.ts';
import { volcengine } from '#lib/dialects/volcengine/dialect.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { callMetrics } from '#lib/pipeline/metrics.ts';
import type { Offer } from '#lib/pipeline/offer.ts';
import { isOfProduct, type Route, routeOf } from '#lib/pipeline/route.ts';
import type { Ports } from '#lib/ports.ts';
import { type Usage, unused } from '#lib/table/meter.ts';

/** One request on its way, as far as it has come: what its answer and its log record have to name. */
export interface Exchange {
  readonly requestId: string;
  readonly startedMs: number;
  readonly usage: Usage;
  /** Whose words it is answered in: the operation's dialect once that is found, until then the one it looks like. */
  dialect: Dialect;
  request: RawRequest;
  route: Route;
  operation?: Operation;
  identity?: Identity;
  caller?: Signatory;
}

/** Begins an exchange before anything of the body is read. */
export function beginExchange({ headers, method, url }: Request, offers: readonly Offer[], ports: Ports): Exchange {
  const pathAndQuery = url.slice(url.indexOf('/', url.indexOf('://') + 3));
  const request = { method, url: pathAndQuery, headers, body: new Uint8Array() };
  const route = routeOf(request);
  const dialect = dialectOf(route, request, offers);
  return {
    requestId: dialect.newRequestId(ports),
    startedMs: ports.wallNow(),
    usage: unused(),
    dialect,
    request,
    route,
  };
}

/** What the dialect has to name in its answer. */
export function addressed({ identity, operation, request, requestId, route }: Exchange): Addressed {
  return {
    request,
    requestId,
    action: route.action,
    version: operation?.product.version ?? route.version,
    region: identity && 'region' in identity ? identity.region : undefined,
  };
}

/**
 * One structured record of the call: who asked for what, what came of it, how long it took (ms), what it asked of the table.
 * Never a secret or signature. It is counted as metrics once the operation is known: a caller must not make up dimensions.
 */
export function recordExchange(
  { caller, operation, requestId, route, startedMs, usage }: Exchange,
  ports: Ports,
  { status, code }: Pick<Failure, 'status' | 'code'>,
  error?: unknown,
): void {
  const isFault = status >= 500;
  const durationMs = ports.wallNow() - startedMs;
  ports.log({
    level: isFault ? 'error' : 'info',
    requestId,
    product: operation?.product.name,
    action: operation?.action ?? route.action?.slice(0, 64),
    keyId: caller?.keyId,
    uid: caller && actingUid(caller),
    status,
    code,
    ...usage,
    durationMs,
    ...(operation && callMetrics(isFault, ports)),
    ...(isFault && error instanceof Error && { error: error.stack, cause: error.cause }),
  });
}

function dialectOf(route: Route, request: RawRequest, offers: readonly Offer[]): Dialect {
  const named = offers.find(({ product }) => isOfProduct(route, product));
  if (named) return named.product.dialect;
  return schemeOf(request).startsWith('volcengine') ? volcengine : alibaba;
}
