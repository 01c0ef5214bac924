import { Hono } from 'hono';
import { authenticate, type RawRequest } from '#lib/auth/authenticate.ts';
import { SignatureError } from '#lib/auth/signatureError.ts';
import { actingUid, type Call, type Caller } from '#lib/call.ts';
import type { Deps } from '#lib/deps.ts';
import { alibaba } from '#lib/dialects/alibaba/dialect.ts';
import type { Dialect, Failure } from '#lib/dialects/dialect.ts';
import { answerTo, Refusal } from '#lib/errors.ts';
import { inputOf } from '#lib/input.ts';
import type { Context, Operation } from '#lib/operation.ts';
import { receiveBody } from '#lib/receive.ts';
import { isRouted, type Route, routeOf } from '#lib/route.ts';
import { commit, IdTaken, type Write } from '#lib/store/commit.ts';
import { useNonce } from '#lib/store/nonces.ts';

/** What each request comes with, from whoever runs the app: the function's entry, the emulator, a test. */
export interface Env {
  Bindings: { readonly deps: Deps; readonly sourceIp: string };
}

/** A Hono app that serves these operations, at their direct paths and, at any other, by Action and Version. */
export function service(operations: readonly Operation[]): Hono<Env> {
  return new Hono<Env>().all('*', ({ req, env }) => serve(operations, req.raw, env));
}

/** One request on its way, as far as it has come: what its answer and its log record have to name. */
interface Exchange {
  readonly requestId: string;
  readonly startedMs: number;
  request: RawRequest;
  route: Route;
  operation?: Operation;
  caller?: Caller;
}

/** One request from bytes to bytes. The order of the steps is the security model: none runs unless those before it passed. */
async function serve(
  operations: readonly Operation[],
  request: Request,
  { deps, sourceIp }: Env['Bindings'],
): Promise<Response> {
  const exchange = begin(request, deps);
  try {
    await receive(exchange, request);
    const operation = find(exchange, operations);
    const nonce = await verify(exchange, deps);
    const caller = admit(exchange, operation);
    const parameters = operation.product.dialect.parameters(exchange.request);
    const input = inputOf(operation.input, parameters);
    const call = callOf(exchange, operation, caller, sourceIp, deps);
    const output = await run(operation, { input, call, deps }, nonce);
    const body = operation.envelope(output, { requestId: exchange.requestId, parameters });
    const response = operation.product.dialect.success(body, addressed(exchange));
    record(exchange, deps, { status: response.status, code: 'OK' });
    return response;
  } catch (error) {
    const dialect = exchange.operation?.product.dialect ?? alibaba;
    const failure = failureOf(error, dialect);
    record(exchange, deps, failure, error);
    return dialect.failure(failure, addressed(exchange));
  }
}

function begin({ headers, method, url }: Request, { ports }: Deps): Exchange {
  const pathAndQuery = url.slice(url.indexOf('/', url.indexOf('://') + 3));
  const request = { method, url: pathAndQuery, headers, body: new Uint8Array() };
  return { requestId: ports.ids.requestId(), startedMs: ports.wallNow(), request, route: routeOf(request) };
}

async function receive(exchange: Exchange, request: Request): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'POST') {
    throw new Refusal('MethodNotAllowed', { method: request.method });
  }
  exchange.request = { ...exchange.request, body: await receiveBody(request) };
  exchange.route = routeOf(exchange.request);
}

function find(exchange: Exchange, operations: readonly Operation[]): Operation {
  const { action, product, version } = exchange.route;
  if (action === undefined) throw new Refusal('ActionMissing', { parameter: 'Action' });
  if (version === undefined && product === undefined) throw new Refusal('ActionMissing', { parameter: 'Version' });
  const operation = operations.find((candidate) => isRouted(exchange.route, candidate));
  if (operation === undefined) throw new Refusal('ActionUnknown', { action, version: version ?? '' });
  exchange.operation = operation;
  return operation;
}

interface UsedNonce {
  readonly keyId: string;
  readonly nonce: string;
}

async function verify(exchange: Exchange, { keyring, nonces, ports }: Deps): Promise<UsedNonce | undefined> {
  const identity = await authenticate(exchange.request, { secretOf: keyring.secretOf, now: ports.wallNow() });
  const { keyId } = identity;
  const nonce = 'nonce' in identity ? identity.nonce : undefined;
  if (nonce !== undefined) nonces.use(keyId, nonce);
  exchange.caller = await keyring.callerOf(keyId);
  return nonce === undefined ? undefined : { keyId, nonce };
}

function admit({ caller }: Exchange, { access }: Operation): Caller {
  if (caller?.kind === access) return caller;
  throw access === 'operator' ? new Refusal('CallerNotOperator', {}) : new Refusal('CallerNotAccount', {});
}

function callOf(
  { requestId }: Exchange,
  { action }: Operation,
  caller: Caller,
  sourceIp: string,
  { ports }: Deps,
): Call {
  const nowMs = ports.now();
  return { requestId, action, caller, sourceIp, nowMs, eventId: ports.ids.eventId(nowMs) };
}

const MAX_RUNS = 5;

async function run(
  operation: Operation,
  context: Context<Operation['input']>,
  used: UsedNonce | undefined,
): Promise<object> {
  if (operation.effect === 'read') return operation.run(context);
  const { ports, table } = context.deps;
  const nonce: Write = used ? [useNonce(used.keyId, used.nonce, ports.wallNow())] : [];
  for (let runs = 0; runs < MAX_RUNS; runs++) {
    const { output, write } = await operation.run(context);
    try {
      await commit(table, ports.pause, [...nonce, ...write]);
      return output;
    } catch (error) {
      if (!(error instanceof IdTaken)) throw error;
    }
  }
  throw new Refusal('Busy', {});
}

function addressed({ request, requestId, route, operation }: Exchange) {
  return { request, requestId, action: route.action, version: operation?.product.version ?? route.version };
}

function failureOf(error: unknown, { errors }: Dialect): Failure {
  if (error instanceof SignatureError) return error;
  const refusal = error instanceof Refusal ? error : new Refusal('Internal', {});
  return { ...answerTo(errors, refusal), reason: refusal.reason };
}

function record(
  exchange: Exchange,
  { ports }: Deps,
  { status, code }: Pick<Failure, 'status' | 'code'>,
  error?: unknown,
): void {
  const { caller, operation, requestId, route, startedMs } = exchange;
  const fault = status >= 500 && error instanceof Error ? { error: error.stack, cause: error.cause } : {};
  ports.log({
    level: status >= 500 ? 'error' : 'info',
    requestId,
    product: operation?.product.name,
    action: operation?.action ?? route.action?.slice(0, 64),
    keyId: caller?.keyId,
    uid: caller && actingUid(caller),
    status,
    code,
    durationMs: ports.wallNow() - startedMs,
    ...fault,
  });
}
