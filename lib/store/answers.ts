import * as v from 'valibot';
import { Refusal } from '#lib/errors.ts';
import type { Write, WriteItem } from '#lib/store/commit.ts';
import { anyOf, type Fragment } from '#lib/store/expressions.ts';
import { absent, check, put } from '#lib/store/items.ts';
import { answerKey } from '#lib/store/keys.ts';
import type { Row, Table } from '#lib/store/table.ts';

/** How a repeated call is recognised, and what then becomes of it. */
export interface Repetition {
  readonly id: string;
  /** Differs for a request that is not the same, whatever it calls itself by `RequestId`. */
  readonly fingerprint: string;
  /** The record alone keeps the call from acting twice; else the ledger's state does, and the record answers what it refuses. */
  readonly isStrict: boolean;
  /** Whether the signature covers what it is recognised by, so that only the caller can have chosen it. */
  readonly isSigned: boolean;
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

const answerSchema = v.object({ fingerprint: v.string(), sealed: v.string(), expiresAtMs: v.number() });

/**
 * Keeps the answer of a mutation as part of it. A repetition is refused as `Repeated`, another request under the same token as
 * `TokenReused`. Times are epoch ms: `nowMs` the domain's, `wallNowMs` the wall's, by which the table forgets.
 */
export function keepAnswer(repetition: Repetition, sealed: string, nowMs: number, wallNowMs: number): WriteItem {
  const { id, fingerprint, isStrict, keepMs } = repetition;
  const row = { ...answerKey(id), type: 'answer', fingerprint, sealed, expiresAtMs: nowMs + keepMs };
  return put({ ...row, ttl: Math.ceil((wallNowMs + keepMs) / 1000) }, isStrict ? [unanswered(nowMs)] : [], (old) =>
    outcomeOf(old, repetition),
  );
}

/** Lets the mutation pass under the same conditions, but keeps nothing. */
export function expectUnanswered(repetition: Repetition, nowMs: number): Write {
  if (!repetition.isStrict) return [];
  return [check(answerKey(repetition.id), [unanswered(nowMs)], (old) => outcomeOf(old, repetition))];
}

/** The earlier call that this one repeats, if it was answered. Throws `TokenReused` if the token was another request's. */
export async function findRepeated(table: Table, repetition: Repetition, nowMs: number): Promise<Repeated | undefined> {
  const row = await table.get(answerKey(repetition.id));
  if (row === undefined || v.parse(answerSchema, row).expiresAtMs <= nowMs) return undefined;
  const outcome = outcomeOf(row, repetition);
  if (outcome instanceof Repeated) return outcome;
  throw outcome;
}

function unanswered(nowMs: number): Fragment {
  return anyOf([absent, { text: '#expiresAtMs <= :nowMs', values: { ':nowMs': nowMs } }]);
}

function outcomeOf(row: Row | undefined, { id, fingerprint }: Repetition): Repeated | Refusal {
  const kept = v.parse(answerSchema, row);
  return kept.fingerprint === fingerprint ? new Repeated(id, kept.sealed) : new Refusal('TokenReused', {});
}
