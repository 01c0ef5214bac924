import { hash } from 'node:crypto';
import * as v from 'valibot';
import { headerOf, type Received } from '#lib/auth/received.ts';
import type { Signatory } from '#lib/call.ts';
import type { Parameters } from '#lib/dialects/dialect.ts';
import { flag, inputOf } from '#lib/dialects/fields.ts';
import type { Mutation } from '#lib/pipeline/declaration.ts';
import type { Verified } from '#lib/pipeline/route.ts';
import type { Repetition } from '#lib/store/answers.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const SIGNATURE_MS = 31 * 60 * 1000;

const token = v.optional(v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,64}$/)));

/** What a mutation may carry whatever it is: a token for safe retries, and the wish only to be checked. */
const options = v.object({ ClientToken: token, DryRun: v.optional(flag, false) });

const headerOptions = v.object({ 'Idempotency-Key': token });

/** The options of a mutation. Throws `ParameterInvalid`. */
export function optionsOf(parameters: Parameters): { ClientToken?: string | undefined; DryRun: boolean } {
  return inputOf(options, parameters);
}

/** How a repetition is recognised, and whether the signature covers it; what it does not cover, anybody can have added. */
export interface Recognised extends Repetition {
  readonly isSigned: boolean;
}

/** A keyed digest, and the time by the domain's clock and by the wall's, epoch ms. */
export interface Recognition {
  digest(text: string): string;
  readonly nowMs: number;
  readonly wallNowMs: number;
}

/**
 * How a repetition of this call is recognised: by its `ClientToken`, or by the header `Idempotency-Key`, for a day; and by its signature
 * where the scheme has no nonce and there is no `ClientToken`, because the clients of those schemes send the same bytes again when an
 * answer is lost (docs/vendors/wire.md 6). The header is not signed, so a captured request may come with any: its nonce or signature
 * is kept as well.
 */
export function repetitionsOf(
  { received, identity, signatory }: Verified,
  operation: Mutation,
  input: object,
  clientToken: string | undefined,
  recognition: Recognition,
): Recognised[] {
  const { digest, nowMs, wallNowMs } = recognition;
  const token = clientToken ?? inputOf(headerOptions, headersOf(received))['Idempotency-Key'];
  const scoped = 'signature' in identity ? identity : undefined;
  const signatureMs = scoped ? Math.max(SIGNATURE_MS, scoped.validUntilMs - wallNowMs + SIGNATURE_MS) : 0;
  const { action, additive = false, product } = operation;
  const repetitions: Recognised[] = [];
  if (token !== undefined) {
    repetitions.push({
      id: `${holderOf(signatory)}#${token}`,
      // The input may hold a secret that was brought along.
      fingerprint: digest(JSON.stringify([product.name, action, { ...input, RequestId: undefined }])),
      isStrict: true,
      isSigned: clientToken === token,
      nonce: 'nonce' in identity ? identity.nonce : undefined,
      nowMs,
      keepMs: Math.max(DAY_MS, signatureMs),
    });
  }
  if (scoped !== undefined && clientToken === undefined) {
    const id = `SIGNATURE#${scoped.keyId}#${hash('sha256', scoped.signature, 'base64url')}`;
    // The state refuses to be moved twice to the same place, but an addition is refused by nothing else than this record.
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

/** All keys of an account share its tokens. Each operator key has its own, because an answer to an operator may hold a secret. */
function holderOf(signatory: Signatory): string {
  return signatory.kind === 'account' ? `ACCOUNT#${signatory.uid}` : `OPERATOR#${signatory.keyId}`;
}

function headersOf(request: Received): Parameters {
  const token = headerOf(request, 'idempotency-key');
  return token === undefined ? {} : { 'Idempotency-Key': token };
}
