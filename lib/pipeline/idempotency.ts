import { hash } from 'node:crypto';
import * as v from 'valibot';
import { headerOf, type Received } from '#lib/auth/received.ts';
import type { Signatory } from '#lib/call.ts';
import type { Parameters } from '#lib/dialects/dialect.ts';
import { flag, inputOf } from '#lib/dialects/fields.ts';
import type { Mutation } from '#lib/pipeline/declaration.ts';
import type { Verified } from '#lib/pipeline/middleware.ts';
import type { IdempotencyKey } from '#lib/store/once.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const SIGNATURE_MS = 31 * 60 * 1000;

const token = v.optional(v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,64}$/)));

/** The options of every mutation: a token for safe retries, and a dry run. */
const options = v.object({ ClientToken: token, DryRun: v.optional(flag, false) });

/** The names of those options as parameters. */
export const optionNames: readonly string[] = Object.keys(options.entries);

const headerOptions = v.object({ 'Idempotency-Key': token });

/** The options of a mutation. Throws `ParameterInvalid`. */
export function optionsOf(parameters: Parameters): { ClientToken?: string | undefined; DryRun: boolean } {
  return inputOf(options, parameters);
}

/** A keyed digest, and the time by the domain's clock and by the wall's, epoch ms. */
interface Moment {
  digest(text: string): string;
  readonly nowMs: number;
  readonly wallNowMs: number;
}

/**
 * The idempotency key by which retries of this call are recognised for a day, whatever they are signed with: its
 * `ClientToken`, or the header `Idempotency-Key`, which no signature covers. Throws `ParameterInvalid`.
 */
export function tokenKeyOf(
  { received, identity, signatory, version }: Verified,
  { action, product }: Mutation,
  input: object,
  clientToken: string | undefined,
  { digest, nowMs, wallNowMs }: Moment,
): IdempotencyKey | undefined {
  const token = clientToken ?? tokenInHeaders(received);
  if (token === undefined) return undefined;
  const signedMs = 'signature' in identity ? identity.validUntilMs - wallNowMs + SIGNATURE_MS : 0;
  return {
    id: `${holderOf(signatory)}#${token}`,
    // Keyed, because the input may hold a secret, such as that of an imported access key.
    fingerprint: digest(
      JSON.stringify([
        product.name,
        action,
        { ...input, RequestId: undefined },
        ...(version === product.version ? [] : [version]),
      ]),
    ),
    nowMs,
    keepMs: Math.max(DAY_MS, signedMs),
  };
}

/**
 * The idempotency key made of the call's signature, where its scheme has no nonce; kept for longer than the signature is
 * valid. Clients of those schemes send the same bytes again when an answer is lost (docs/vendors/wire.md 6).
 */
export function signatureKeyOf(
  { identity }: Verified,
  { wallNowMs }: Pick<Moment, 'wallNowMs'>,
): IdempotencyKey | undefined {
  if (!('signature' in identity)) return undefined;
  const { keyId, signature, validUntilMs } = identity;
  return {
    id: `SIGNATURE#${keyId}#${hash('sha256', signature, 'base64url')}`,
    fingerprint: '',
    nowMs: wallNowMs,
    keepMs: Math.max(0, validUntilMs - wallNowMs) + SIGNATURE_MS,
  };
}

/** All keys of an account share its tokens. Each operator key has its own, because an answer to an operator may hold a secret. */
function holderOf(signatory: Signatory): string {
  return signatory.kind === 'account' ? `ACCOUNT#${signatory.uid}` : `OPERATOR#${signatory.keyId}`;
}

function tokenInHeaders(request: Received): string | undefined {
  const sent = headerOf(request, 'idempotency-key');
  return sent === undefined ? undefined : inputOf(headerOptions, { 'Idempotency-Key': sent })['Idempotency-Key'];
}
