import type { Call } from '#lib/call.ts';
import type { Deps } from '#lib/deps.ts';
import { dueEvent } from '#lib/domain/machine.ts';
import { Refusal } from '#lib/errors.ts';
import type { Aggregate, Kind } from '#lib/store/aggregate.ts';
import { type Due, type Overdue, openDue } from '#lib/store/due.ts';
import { transition } from '#lib/store/transition.ts';
import { commit, isGivenUp, Stale, type Write } from '#lib/table/commit.ts';
import type { Key } from '#lib/table/table.ts';

const BATCH = 25;
const ROTATION_MS = 60_000;

/**
 * A kind of row with deadlines: its sort key, by which the sweep recognises it, and the write that lets an overdue one
 * lapse.
 */
export interface Lapsing {
  readonly sortKey: string;
  lapse(key: Key, call: Call): Write;
}

/** How an aggregate takes part in the sweep. */
export function lapsing<K extends Kind>(aggregate: Aggregate<K>): Lapsing {
  return { sortKey: aggregate.sortKey, lapse: (key, call) => lapse(aggregate, key, call) };
}

/** The write that lets an overdue aggregate lapse, under the same conditions as any other move. Its row tells by which event. */
function lapse<K extends Kind>(aggregate: Aggregate<K>, key: Key, call: Call): Write {
  const [first] = Object.values<K['event'] | undefined>(aggregate.machine.lapses).filter(
    (event) => event !== undefined,
  );
  if (first === undefined) throw new Error(`no status of a ${aggregate.subject} has a deadline`);
  const asEvent = (event: K['event']): Write =>
    transition(aggregate, {
      event,
      id: aggregate.idOf(key),
      call,
      otherwise(state) {
        const due = dueEvent(aggregate.machine, state, call.now());
        return due === undefined || due === event ? undefined : asEvent(due);
      },
    });
  return asEvent(first);
}

/** A summary of a sweep. `skipped`: another writer was first. `failed`: left for the next sweep. Ages in ms. */
export type SweepSummary = {
  found: number;
  expired: number;
  skipped: number;
  failed: number;
  /** By how much the oldest item was overdue. */
  oldestOverdueMs: number;
  /** Whether all shards were read to their end in time. */
  isComplete: boolean;
};

/**
 * Lets everything overdue lapse, shard by shard in bounded batches, until nothing is left or `remainingMs()` is used
 * up. Each item goes through its own guarded transition, so two sweeps at once do no harm. A failing item is counted,
 * logged and skipped.
 */
export async function sweepOverdue(
  deps: Deps,
  lapsing: readonly Lapsing[],
  action: string,
  remainingMs: () => number,
): Promise<SweepSummary> {
  const { ports, table } = deps;
  const nowMs = ports.now();
  const summary = { found: 0, expired: 0, skipped: 0, failed: 0, oldestOverdueMs: 0, isComplete: false };
  const call = {
    requestId: ports.ids.uuid().toUpperCase(),
    action,
    caller: { kind: 'clock' },
    nowMs,
    uid: undefined,
    now: () => nowMs,
    newEventId: () => ports.ids.eventId(nowMs),
    sourceIp: '',
  } as const;
  let unread = 0;
  const passOver = (error: unknown) => {
    unread++;
    ports.log({ level: 'error', job: action, requestId: call.requestId, error: String(error) });
  };
  for await (const batch of batchesOf(openDue(table), nowMs, passOver)) {
    summary.found += batch.length;
    summary.oldestOverdueMs = Math.max(summary.oldestOverdueMs, ...batch.map(({ deadlineMs }) => nowMs - deadlineMs));
    const outcomes = batch.map((item) => settle(item, lapsing, call, deps));
    for (const outcome of await Promise.all(outcomes)) summary[outcome]++;
    if (remainingMs() <= 0) return summary;
  }
  return { ...summary, isComplete: unread === 0 };
}

/**
 * Takes one batch from each shard in turn, so that no shard waits for another to be emptied. Each sweep starts at
 * another shard: if time is always short, it is not always the same shard that suffers. An unreadable shard is skipped.
 */
async function* batchesOf(
  due: Due,
  nowMs: number,
  passOver: (error: unknown) => void,
): AsyncGenerator<Overdue[], void> {
  const first = Math.floor(nowMs / ROTATION_MS) % due.shards.length;
  const inTurn = [...due.shards.slice(first), ...due.shards.slice(0, first)];
  let shards = inTurn.map((shard) => due.overdue(shard, nowMs, BATCH));
  const headOf = (shard: (typeof shards)[number]) =>
    shard.next().catch((error: unknown) => {
      passOver(error);
      return { done: true, value: undefined } as const;
    });
  while (shards.length > 0) {
    const heads = await Promise.all(shards.map(headOf));
    for (const { done, value } of heads) if (!done && value.length > 0) yield value;
    shards = shards.filter((_, index) => !heads[index]?.done);
  }
}

async function settle(
  { key }: Overdue,
  lapsing: readonly Lapsing[],
  call: Call,
  { ports, table }: Deps,
): Promise<'expired' | 'skipped' | 'failed'> {
  try {
    const kind = lapsing.find(({ sortKey }) => sortKey === key.sk);
    if (kind === undefined) throw new Error(`nothing says how ${key.pk} ${key.sk} lapses`);
    await commit(table, kind.lapse(key, call));
    return 'expired';
  } catch (error) {
    if (error instanceof Stale || (error instanceof Refusal && !isGivenUp(error))) return 'skipped';
    ports.log({ level: 'error', job: call.action, requestId: call.requestId, item: key, error: String(error) });
    return 'failed';
  }
}
