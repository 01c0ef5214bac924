import type { Context, MiddlewareHandler } from 'hono';
import type { Received } from '#lib/auth/received.ts';
import type { Deps } from '#lib/deps.ts';
import type { Addressed, Dialect } from '#lib/dialects/dialect.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import type { Outcome } from '#lib/pipeline/failure.ts';
import { dialectOf, type Offer, type Route, routeOf, type Verified } from '#lib/pipeline/route.ts';
import { callMetrics } from '#lib/ports.ts';
import { metered, type Usage, unused } from '#lib/table/requests.ts';

/** What each request comes with, from whoever runs the app, and what its answer and its log record have to name. */
export interface Env {
  Bindings: { readonly deps: Deps; readonly received: Received };
  Variables: {
    /** The wall's time, epoch ms. */
    startedMs: number;
    requestId: string;
    route: Route;
    /** Whose words the request is answered in. */
    dialect: Dialect;
    /** As far as the call has come. */
    operation?: Operation;
    verified?: Verified;
    /** What an operator's mutation acts on. */
    target?: string | undefined;
    /** What the failure that is answered is recorded as. */
    outcome?: Outcome;
  };
}

/** Around every call: counts what it asks of the table, and leaves one record of it. */
export const recorded: MiddlewareHandler<Env> = async (c, next) => {
  const usage = unused();
  c.set('startedMs', c.env.deps.ports.wallNow());
  await metered(usage, next);
  recordCall(c, usage);
};

/** Reads the route, and gives the request its id in the form of the dialect it is answered in. */
export function routed(offers: readonly Offer[]): MiddlewareHandler<Env> {
  const products = offers.map(({ product }) => product);
  return async (c, next) => {
    const { deps, received } = c.env;
    // Hono overlooks a slash at the end of a path; the gateway of a deployment does not.
    const route = routeOf(received, received.path.endsWith('/') ? {} : c.req.param());
    const dialect = dialectOf(route, received, products);
    c.set('route', route);
    c.set('dialect', dialect);
    c.set('requestId', dialect.newRequestId(deps.ports));
    await next();
  };
}

/** What the dialect has to name in its answer. */
export function addressed({ env, var: { operation, requestId, route, verified } }: Context<Env>): Addressed {
  const { identity } = verified ?? {};
  return {
    request: env.received,
    requestId,
    action: route.action,
    version: operation?.product.version ?? route.version,
    region: identity && 'region' in identity ? identity.region : undefined,
    defaultFormat: operation?.product.defaultFormat,
  };
}

/**
 * One structured record of the call: who asked for what, of whom, what came of it, how long it took (ms), what it asked of the table.
 * Never a secret or signature. It is counted as metrics once the operation is known: a caller must not make up dimensions.
 */
function recordCall({ env, error, res, var: call }: Context<Env>, usage: Usage): void {
  const { ports } = env.deps;
  const { operation, requestId, route, startedMs, target, verified } = call;
  const { outcome = { status: res.status, code: 'OK' } } = call;
  const isFault = res.status >= 500;
  const signatory = verified?.signatory;
  ports.log({
    level: isFault || outcome.undeclared ? 'error' : 'info',
    requestId,
    product: operation?.product.name,
    action: operation?.action ?? route.action?.slice(0, 64),
    keyId: signatory?.keyId,
    uid: signatory?.kind === 'account' ? signatory.uid : undefined,
    target,
    ...outcome,
    ...usage,
    durationMs: ports.wallNow() - startedMs,
    ...(operation && callMetrics(isFault, ports)),
    ...(isFault && error && { error: error.stack, cause: error.cause }),
  });
}
