import type { Path } from '#infra/local/seed/document.ts';
import type { ReadSeed } from '#infra/local/seed/read.ts';
import { unrecorded } from '#infra/local/unrecorded.ts';
import { answerTo, Refusal } from '#lib/errors.ts';
import { billingErrors } from '#lib/products/billing/errors.ts';
import { bssErrors } from '#lib/products/bss/errors.ts';
import { directoryErrors } from '#lib/products/directory/errors.ts';
import { governanceErrors } from '#lib/products/governance/errors.ts';
import { operatorErrors } from '#lib/products/operator/errors.ts';
import { commit, Stale, type Write, type WriteItem } from '#lib/table/commit.ts';
import { isOfSameRow } from '#lib/table/items.ts';
import type { Key, Row, Table } from '#lib/table/table.ts';

/** What makes one thing of a seed, and where the seed says so. */
export interface SeedWrite {
  readonly write: Write;
  readonly path: Path;
}

/** The most items of a transaction, and of a request that reads. */
const MOST_ITEMS = 100;
/** A seed is loaded while nobody else writes, so what waits is the engine alone: a second request fills the gaps of the first. */
const AT_ONCE = 2;
/** Among how many transactions room is looked for. */
const MOST_OPEN = 16;

/** Writes as one. What a later one checks or claims of a row that an earlier one puts is so by then, and a transaction names a row once only. */
export function asOne(...writes: readonly Write[]): Write {
  const items: WriteItem[] = [];
  for (const item of writes.flat()) {
    // An account whose name is its e-mail claims that twice.
    const isSettled = 'ConditionCheck' in item.action || 'Put' in item.action;
    if (isSettled && items.some((one) => isOfSameRow(one, item))) continue;
    items.push(item);
  }
  return items;
}

/** Does work on all, some at once. After an error nothing is begun any more; it is thrown once all that was begun has ended. */
async function onAll<One extends object | number>(
  all: readonly One[],
  work: (one: One) => Promise<void>,
): Promise<void> {
  const rest = [...all];
  const errors: unknown[] = [];
  const takeOn = async () => {
    for (let one = rest.shift(); one !== undefined && errors.length === 0; one = rest.shift()) {
      await work(one).catch((error: unknown) => errors.push(error));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, takeOn));
  if (errors.length > 0) throw errors[0];
}

/** The rows of some keys, in their order. */
export async function rowsOf(table: Table, keys: readonly Key[]): Promise<(Row | undefined)[]> {
  const rows: (Row | undefined)[] = [];
  await onAll(startsOf(keys), async (start) => {
    const found = await table.getMany(keys.slice(start, start + MOST_ITEMS));
    for (const [index, row] of found.entries()) rows[start + index] = row;
  });
  return rows;
}

function startsOf(all: readonly unknown[]): number[] {
  return Array.from({ length: Math.ceil(all.length / MOST_ITEMS) }, (_, index) => index * MOST_ITEMS);
}

/** Commits writes that do not build on each other, as many as fit in one transaction. Throws `SeedError` for what is refused. */
export async function commitAll(table: Table, read: ReadSeed, writes: readonly SeedWrite[]): Promise<void> {
  await onAll(batchesOf(writes.filter(({ write }) => write.length > 0)), async (batch) => {
    try {
      await commit(
        table,
        batch.flatMap((one) => told(read, one, true)),
      );
    } catch (error) {
      if (!(error instanceof Stale) || batch.length === 1) throw error;
      // A write that has another way of going on takes it by itself.
      for (const one of batch) await commit(table, told(read, one, false));
    }
  });
}

/** The same write without events, with its refusals told by their places; `Stale` in place of another write if it is one of many. */
function told(read: ReadSeed, { path, write }: SeedWrite, isOfMany: boolean): Write {
  return unrecorded(write).map((item) => ({
    ...item,
    refused(row) {
      const outcome = item.refused(row);
      if (outcome instanceof Refusal) return refusedAt(read, path, outcome);
      if (outcome instanceof Error) return outcome;
      return isOfMany ? new Stale() : told(read, { path, write: outcome }, false);
    },
  }));
}

/** Does what may throw a refusal. Throws `SeedError` instead. */
export function refusing<Result>(read: ReadSeed, path: Path, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof Refusal ? refusedAt(read, path, error) : error;
  }
}

/** The same of work that takes time. */
export async function refusingLate<Result>(read: ReadSeed, path: Path, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Refusal ? refusedAt(read, path, error) : error;
  }
}

const catalogues = [operatorErrors, bssErrors, directoryErrors, governanceErrors, billingErrors];

function refusedAt(read: ReadSeed, path: Path, refusal: Refusal): Error {
  const message = answerTo(refusal, catalogues)?.message ?? '';
  return read.refused([read.faultAt(path, `is refused: ${refusal.reason}. ${message}`.trim())]);
}

/** First fit: a write goes into the first open transaction that has room for it and names none of its rows. */
function batchesOf(writes: readonly SeedWrite[]): SeedWrite[][] {
  const batches: { readonly writes: SeedWrite[]; readonly rows: Set<string>; size: number }[] = [];
  for (const one of writes) {
    const rows = one.write.map(({ action }) => rowNamed(action));
    const open = batches
      .slice(-MOST_OPEN)
      .find((batch) => batch.size + rows.length <= MOST_ITEMS && !rows.some((row) => batch.rows.has(row)));
    const batch = open ?? { writes: [], rows: new Set<string>(), size: 0 };
    if (open === undefined) batches.push(batch);
    batch.writes.push(one);
    batch.size += rows.length;
    for (const row of rows) batch.rows.add(row);
  }
  return batches.map((batch) => batch.writes);
}

function rowNamed(action: Write[number]['action']): string {
  const key = 'Put' in action ? action.Put.Item : Object.values(action)[0]?.Key;
  return `${key?.['pk']} ${key?.['sk']}`;
}
