import type { Context, MiddlewareHandler } from 'hono';
import type { Identity } from '#lib/auth/authenticate.ts';
import type { Readable, Received } from '#lib/auth/received.ts';
import type { Access, CallBy, Signatory } from '#lib/call.ts';
import type { Deps } from '#lib/deps.ts';
import type { Addressed, Dialect, Rendered } from '#lib/dialects/dialect.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import type { Outcome } from '#lib/pipeline/failure.ts';
import { dialectOf, MAX_SHOWN, type Offer, type Route, routeOf } from '#lib/pipeline/route.ts';
import { callMetrics } from '#lib/ports.ts';
import { metered, type Usage, unused } from '#lib/table/requests.ts';

/** A request whose operation is known. */
export interface Routed {
  readonly received: Readable;
  readonly operation: Operation;
  /** The version of its product that it is called in. */
  readonly version: string;
}

/** A request whose signature is verified. */
export interface Verified extends Routed {
  readonly identity: Identity;
  readonly signatory: Signatory;
}

/** A request whose signatory may call the operation. */
export interface Admitted extends Verified {
  readonly call: CallBy<Access>;
  /** How long it may still take before it is given up as `Busy`. */
  readonly remainingMs: () => number;
}

/** What each request comes with, and what is noted on its way for its answer and its log record. */
export interface Env {
  Bindings: { readonly deps: Deps; readonly received: Received };
  Variables: {
    /** By the wall's clock, epoch ms. */
    startedMs: number;
    requestId: string;
    route: Route;
    /** The dialect of the answer. */
    dialect: Dialect;
    /** Absent until an operation is found. */
    operation?: Operation;
    /** The version that it is called in, once it is found. */
    version?: string;
    /** Absent until the signature is verified. */
    verified?: Verified;
    /** What an operator's mutation acts on. */
    target?: string | undefined;
    /** Present if the call fails. */
    outcome?: Outcome;
  };
}

/** How much of what a client has made up a record holds. */
const MAX_LOGGED = 64;

/** Counts the requests that a call makes to the table, and logs the call. */
export const recorded: MiddlewareHandler<Env> = async (c, next) => {
  const usage = unused();
  c.set('startedMs', c.env.deps.ports.wallNow());
  await metered(usage, next);
  recordCall(c, usage);
};

/** Reads the route, chooses the dialect, and gives the request an id in that dialect's form. */
export function routed(offers: readonly Offer[]): MiddlewareHandler<Env> {
  const products = offers.map(({ product }) => product);
  return async (c, next) => {
    const { deps, received } = c.env;
    // Hono ignores a trailing slash; the HTTP API of a deployment does not.
    const route = routeOf(received, received.path.endsWith('/') ? {} : c.req.param());
    const dialect = dialectOf(route, received, products);
    c.set('route', route);
    c.set('dialect', dialect);
    c.set('requestId', dialect.newRequestId(deps.ports));
    await next();
  };
}

/**
 * Hono passes an answer on as it is, and nobody reads more of it than a rendered one has. Objects of the Fetch API would cost each call
 * some of its time, and a fresh function's first call a quarter.
 */
export function asResponse(rendered: Rendered): Response {
  return rendered as unknown as Response;
}

/** What an answer has to name. */
export function addressed({ env, get }: Context<Env>): Addressed {
  const route = get('route');
  const { identity } = get('verified') ?? {};
  return {
    request: env.received,
    requestId: get('requestId'),
    action: route.action?.slice(0, MAX_SHOWN),
    version: get('version') ?? route.version?.slice(0, MAX_SHOWN),
    region: identity && 'region' in identity ? identity.region : undefined,
    defaultFormat: get('operation')?.product.defaultFormat,
  };
}

/**
 * Logs one structured record of the call: method and path, caller, operation, target, outcome, duration in ms, and use of the table. Never
 * a secret or a signature. It carries metrics only if the operation is known, so that callers cannot make up dimensions.
 */
function recordCall({ env, error, get, res }: Context<Env>, usage: Usage): void {
  const { ports } = env.deps;
  const operation = get('operation');
  const outcome = get('outcome') ?? { status: res.status, code: 'OK' };
  const isFault = res.status >= 500;
  const signatory = get('verified')?.signatory;
  const { method, path } = env.received;
  ports.log({
    level: isFault || outcome.undeclared ? 'error' : 'info',
    requestId: get('requestId'),
    method: method.slice(0, MAX_LOGGED),
    path: path.slice(0, MAX_LOGGED),
    product: operation?.product.name,
    action: operation?.action ?? get('route').action?.slice(0, MAX_LOGGED),
    keyId: signatory?.keyId,
    uid: signatory?.kind === 'account' ? signatory.uid : undefined,
    target: get('target'),
    ...outcome,
    ...usage,
    durationMs: ports.wallNow() - get('startedMs'),
    ...(operation && callMetrics(isFault, ports)),
    ...(isFault && error && { error: error.stack, cause: error.cause }),
  });
}
