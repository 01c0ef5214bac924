import { type Relation, relationAt } from '#lib/domain/relation/relation.ts';
import { spanOf } from '#lib/store/keys.ts';
import { canBeCounted, readCounted, readTwice } from '#lib/store/relations/countedLists.ts';
import type { Part } from '#lib/store/relations/countedPages.ts';
import { atLeastNone, countsOf } from '#lib/store/relations/counts.ts';
import { placesIn, type RelationFilter } from '#lib/store/relations/filters.ts';
import { rangeOfAll, rangeOfPlaces } from '#lib/store/relations/lists.ts';
import { LARGE, readSide, SMALL } from '#lib/store/relations/readings.ts';
import { relationOf } from '#lib/store/relations/rows.ts';
import { isTally, MANY } from '#lib/store/relations/tallies.ts';
import { readByKeys, readInOneGo, untilStill } from '#lib/store/relations/wholeLists.ts';
import type { Table } from '#lib/table/table.ts';

/** A page of a list, and how many there are in all. */
export interface Page {
  readonly relations: readonly Relation[];
  readonly total: number;
}

/** How often a list is read in the hope that nothing moves meanwhile and all answers are counted, before it is read otherwise. */
const PATIENCE = 4;

/**
 * Those at `offset` and after, oldest first, at most `limit`, and how many there are, both as of one moment: they are read until nothing has
 * moved meanwhile, else `Busy`. Only the total of a list that reaches over more than {@link LARGE} rows may be that of a moment before, and
 * the rows of a long list of all be as they were a moment after (D17).
 */
export async function readPage(table: Table, filter: RelationFilter, offset: number, limit: number): Promise<Page> {
  if (placesIn(filter).length === 0) return { relations: [], total: 0 };
  const { rows, total } = await untilStill(table, (reading) => readPart(table, filter, offset, limit, reading));
  return { relations: rows.map((row) => relationAt(relationOf(row), filter.nowMs)), total };
}

/** One reading. */
async function readPart(
  table: Table,
  filter: RelationFilter,
  offset: number,
  limit: number,
  reading: number,
): Promise<Part | 'moved'> {
  const side = await readSide(table, filter);
  if (side === undefined) return readByKeys(table, filter, offset, limit);
  const own = side.filter((row) => !isTally(row));
  const whole = async (most: number, range = rangeOfPlaces(filter, placesIn(filter))) => {
    const rows = await readInOneGo(table, filter, own, range, most);
    return rows === 'moved' || rows === 'more'
      ? rows
      : { rows: rows.slice(offset, offset + limit), total: rows.length };
  };
  const counts = countsOf(side.find(isTally));
  if (!counts?.isComplete) {
    // Who has no tally here has little, or what earlier versions wrote.
    const most = Math.min(Math.max(offset + limit, SMALL), LARGE);
    const found = counts ? 'more' : await whole(most, rangeOfAll(filter));
    return found === 'more' ? readByKeys(table, filter, offset, limit) : found;
  }
  const size = atLeastNone(counts, spanOf(placesIn(filter)));
  if (size > MANY) {
    const list = { filter, side, own, counts, offset, limit };
    const isCountable = reading < PATIENCE && canBeCounted(filter, counts);
    const counted = isCountable ? await readCounted(table, list) : 'unsettled';
    if (counted !== 'unsettled') return counted;
    if (size > LARGE) return isCountable ? 'moved' : readTwice(table, list);
  }
  // What is not counted yet can be more than what is.
  const found = await whole(LARGE);
  return found === 'more' ? readByKeys(table, filter, offset, limit) : found;
}
