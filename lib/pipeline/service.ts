import { Hono } from 'hono/tiny';
import { authenticate } from '#lib/auth/authenticate.ts';
import { SignatureError } from '#lib/auth/signatureError.ts';
import type { Call, Signatory } from '#lib/call.ts';
import type { Deps } from '#lib/deps.ts';
import type { Failure, Parameters, Rendered } from '#lib/dialects/dialect.ts';
import { answerTo, Refusal } from '#lib/errors.ts';
import type { Context, Operation } from '#lib/pipeline/declaration.ts';
import { addressed, beginExchange, type Exchange, recordExchange } from '#lib/pipeline/exchange.ts';
import { inputOf } from '#lib/pipeline/input.ts';
import { mutate } from '#lib/pipeline/mutate.ts';
import { findOffered, type Offer } from '#lib/pipeline/offer.ts';
import { receiveBody } from '#lib/pipeline/receive.ts';
import { routeOf } from '#lib/pipeline/route.ts';
import { metered } from '#lib/table/meter.ts';

/** What each request comes with, from whoever runs the app: the function's entry, the emulator, a test. */
export interface Env {
  Bindings: { readonly deps: Deps; readonly sourceIp: string };
}

/** A Hono app that serves what is offered, at its direct paths and, at any other, by Action and Version. */
export function service(offers: readonly Offer[]): Hono<Env> {
  return new Hono<Env>().all('*', async ({ req, env }) => {
    const exchange = beginExchange(req.raw, offers, env.deps.ports);
    const { status, headers, body } = await metered(exchange.usage, () => serve(exchange, offers, req.raw, env));
    return new Response(body, { status, headers });
  });
}

/** One request from bytes to bytes. The order of the steps is the security model: none runs unless those before it passed. */
async function serve(
  exchange: Exchange,
  offers: readonly Offer[],
  request: Request,
  { deps, sourceIp }: Env['Bindings'],
): Promise<Rendered> {
  try {
    await receive(exchange, request);
    const operation = await find(exchange, offers);
    await verify(exchange, deps);
    const caller = admit(exchange, operation);
    const parameters = operation.product.dialect.parameters(exchange.request);
    const input = inputOf(operation.input, parameters);
    const call = callOf(exchange, operation, caller, sourceIp, deps);
    const rendered = await run(operation, { input, call, deps }, exchange, parameters);
    recordExchange(exchange, deps.ports, { status: rendered.status, code: 'OK' });
    return rendered;
  } catch (error) {
    const failure = failureOf(error, exchange);
    recordExchange(exchange, deps.ports, failure, error);
    return exchange.dialect.failure(failure, addressed(exchange));
  }
}

async function receive(exchange: Exchange, request: Request): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'POST') {
    throw new Refusal('MethodNotAllowed', { method: request.method });
  }
  exchange.request = { ...exchange.request, body: await receiveBody(request) };
  exchange.route = routeOf(exchange.request);
}

async function find(exchange: Exchange, offers: readonly Offer[]): Promise<Operation> {
  const { action, needsVersion, version } = exchange.route;
  if (!action) throw new Refusal('ActionMissing', { parameter: 'Action' });
  if (!version && needsVersion) throw new Refusal('ActionMissing', { parameter: 'Version' });
  const operation = await findOffered(exchange.route, offers);
  if (operation === undefined) throw new Refusal('ActionUnknown', { action, version: version ?? '' });
  exchange.operation = operation;
  exchange.dialect = operation.product.dialect;
  return operation;
}

async function verify(exchange: Exchange, { keyring, nonces, ports }: Deps): Promise<void> {
  const { secretOf } = keyring;
  const { vendor } = exchange.dialect;
  const identity = await authenticate(exchange.request, { secretOf, now: ports.wallNow(), vendor });
  if ('nonce' in identity) nonces.use(identity.keyId, identity.nonce);
  exchange.identity = identity;
  exchange.caller = await keyring.callerOf(identity.keyId);
}

function admit({ caller }: Exchange, { access, action, product }: Operation): Signatory {
  if (caller !== undefined && (access === 'anyone' || caller.kind === access)) return caller;
  throw new Refusal(access === 'operator' ? 'CallerNotOperator' : 'CallerNotAccount', {
    product: product.name,
    action,
  });
}

function callOf(
  { requestId }: Exchange,
  { action }: Operation,
  caller: Signatory,
  sourceIp: string,
  { ports }: Deps,
): Call {
  const nowMs = ports.now();
  return { requestId, action, caller, sourceIp, nowMs, newEventId: () => ports.ids.eventId(nowMs) };
}

async function run(
  operation: Operation,
  context: Context<Operation['input']>,
  exchange: Exchange,
  parameters: Parameters,
): Promise<Rendered> {
  const render = (output: object) => {
    const body = operation.envelope(output, { requestId: exchange.requestId, parameters });
    return operation.product.dialect.success(body, addressed(exchange));
  };
  if (operation.effect === 'read') return render(await operation.run(context));
  return mutate(operation, context, exchange, parameters, render);
}

function failureOf(error: unknown, { dialect, operation }: Exchange): Failure {
  if (error instanceof SignatureError) return error;
  const refusal = error instanceof Refusal ? error : new Refusal('Internal', {});
  return { ...answerTo(operation?.catalogue ?? dialect.errors, refusal), reason: refusal.reason };
}
