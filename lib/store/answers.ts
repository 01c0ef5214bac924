import * as v from 'valibot';
import { Refusal } from '#lib/errors.ts';
import type { Repetition } from '#lib/repetition.ts';
import type { WriteItem } from '#lib/store/commit.ts';
import { anyOf } from '#lib/store/expressions.ts';
import { absent, put } from '#lib/store/items.ts';
import { answerKey } from '#lib/store/keys.ts';
import type { Row, Table } from '#lib/store/table.ts';

/** The call was made before: `sealed` is its answer. */
export class Repeated extends Error {
  readonly sealed: string;

  constructor(sealed: string) {
    super('the call was made before');
    this.sealed = sealed;
  }
}

const answerSchema = v.object({ fingerprint: v.string(), sealed: v.string(), expiresAtMs: v.number() });

/**
 * Keeps the answer of a mutation as part of it. A repetition is refused as `Repeated`, another request under the same token as
 * `TokenReused`. Times are epoch ms: `nowMs` the domain's, `wallNowMs` the wall's, by which the table forgets.
 */
export function keepAnswer(
  { id, fingerprint, isStrict, keepMs }: Repetition,
  sealed: string,
  nowMs: number,
  wallNowMs: number,
): WriteItem {
  const row = { ...answerKey(id), type: 'answer', fingerprint, sealed, expiresAtMs: nowMs + keepMs };
  const forgotten = { text: '#expiresAtMs <= :nowMs', values: { ':nowMs': nowMs } };
  return put(
    { ...row, ttl: Math.ceil((wallNowMs + keepMs) / 1000) },
    isStrict ? [anyOf([absent, forgotten])] : [],
    (old) => outcomeOf(old, fingerprint),
  );
}

/** The answer of an earlier call that this one repeats. Throws `TokenReused` if the token was another request's. */
export async function findAnswer(table: Table, repetition: Repetition, nowMs: number): Promise<string | undefined> {
  const row = await table.get(answerKey(repetition.id));
  if (row === undefined || v.parse(answerSchema, row).expiresAtMs <= nowMs) return undefined;
  const outcome = outcomeOf(row, repetition.fingerprint);
  if (outcome instanceof Repeated) return outcome.sealed;
  throw outcome;
}

function outcomeOf(row: Row | undefined, wanted: string): Error {
  const { fingerprint, sealed } = v.parse(answerSchema, row);
  return fingerprint === wanted ? new Repeated(sealed) : new Refusal('TokenReused', {});
}
