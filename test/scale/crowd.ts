import { Refusal } from '#lib/errors.ts';
import { commit, type Write } from '#lib/table/commit.ts';
import type { Action, Cancellation, Table } from '#lib/table/table.ts';

/** How long a transaction holds its items, ms, as DynamoDB's two phases take within a region. */
const HELD_MS = 10;
/** From the process to DynamoDB and back, ms. */
const ROUND_TRIP_MS = 2;
/** How long a call is tried, ms. */
const CALL_MS = 2500;

/** What became of a crowd of writers. */
export interface Outcome {
  /** Of those that set out, percent. */
  readonly done: number;
  readonly busy: number;
  /** Transactions for each one that was done. */
  readonly tries: number;
  /** How long the middle one and the slowest in a hundred took, ms. */
  readonly medianMs: number;
  readonly slowMs: number;
}

/** Time that passes only when everybody waits. */
function openTime() {
  let nowMs = 0;
  let order = 0;
  const waiting: { atMs: number; order: number; wake: () => void }[] = [];
  return {
    now: () => nowMs,
    sleep: (ms: number) =>
      new Promise<void>((wake) => {
        waiting.push({ atMs: nowMs + ms, order: order++, wake });
      }),
    /** Lets time pass until nobody waits any more. */
    async run(): Promise<void> {
      while (waiting.length > 0) {
        waiting.sort((one, other) => one.atMs - other.atMs || one.order - other.order);
        const next = waiting.shift();
        if (next) nowMs = next.atMs;
        next?.wake();
        // Whoever was woken goes on until it waits again.
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

/** Numbers from 0 to 1 that are the same in every run. */
function drawing(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const conflict: Cancellation = { code: 'TransactionConflict', message: '', old: undefined };

/**
 * A thousand writers, so many a second, each with a transaction of its own row and one of so many rows that all share. What stands against
 * them is DynamoDB's rule alone: a transaction is cancelled at once if another holds one of its items.
 */
export async function crowd(aSecond: number, sharedRows: number): Promise<Outcome> {
  const { now, run, sleep } = openTime();
  const random = drawing();
  const held = new Set<string>();
  let tries = 0;
  const unexpected = () => {
    throw new Error('a commit only transacts');
  };
  const keysOf = (actions: readonly Action[]) =>
    actions.map((action) => ('Put' in action ? String(action.Put.Item?.['pk']) : ''));
  const table: Table = {
    ...{ get: unexpected, getMany: unexpected, getTogether: unexpected },
    ...{ query: unexpected, page: unexpected, countPage: unexpected },
    pause: (upToMs) => sleep(random() * upToMs),
    async transact(actions) {
      tries++;
      const keys = keysOf(actions);
      await sleep(ROUND_TRIP_MS / 2);
      if (keys.some((key) => held.has(key))) {
        await sleep(ROUND_TRIP_MS / 2);
        return [conflict];
      }
      for (const key of keys) held.add(key);
      await sleep(HELD_MS);
      for (const key of keys) held.delete(key);
      await sleep(ROUND_TRIP_MS / 2);
      return undefined;
    },
  };
  const took: number[] = [];
  let busy = 0;
  const writers = Array.from({ length: 1000 }, async (_, nth) => {
    await sleep(((nth + random()) / aSecond) * 1000);
    const begunMs = now();
    try {
      await commit(table, [put(`own ${nth}`), put(`shared ${Math.floor(random() * sharedRows)}`)].flat(), {
        remainingMs: () => begunMs + CALL_MS - now(),
      });
      took.push(now() - begunMs);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      busy++;
    }
  });
  await run();
  await Promise.all(writers);
  const sorted = took.toSorted((one, other) => one - other);
  return {
    done: took.length / 10,
    busy: busy / 10,
    tries: tries / took.length,
    medianMs: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
    slowMs: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN,
  };
}

function put(pk: string): Write {
  return [{ action: { Put: { Item: { pk, sk: 'ROW' } } }, refused: () => new Error('no condition was set') }];
}
