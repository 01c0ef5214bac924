import type { Context as HonoContext } from 'hono';
import { Hono } from 'hono/tiny';
import { type NonceMemory, prove } from '#lib/auth/authenticate.ts';
import { BODY_LIMIT_BYTES, MAX_PARAMETERS, type Readable, type Received } from '#lib/auth/received.ts';
import type { Deps } from '#lib/deps.ts';
import type { Parameters, Rendered } from '#lib/dialects/dialect.ts';
import { inputOf } from '#lib/dialects/fields.ts';
import { Refusal } from '#lib/errors.ts';
import { failureOf } from '#lib/pipeline/failure.ts';
import { health, healthPath } from '#lib/pipeline/health.ts';
import {
  type Admitted,
  addressed,
  asResponse,
  type Env,
  type Routed,
  recorded,
  routed,
  type Verified,
} from '#lib/pipeline/middleware.ts';
import { mutate } from '#lib/pipeline/mutate.ts';
import { parametersOf } from '#lib/pipeline/named.ts';
import { refuseBeforehand, useUpQuietly } from '#lib/pipeline/refuseBeforehand.ts';
import { directPath, find, findElsewhere, type Offer } from '#lib/pipeline/route.ts';

/** A Hono app that serves the offers: each operation at its direct path and, at any other path, by Action and Version. */
export function service(offers: readonly Offer[]): Hono<Env> {
  return new Hono<Env>({ getPath: (_, options) => pathOf(options?.env?.received) })
    .get(healthPath, health)
    .use(recorded)
    .all(directPath, routed(offers), answer(offers))
    .all('*', routed(offers), answer(offers))
    .onError((error, c) => {
      const { failure, outcome } = failureOf(error, c.var.dialect, c.var.operation, c.var.version);
      c.set('outcome', outcome);
      return asResponse(c.var.dialect.failure(failure, addressed(c)));
    });
}

/**
 * What an app answers to a request. Some requests cannot be held by a Request of the Fetch API, so Hono gets an empty one,
 * and its routes, like everything else, read the request as it was received.
 */
export async function answerOf(app: Hono<Env>, received: Received, deps: Deps): Promise<Rendered> {
  return asRendered(await app.fetch(noRequest, { deps, received }));
}

/** One request from bytes to bytes. The order of the steps is the security model: none runs unless those before it passed. */
function answer(offers: readonly Offer[]) {
  return async (c: HonoContext<Env>): Promise<Response> => {
    const { deps, received } = c.env;
    accept(received);
    const start = { requestId: c.get('requestId'), startedMs: c.get('startedMs') };
    const { operation, version } = await find(c.get('route'), received, offers).catch(async (error: unknown) => {
      const found = await findElsewhere(c.get('route'), received, offers);
      if (found) await useUpQuietly(() => useUp(error, { received, ...found }, start, deps));
      throw error;
    });
    c.set('operation', operation);
    c.set('version', version);
    const verified = await verify({ received, operation, version }, start, deps);
    c.set('verified', verified);
    const admitted = admit(verified, start, deps);
    const success = (body: object) => operation.product.dialect.success(body, addressed(c));
    const noteTarget = (target: string | undefined) => c.set('target', target);
    let parameters: Parameters;
    try {
      parameters = parametersOf(received, operation, version);
    } catch (error) {
      return asResponse(await refuseBeforehand(error, admitted, deps));
    }
    return asResponse(await run(admitted, parameters, { deps, success, noteTarget }));
  };
}

/** Throws for a request that cannot be read, whoever signed it. */
function accept(received: Received): asserts received is Readable {
  const { body, formPairs, hasTooManyParameters, method, query, queryPairs } = received;
  if (method !== 'GET' && method !== 'POST') throw new Refusal('MethodNotAllowed', { method });
  if (query.length + body.length > BODY_LIMIT_BYTES)
    throw new Refusal('BodyTooLarge', { limitBytes: BODY_LIMIT_BYTES });
  if (hasTooManyParameters) throw new Refusal('TooManyParameters', { most: MAX_PARAMETERS });
  if (queryPairs === undefined) throw new Refusal('QueryUnreadable', {});
  if (formPairs === undefined) throw new Refusal('BodyUnreadable', { mediaType: 'form' });
}

