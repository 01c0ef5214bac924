import { hash } from 'node:crypto';
import * as v from 'valibot';
import type { RawRequest } from '#lib/auth/authenticate.ts';
import { decodePairs, splitUrl } from '#lib/auth/encoding.ts';
import type { Parameters } from '#lib/dialects/dialect.ts';
import { flag } from '#lib/dialects/fields.ts';
import type { Mutation } from '#lib/pipeline/declaration.ts';
import type { Exchange } from '#lib/pipeline/exchange.ts';
import { inputOf } from '#lib/pipeline/input.ts';
import type { Repetition } from '#lib/store/answers.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const SIGNATURE_MS = 31 * 60 * 1000;

const token = v.optional(v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,64}$/)));

/** What a mutation may carry whatever it is: a token for safe retries, and the wish only to be checked. */
const options = v.object({ ClientToken: token, DryRun: v.optional(flag, false) });

const headerOptions = v.object({ 'Idempotency-Key': token });

/** The options of a mutation; a query says them beside a body too. Throws `ParameterInvalid`. */
export function optionsOf(
  { url }: RawRequest,
  parameters: Parameters,
): { ClientToken?: string | undefined; DryRun: boolean } {
  const queried = decodePairs(splitUrl(url).query) ?? [];
  const own = queried.filter(([name, value]) => Object.hasOwn(options.entries, name) && value !== '');
  return inputOf(options, { ...Object.fromEntries(own), ...parameters });
}

/** How a repetition is recognised, and whether the signature covers that, so that only the caller can have chosen it. */
export interface Recognised extends Repetition {
  readonly isSigned: boolean;
}

/** What tells texts apart without giving them away, and the two clocks, epoch ms. */
export interface Recognition {
  digest(text: string): string;
  readonly nowMs: number;
  readonly wallNowMs: number;
}

/**
 * By what a repetition of this call is known: `ClientToken`, or the header `Idempotency-Key`, kept for a day; and, where neither the
 * scheme has a nonce nor the signature a token, the signature itself, because those clients send a request again as it is when
 * an answer is lost (reference wire 6). Nobody signs the header, so it never stands in for what keeps a captured request
 * from acting twice.
 */
export function repetitionsOf(
  { request, identity, caller }: Exchange,
  operation: Mutation,
  input: object,
  clientToken: string | undefined,
  recognition: Recognition,
): Recognised[] {
  const { digest, nowMs, wallNowMs } = recognition;
  const token = clientToken ?? inputOf(headerOptions, headersOf(request))['Idempotency-Key'];
  const scoped = identity && 'signature' in identity ? identity : undefined;
  const signatureMs = scoped ? Math.max(SIGNATURE_MS, scoped.validUntilMs - wallNowMs + SIGNATURE_MS) : 0;
  const { action, additive = false, product } = operation;
  const repetitions: Recognised[] = [];
  if (token !== undefined) {
    repetitions.push({
      id: `${holderOf(caller)}#${token}`,
      // The input may hold a secret that was brought along.
      fingerprint: digest(JSON.stringify([product.name, action, { ...input, RequestId: undefined }])),
      isStrict: true,
      isSigned: clientToken === token,
      nonce: identity && 'nonce' in identity ? identity.nonce : undefined,
      nowMs,
      keepMs: Math.max(DAY_MS, signatureMs),
    });
  }
  if (scoped !== undefined && clientToken === undefined) {
    const id = `SIGNATURE#${scoped.keyId}#${hash('sha256', scoped.signature, 'base64url')}`;
    // What adds at every call must not act twice on one; what moves a state may, once the state has moved back.
    repetitions.push({
      id,
      fingerprint: '',
      isStrict: additive,
      isSigned: true,
      nowMs: wallNowMs,
      keepMs: signatureMs,
    });
  }
  return repetitions;
}

/** Whose a token is: an account's, whichever of its keys signs; an operator's own key's, as its answer may hold a secret. */
function holderOf(caller: Exchange['caller']): string {
  return caller?.kind === 'account' ? `ACCOUNT#${caller.uid}` : `OPERATOR#${caller?.keyId}`;
}

function headersOf({ headers }: RawRequest): Parameters {
  const token = headers.get('idempotency-key');
  return token === null ? {} : { 'Idempotency-Key': token };
}
