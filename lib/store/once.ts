import * as v from 'valibot';
import { Refusal } from '#lib/errors.ts';
import { answerKey, nonceKey } from '#lib/store/keys.ts';
import type { WriteItem } from '#lib/table/commit.ts';
import { anyOf, type Fragment } from '#lib/table/expressions.ts';
import { absent, put } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Row, Table } from '#lib/table/table.ts';

/** How a call is recognised when it comes again, by a token or by its signature. Times are epoch ms. */
export interface Repetition {
  readonly id: string;
  /** Differs for a request that is not the same, whatever it calls itself by `RequestId`; empty where the id alone tells. */
  readonly fingerprint: string;
  /** The time by the clock that the record is forgotten by, and how long it is kept. */
  readonly nowMs: number;
  readonly keepMs: number;
}

/** One of the writes that a call was run to: a call may be run again before it commits. */
export interface Sending {
  readonly callId: string;
  readonly attempt: number;
}

/** The attempt of a call that was refused and must not commit any more. */
export const REFUSED = -1;

/** The call was made before: `sealed` is its answer, bound to the id of its repetition. */
export class Repeated extends Error {
  readonly id: string;
  readonly sealed: string;

  constructor(id: string, sealed: string) {
    super('the call was made before');
    this.id = id;
    this.sealed = sealed;
  }
}

/** The record that is in the way is the call's own: this attempt of it has committed, though its answer was lost. */
export class Committed extends Error {
  readonly attempt: number;

  constructor(attempt: number) {
    super('the call has committed');
    this.attempt = attempt;
  }
}

const sending = { call: v.optional(v.string()), attempt: v.optional(v.number()) };

export const answerRow = rowKind({
  type: 'answer',
  shape: v.object({
    fingerprint: v.string(),
    sealed: v.string(),
    expiresAtMs: v.number(),
    ...sending,
  }),
  // The first schema said nothing of the call, and told the nonce of the first one under a token.
  upgrades: [(row) => row],
});

export const nonceRow = rowKind({
  type: 'nonce',
  shape: v.object({ ttl: v.number(), ...sending }),
  upgrades: [(row) => row],
});

/**
 * Uses a nonce up, across all processes, as part of the mutation it was sent with; it is kept for `keepMs`. Refused with `NonceUsed`, or
 * as `Committed` where the call itself has used it. `wallNowMs` is the wall's time.
 */
export function useNonce(
  keyId: string,
  nonce: string,
  { attempt, callId }: Sending,
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
 * Keeps the answer of a call as part of it. Refused as `Repeated`; with `TokenReused` for another request under the same token; as
 * `Committed` where the record is the call's own. `wallNowMs`: the wall's time, by which the table forgets.
 */
export function keepAnswer(repetition: Repetition, sealed: string, sending: Sending, wallNowMs: number): WriteItem {
  const { id, fingerprint, keepMs, nowMs } = repetition;
  const row = answerRow.row(answerKey(id), {
    fingerprint,
    sealed,
    expiresAtMs: nowMs + keepMs,
    ttl: Math.ceil((wallNowMs + keepMs) / 1000),
    call: sending.callId,
    attempt: sending.attempt,
  });
  return put(row, [unanswered(nowMs)], (old) => outcomeOf(old, repetition, sending.callId));
}

/** What keeps a call from being made: the earlier one that it repeats, `TokenReused` if that was another request, itself as `Committed`. */
export async function findRepeated(
  table: Table,
  repetition: Repetition,
  callId: string,
): Promise<Repeated | Committed | Refusal | undefined> {
  const row = await table.get(answerKey(repetition.id));
  if (row === undefined || answerRow.read(row).expiresAtMs <= repetition.nowMs) return undefined;
  return outcomeOf(row, repetition, callId);
}

function unanswered(nowMs: number): Fragment {
  return anyOf([absent, { text: '#expiresAtMs <= :nowMs', values: { ':nowMs': nowMs } }]);
}

function outcomeOf(row: Row | undefined, { id, fingerprint }: Repetition, callId: string) {
  const kept = answerRow.read(row ?? {});
  const own = ownOf(kept, callId);
  if (own) return own;
  return kept.fingerprint === fingerprint ? new Repeated(id, kept.sealed) : new Refusal('TokenReused', {});
}

function ownOf(kept: Partial<v.InferOutput<typeof nonceRow.shape>>, callId: string): Committed | undefined {
  return kept.call === callId && kept.attempt !== undefined ? new Committed(kept.attempt) : undefined;
}
