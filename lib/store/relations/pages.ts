import { type Relation, relationAt } from '#lib/domain/relation/relation.ts';
import { tallyKey } from '#lib/store/keys.ts';
import { type Counts, countsOf, totalOf } from '#lib/store/relations/counts.ts';
import { placesIn, type RelationFilter } from '#lib/store/relations/filters.ts';
import { asChildInOneGo } from '#lib/store/relations/lists.ts';
import { type Part, readLong } from '#lib/store/relations/longLists.ts';
import { LARGE, SMALL } from '#lib/store/relations/readings.ts';
import { relationOf } from '#lib/store/relations/rows.ts';
import { wholeOf } from '#lib/store/relations/stretches.ts';
import { tallyRow } from '#lib/store/relations/tallies.ts';
import { readByKeys, readInOneGo, untilStill } from '#lib/store/relations/wholeLists.ts';
import type { Row, Table } from '#lib/table/table.ts';

/** A page of a list, and how many there are in all. */
export interface Page {
  readonly relations: readonly Relation[];
  readonly total: number;
}

/**
 * Those at `offset` and after, oldest first, at most `limit`, and how many there are. Page and total of a list that reaches over no more
 * than {@link LARGE} rows are of one moment: they are read until nothing has moved meanwhile, else `Busy`. Of a longer list the page
 * has once what is in the list throughout, and the total is what was counted last (D17).
 */
export async function readPage(table: Table, filter: RelationFilter, offset: number, limit: number): Promise<Page> {
  if (placesIn(filter).length === 0) return { relations: [], total: 0 };
  const { rows, total } = await untilStill(table, () => readPart(table, filter, offset, limit));
  return { relations: rows.map((row) => relationAt(relationOf(row), filter.nowMs)), total };
}

/** One reading; undefined if something has moved meanwhile. */
async function readPart(
  table: Table,
  filter: RelationFilter,
  offset: number,
  limit: number,
): Promise<Part | undefined> {
  const end = offset + limit;
  const asChild = await table.page(asChildInOneGo(filter, true), LARGE);
  if (asChild.next) return readByKeys(table, filter, offset, limit);
  const own = asChild.rows.filter((row) => !isTally(row));
  const filed = asChild.rows.find(isTally);
  const seen = await readWhole(table, filter, own, countsOf(filed), end);
  if (seen === 'moved') return undefined;
  if (seen) return { rows: seen.slice(offset, end), total: seen.length };
  const tally = filed ?? (await table.get(tallyKey(filter.uid)));
  const counts = countsOf(tally);
  const whole = filed || !counts?.isComplete ? undefined : await readWhole(table, filter, own, counts, end);
  if (whole === 'moved') return undefined;
  if (whole) return { rows: whole.slice(offset, end), total: whole.length };
  const kept = totalOf(tally, filter.statuses, filter.policies);
  if (counts === undefined || kept === undefined) return readByKeys(table, filter, offset, limit);
  if (kept <= LARGE && !isLong(filter, counts)) return readByKeys(table, filter, offset, limit);
  return readLong(table, { filter, own, counts, total: kept + own.length, offset, limit });
}

/** The whole list, if it is as short as the tally says, or, if that says nothing, as most are. */
async function readWhole(
  table: Table,
  filter: RelationFilter,
  own: readonly Row[],
  counts: Counts | undefined,
  end: number,
): Promise<Row[] | 'moved' | undefined> {
  if (isLong(filter, counts)) return undefined;
  const { range, size } = wholeOf(filter, counts);
  const most = size === undefined ? Math.min(Math.max(end, SMALL), LARGE) : size + SMALL;
  return readInOneGo(table, filter, own, range, most);
}

/** Whether a list is known to reach over too many rows to be read in one go. */
function isLong(filter: RelationFilter, counts: Counts | undefined): boolean {
  const { size = 0 } = wholeOf(filter, counts);
  return size > LARGE;
}

function isTally(row: Row): boolean {
  return row['type'] === tallyRow.type;
}
