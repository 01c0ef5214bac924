import { relationKey, tallyKey } from '#lib/store/keys.ts';
import type { Census } from '#lib/store/relations/census.ts';
import type { Counted } from '#lib/store/relations/countedLists.ts';
import { type Asked, isNear } from '#lib/store/relations/countedPages.ts';
import { type Counts, countsOf, totalOf } from '#lib/store/relations/counts.ts';
import { listings, oldestFirst } from '#lib/store/relations/lists.ts';
import { passOver } from '#lib/store/relations/passOver.ts';
import { areAll, isOwnStill, isSame, keysOf, readOwn } from '#lib/store/relations/readings.ts';
import { isGivenUp } from '#lib/table/commit.ts';
import type { Row, Table } from '#lib/table/table.ts';

/** So many rows can be read together with the tally. */
const MOST_TOGETHER = 99;

/**
 * Page and total of all that an account has, as of one moment: its listings tell which relations are on the page, and those are read together
 * with the tally. As `readCounted`.
 */
export async function readAll(table: Table, asked: Asked, before: Census): Promise<Counted> {
  const { filter, limit, offset } = asked;
  // Those from the beginning are read without waiting for what the account is the child of.
  const readNear = async () => (isNear(asked) ? keysOf(table, listings(filter), offset + limit) : undefined);
  const [own, near] = await Promise.all([readOwn(table, filter), readNear()]);
  if (own === undefined) return 'tooMuch';
  const page = near ? oldest([...own, ...near], offset, limit) : await pageListed(table, asked, own);
  const together = await readTogether(table, filter.uid, page, own);
  if (together === 'moved') return together;
  const { areOfOneMoment, counts, rows } = together;
  const part = { rows, total: own.length + totalOf(counts, filter.statuses) };
  const known = new Set(before.unsettled.map(({ id, v }) => `${id} ${v}`));
  const isUnmoved = (row: Row) =>
    row['countedAs'] === undefined || own.includes(row) || known.has(`${row['id']} ${row['v']}`);
  const areUnmoved = rows.every(isUnmoved);
  const isOfVersion = counts.version === before.counts.version;
  if (isOfVersion && areUnmoved) return { ...part, census: { ...before, counts } };
  // What is listed the same before and after the tally was read was so at that time.
  const isPageStill = async () =>
    near ? isSame(near, await readNear()) : isSame(page, await pageListed(table, asked, own));
  const isStill = await areAll(
    areOfOneMoment || areUnmoved,
    isOfVersion || isPageStill(),
    isOwnStill(table, filter, own),
  );
  return isStill ? part : 'moved';
}

/** Finds the page among the listings of all that a parent has. */
async function pageListed(table: Table, { filter, limit, offset }: Asked, own: readonly Row[]): Promise<Row[]> {
  const { ahead, position, rows } = await passOver(table, listings(filter), own, offset, limit);
  return oldest([...ahead, ...rows], offset - position, limit);
}

function oldest(rows: readonly Row[], offset: number, limit: number): Row[] {
  return rows.toSorted(oldestFirst).slice(offset, offset + limit);
}

interface Together {
  readonly rows: readonly Row[];
  readonly counts: Counts;
  readonly areOfOneMoment: boolean;
}

/** The rows of a page, those of `own` as they were read, and the counts of the same moment; of each part of them, if they are too many. */
async function readTogether(
  table: Table,
  uid: number,
  page: readonly Row[],
  own: readonly Row[],
): Promise<Together | 'moved'> {
  const byId = new Map(own.map((row) => [row['id'], row]));
  const ids = page.map(({ id }) => id).filter((id) => !byId.has(id));
  const parts = Array.from({ length: Math.max(1, Math.ceil(ids.length / MOST_TOGETHER)) }, (_, nth) =>
    ids.slice(nth * MOST_TOGETHER, (nth + 1) * MOST_TOGETHER),
  );
  const read = await Promise.all(parts.map((part) => tryTogether(table, uid, part)));
  const tallies = read.map((rows) => countsOf(rows?.[0]));
  const [counts] = tallies;
  if (!counts?.isComplete || tallies.some((tally) => tally?.version !== counts.version)) return 'moved';
  for (const row of read.flatMap((rows) => rows?.slice(1) ?? [])) if (row) byId.set(row['id'], row);
  const rows = page.flatMap(({ id }) => byId.get(id) ?? []);
  return rows.length === page.length ? { rows, counts, areOfOneMoment: parts.length === 1 } : 'moved';
}

/** The tally and some relations; undefined if all others who write them leave no moment for that. */
async function tryTogether(
  table: Table,
  uid: number,
  ids: readonly unknown[],
): Promise<(Row | undefined)[] | undefined> {
  try {
    return await table.getTogether([tallyKey(uid), ...ids.map((id) => relationKey(Number(id)))]);
  } catch (error) {
    if (isGivenUp(error)) return undefined;
    throw error;
  }
}