/** For calls that are refused: only the table has to know their nonces. */
const unremembered: NonceMemory = { use: () => undefined };

/** When a call began, and the id of its answer. */
type Start = Pick<Env['Variables'], 'requestId' | 'startedMs'>;

async function verify(routed: Routed, start: Start, deps: Deps): Promise<Verified> {
  const { keyring, nonces, ports } = deps;
  const { secretOf } = keyring;
  const { vendor } = routed.operation.product.dialect;
  const { identity, key } = await prove(routed.received, {
    secretOf,
    now: ports.wallNow(),
    vendor,
    nonces,
    useUp: ({ identity, key: { signatory } }, refusal) =>
      useUpQuietly(() => refuseBeforehand(refusal, admit({ identity, signatory, ...routed }, start, deps), deps)),
  });
  return { identity, signatory: key.signatory, ...routed };
}

/** Uses up the bytes of a call that is refused, if its signature is right. Throws why they are not used up. */
async function useUp(error: unknown, routed: Routed, start: Start, deps: Deps): Promise<void> {
  if (routed.operation.effect === 'read') return;
  const verified = await verify(routed, start, { ...deps, nonces: unremembered });
  await refuseBeforehand(error, admit(verified, start, deps), deps);
}

function admit(verified: Verified, { requestId, startedMs }: Start, { callMs, ports }: Deps): Admitted {
  const { operation, received, signatory } = verified;
  const { access, action, product } = operation;
  if (access !== 'anyone' && signatory.kind !== access) {
    const reason = access === 'operator' ? 'CallerNotOperator' : 'CallerNotAccount';
    throw new Refusal(reason, { product: product.name, action });
  }
  const nowMs = ports.now();
  const call = {
    requestId,
    action,
    caller: signatory,
    uid: signatory.kind === 'account' ? signatory.uid : undefined,
    sourceIp: received.sourceIp,
    nowMs,
    now: ports.now,
    newEventId: () => ports.ids.eventId(nowMs),
  };
  return { call, remainingMs: () => startedMs + callMs - ports.wallNow(), ...verified };
}

interface Run {
  readonly deps: Deps;
  readonly success: (body: object) => Rendered;
  /** Notes what the call acts on, for its log record. */
  readonly noteTarget: (target: string | undefined) => void;
}

async function run(admitted: Admitted, parameters: Parameters, { noteTarget, deps, success }: Run): Promise<Rendered> {
  const { call, operation, version } = admitted;
  const context = { input: inputOf(operation.input, parameters), version, call, deps };
  const render = (output: object) => success(operation.envelope(output, { requestId: call.requestId, parameters }));
  if (operation.effect === 'read') return render(await operation.run(context));
  noteTarget(operation.target?.(context.input));
  let own: { readonly output: object; readonly body: string } | undefined;
  const rendered = await mutate(operation, context, admitted, parameters, (output) => {
    const made = render(output);
    own = { output, body: made.body };
    return made;
  });
  // A repeated call is answered with the first answer. What it made itself, such as a new id, was never written.
  if (own?.body === rendered.body) noteTarget(operation.target?.(context.input, own.output));
  return rendered;
}

/** Every handler answers by {@link asResponse}. */
function asRendered(response: Response): Rendered {
  return response as unknown as Rendered;
}

/** Hono reads the method alone of a request whose path is given otherwise; a real one would be made of the Fetch API. */
const noRequest = asRequest({ method: 'GET' });

function asRequest(parts: Pick<Request, 'method'>): Request {
  return parts as Request;
}

/** Hono matches paths that begin with a slash; the target of `OPTIONS *` does not. */
function pathOf(received: Received | undefined): string {
  const path = received?.path ?? '/';
  return path.startsWith('/') ? path : `/${path}`;
}
