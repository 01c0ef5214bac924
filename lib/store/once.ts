import * as v from 'valibot';
import { Refusal } from '#lib/errors.ts';
import { answerKey, nonceKey } from '#lib/store/keys.ts';
import type { WriteItem } from '#lib/table/commit.ts';
import { anyOf, type Fragment } from '#lib/table/expressions.ts';
import { absent, put } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Row, Table } from '#lib/table/table.ts';

/** What repeats of a call are recognised by: made of a client's token, or of a signature. Times are epoch ms. */
export interface IdempotencyKey {
  readonly id: string;
  /** Differs between different requests under one token, `RequestId` left out; empty where the id alone is enough. */
  readonly fingerprint: string;
  /** The time now, and how long the record is kept. By the domain's clock for a token, by the wall's for a signature. */
  readonly nowMs: number;
  readonly keepMs: number;
}

/** One attempt at a call, which may be run several times before it commits. */
export interface Attempt {
  readonly callId: string;
  readonly attempt: number;
}

/** The attempt number in the record of a refused call, which must not commit any more. */
export const REFUSED = -1;

/** The call repeats an earlier one. `sealed` is the answer to that, bound to the id of the idempotency key. */
export class Repeated extends Error {
  readonly id: string;
  readonly sealed: string;

  constructor(id: string, sealed: string) {
    super('the call was made before');
    this.id = id;
    this.sealed = sealed;
  }
}

/** The record found is the call's own: this attempt has committed, though the table's answer was lost. */
export class Committed extends Error {
  readonly attempt: number;

  constructor(attempt: number) {
    super('the call has committed');
    this.attempt = attempt;
  }
}

const attempt = { call: v.optional(v.string()), attempt: v.optional(v.number()) };

export const answerRow = rowKind({
  type: 'answer',
  shape: v.object({
    fingerprint: v.string(),
    sealed: v.string(),
    expiresAtMs: v.number(),
    ...attempt,
  }),
  // Rows of the first schema do not name the call.
  upgrades: [(row) => row],
});

export const nonceRow = rowKind({
  type: 'nonce',
  shape: v.object({ ttl: v.number(), ...attempt }),
  upgrades: [(row) => row],
});

/**
 * Uses a nonce up in all processes, in the same transaction as the mutation it was sent with. It is kept for `keepMs`.
 * Refused with `NonceUsed`, or as `Committed` if the call itself used it. `wallNowMs` is by the wall's clock.
 */
export function useNonce(
  keyId: string,
  nonce: string,
  { attempt, callId }: Attempt,
  wallNowMs: number,
  keepMs: number,
): WriteItem {
  const forgotten = { text: '#ttl < :wallNow', values: { ':wallNow': Math.floor(wallNowMs / 1000) } };
  const ttl = Math.ceil((wallNowMs + keepMs) / 1000);
  return put(
    nonceRow.row(nonceKey(keyId, nonce), { ttl, call: callId, attempt }),
    [anyOf([absent, forgotten])],
    (old) => ownOf(nonceRow.read(old ?? {}), callId) ?? new Refusal('NonceUsed', {}),
  );
}

/**
 * Keeps the answer of a call, in the same transaction as its write. Refused as `Repeated`; with `TokenReused` for another
 * request under the same token; as `Committed` if the record found is the call's own. `wallNowMs` is by the wall's clock.
 */
export function keepAnswer(key: IdempotencyKey, sealed: string, own: Attempt, wallNowMs: number): WriteItem {
  const { id, fingerprint, keepMs, nowMs } = key;
  const row = answerRow.row(answerKey(id), {
    fingerprint,
    sealed,
    expiresAtMs: nowMs + keepMs,
    ttl: Math.ceil((wallNowMs + keepMs) / 1000),
    call: own.callId,
    attempt: own.attempt,
  });
  return put(row, [noAnswerKept(nowMs)], (old) => outcomeOf(old, key, own.callId));
}

/** The earlier call that this one repeats, `TokenReused` if that was another request, or this call itself as `Committed`. */
export async function findRepeated(
  table: Table,
  key: IdempotencyKey,
  callId: string,
): Promise<Repeated | Committed | Refusal | undefined> {
  const row = await table.get(answerKey(key.id));
  if (row === undefined || answerRow.read(row).expiresAtMs <= key.nowMs) return undefined;
  return outcomeOf(row, key, callId);
}

function noAnswerKept(nowMs: number): Fragment {
  return anyOf([absent, { text: '#expiresAtMs <= :nowMs', values: { ':nowMs': nowMs } }]);
}

function outcomeOf(row: Row | undefined, { id, fingerprint }: IdempotencyKey, callId: string) {
  const kept = answerRow.read(row ?? {});
  const own = ownOf(kept, callId);
  if (own) return own;
  return kept.fingerprint === fingerprint ? new Repeated(id, kept.sealed) : new Refusal('TokenReused', {});
}

function ownOf(kept: Partial<v.InferOutput<typeof nonceRow.shape>>, callId: string): Committed | undefined {
  return kept.call === callId && kept.attempt !== undefined ? new Committed(kept.attempt) : undefined;
}
