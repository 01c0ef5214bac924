import { AsyncLocalStorage } from 'node:async_hooks';

/** What a call asked of the table: requests, and what they consumed in DynamoDB's read and write units. */
export interface Usage {
  roundTrips: number;
  readUnits: number;
  writeUnits: number;
}

/** What DynamoDB says a request consumed; of a batch or a transaction, by table. */
type Consumed = { readonly CapacityUnits?: number | undefined };

// One table serves all calls of a process, at the same time in the emulator: each call's context tells whose request it is.
const usages = new AsyncLocalStorage<Usage>();

/** Nothing asked yet. */
export const unused = (): Usage => ({ roundTrips: 0, readUnits: 0, writeUnits: 0 });

/** Runs a call, counting in `usage` what it asks of the table. */
export function metered<T>(usage: Usage, run: () => Promise<T>): Promise<T> {
  return usages.run(usage, run);
}

/** Counts one request towards the call it is part of, if it is part of any. A refused transaction's units are not told. */
export function countRequest(kind: 'readUnits' | 'writeUnits', consumed: Consumed | readonly Consumed[] = []): void {
  const usage = usages.getStore();
  if (usage === undefined) return;
  usage.roundTrips++;
  for (const { CapacityUnits = 0 } of [consumed].flat()) usage[kind] += CapacityUnits;
}
