import { createHash } from 'node:crypto';
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

/**
 * By what a repetition of this call is known: `ClientToken`, or the header `Idempotency-Key`, kept for a day; and, where neither the
 * scheme has a nonce nor the signature a token, the signed request itself, which those clients send again when an answer is lost
 * (reference wire 6). Nobody signs the header, so it never stands in for what keeps a captured request from acting twice.
 */
export function repetitionsOf(
  { request, identity, caller }: Exchange,
  operation: Pick<Mutation, 'action' | 'product' | 'additive'>,
  input: object,
  clientToken: string | undefined,
  digest: (text: string) => string,
): Repetition[] {
  const token = clientToken ?? inputOf(headerOptions, headersOf(request))['Idempotency-Key'];
  const { action, product } = operation;
  // The input may hold a secret that was brought along.
  const fingerprint = () => digest(JSON.stringify([product.name, action, { ...input, RequestId: undefined }]));
  const byToken = token === undefined ? [] : [tokenRepetition(token, caller, fingerprint(), clientToken === token)];
  const isSigned = identity === undefined || 'nonce' in identity || clientToken !== undefined;
  return isSigned ? byToken : [...byToken, signatureRepetition(identity.keyId, request, operation)];
}

function tokenRepetition(
  token: string,
  caller: Exchange['caller'],
  fingerprint: string,
  isSigned: boolean,
): Repetition {
  const holder = caller?.kind === 'account' ? String(caller.uid) : 'operator';
  return { id: `${holder}#${token}`, fingerprint, isStrict: true, isSigned, keepMs: DAY_MS };
}

/** An operation that adds at every call must not act twice on one; one that moves a state may, once the state has moved back. */
function signatureRepetition(
  keyId: string,
  { body, headers, method, url }: RawRequest,
  { additive = false }: Pick<Mutation, 'additive'>,
): Repetition {
  const fingerprint = sha256([method, url, headers.get('authorization') ?? '', body]);
  return { id: `${keyId}#${fingerprint}`, fingerprint, isStrict: additive, isSigned: true, keepMs: SIGNATURE_MS };
}

function headersOf({ headers }: RawRequest): Parameters {
  const token = headers.get('idempotency-key');
  return token === null ? {} : { 'Idempotency-Key': token };
}

function sha256(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\n');
  return hash.digest('base64url');
}
