import type { Call } from '#lib/call.ts';
import { dueShard } from '#lib/store/keys.ts';
import { Stale, type Write, type WriteItem } from '#lib/table/commit.ts';
import type { Fragment } from '#lib/table/expressions.ts';
import { create, neverRefused, update } from '#lib/table/items.ts';
import type { RowKind } from '#lib/table/rowKind.ts';
import type { Key, Row } from '#lib/table/table.ts';

/** After this time without progress a step is taken again. Nothing else depends on it. */
export const STALLED_AFTER_MS = 5 * 60 * 1000;

/** How long what wakes a job is kept, ms. Nothing reads it afterwards. */
const STEP_KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** Says that a step is to be taken; which, the thing itself tells. The insertion of the row wakes the job. */
export function stepOut(
  kind: Pick<RowKind, 'row'>,
  keyOf: (id: string) => Key,
  attributes: Readonly<Record<string, unknown>>,
  { newEventId, nowMs }: Call,
): WriteItem {
  const ttl = Math.ceil((nowMs + STEP_KEPT_MS) / 1000);
  return create(kind.row(keyOf(newEventId()), { ...attributes, ttl }), neverRefused);
}

/** By when the next step of something, of an account, has to have been taken. */
export function dueFrom(uid: number, { nowMs }: Call) {
  return { due: dueShard(uid), deadlineMs: nowMs + STALLED_AFTER_MS };
}

/**
 * Has a step that nobody has taken in time taken again; `Stale` if somebody has, or if `conditions` do not hold, unless `refused` has
 * another write for that.
 */
export function takeUp(
  key: Key,
  step: WriteItem,
  call: Call,
  conditions: readonly Fragment[] = [],
  refused: (row: Row | undefined) => Error | Write = () => new Stale(),
): Write {
  const isStalled = { text: '#deadlineMs <= :nowMs', values: { ':nowMs': call.now } };
  const change = { set: { deadlineMs: call.nowMs + STALLED_AFTER_MS } };
  return [update(key, change, [isStalled, ...conditions], refused), step];
}
