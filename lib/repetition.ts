import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { RawRequest } from '#lib/auth/authenticate.ts';
import type { Parameters } from '#lib/dialects/dialect.ts';
import { flag } from '#lib/dialects/fields.ts';
import type { Exchange } from '#lib/exchange.ts';
import { inputOf } from '#lib/input.ts';
import type { Mutation } from '#lib/operation.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const SIGNATURE_MS = 31 * 60 * 1000;

/** What a mutation may carry whatever it is: a token for safe retries, and the wish only to be checked. */
const options = v.object({
  ClientToken: v.optional(v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,64}$/))),
  DryRun: v.optional(flag, false),
});

/** How a repeated call is recognised, and what then becomes of it. */
export interface Repetition {
  readonly id: string;
  /** Differs for a request that is not the same, whatever it calls itself by `RequestId`. */
  readonly fingerprint: string;
  /** The record alone keeps the call from acting twice; else the ledger's state does, and the record answers what it refuses. */
  readonly isStrict: boolean;
  readonly keepMs: number;
}

/** The options of a mutation. Throws `ParameterInvalid`. */
export function optionsOf(parameters: Parameters): { ClientToken?: string | undefined; DryRun: boolean } {
  return inputOf(options, parameters);
}

/**
 * By what a repetition of this call is known: `ClientToken` or the header `Idempotency-Key`, kept for a day; else, where the scheme has
 * no nonce, the signed request itself, which those clients send again when an answer is lost (reference wire 6). An operation that
 * adds at every call must not act twice on one; one that moves a state may, once the state has moved back.
 */
export function repetitionOf(
  { request, identity, caller }: Exchange,
  { action, product, additive = false }: Pick<Mutation, 'action' | 'product' | 'additive'>,
  input: object,
  clientToken: string | undefined,
): Repetition | undefined {
  const token = clientToken ?? inputOf(options, headerOptions(request)).ClientToken;
  const holder = caller?.kind === 'account' ? String(caller.uid) : 'operator';
  if (token !== undefined) {
    const fingerprint = sha256([product.name, action, JSON.stringify({ ...input, RequestId: undefined })]);
    return { id: `${holder}#${token}`, fingerprint, isStrict: true, keepMs: DAY_MS };
  }
  if (identity === undefined || 'nonce' in identity) return undefined;
  const fingerprint = sha256([request.method, request.url, request.headers.get('authorization') ?? '', request.body]);
  return { id: `${identity.keyId}#${fingerprint}`, fingerprint, isStrict: additive, keepMs: SIGNATURE_MS };
}

function headerOptions({ headers }: RawRequest): Parameters {
  const token = headers.get('idempotency-key');
  return token === null ? {} : { ClientToken: token };
}

function sha256(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\n');
  return hash.digest('base64url');
}
