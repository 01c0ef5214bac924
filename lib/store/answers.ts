import * as v from 'valibot';
import { Refusal } from '#lib/errors.ts';
import { answerKey } from '#lib/store/keys.ts';
import type { WriteItem } from '#lib/table/commit.ts';
import { anyOf, type Fragment } from '#lib/table/expressions.ts';
import { absent, put } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Row, Table } from '#lib/table/table.ts';

/** How a repeated call is recognised, and what then becomes of it. */
export interface Repetition {
  readonly id: string;
  /** Differs for a request that is not the same, whatever it calls itself by `RequestId`; nothing where the id alone tells. */
  readonly fingerprint: string;
  /** The record alone keeps the call from acting twice; else the ledger's state does, and the record answers what it refuses. */
  readonly isStrict: boolean;
  /** The nonce of the call. Whoever repeats a call has one of his own; a captured request has not. */
  readonly nonce?: string | undefined;
  /** The time, epoch ms, by the clock that the record is forgotten by, and how long it is kept. */
  readonly nowMs: number;
  readonly keepMs: number;
}

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

export const answerRow = rowKind({
  type: 'answer',
  shape: v.object({
    fingerprint: v.string(),
    sealed: v.string(),
    nonce: v.optional(v.string()),
    expiresAtMs: v.number(),
  }),
});

/**
 * Keeps the answer of a mutation as part of it. A repetition is refused as `Repeated`, another request under the same token as
 * `TokenReused`, the very request again as `NonceUsed`. `wallNowMs`: the wall's time, epoch ms, by which the table forgets.
 */
export function keepAnswer(repetition: Repetition, sealed: string, wallNowMs: number): WriteItem {
  const { id, fingerprint, isStrict, keepMs, nonce, nowMs } = repetition;
  const row = answerRow.row(answerKey(id), {
    fingerprint,
    sealed,
    ...(nonce !== undefined && { nonce }),
    expiresAtMs: nowMs + keepMs,
    ttl: Math.ceil((wallNowMs + keepMs) / 1000),
  });
  return put(row, isStrict ? [unanswered(nowMs)] : [], (old) => outcomeOf(old, repetition));
}

/**
 * The earlier call that this one repeats, if it was answered. Throws `TokenReused` if the token was another request's, and
 * `NonceUsed` if it was this very request.
 */
export async function findRepeated(table: Table, repetition: Repetition): Promise<Repeated | undefined> {
  const row = await table.get(answerKey(repetition.id));
  if (row === undefined || answerRow.read(row).expiresAtMs <= repetition.nowMs) return undefined;
  const outcome = outcomeOf(row, repetition);
  if (outcome instanceof Repeated) return outcome;
  throw outcome;
}

function unanswered(nowMs: number): Fragment {
  return anyOf([absent, { text: '#expiresAtMs <= :nowMs', values: { ':nowMs': nowMs } }]);
}

function outcomeOf(row: Row | undefined, { id, fingerprint, nonce }: Repetition): Repeated | Refusal {
  const kept = answerRow.read(row ?? {});
  if (nonce !== undefined && kept.nonce === nonce) return new Refusal('NonceUsed', {});
  return kept.fingerprint === fingerprint ? new Repeated(id, kept.sealed) : new Refusal('TokenReused', {});
}
