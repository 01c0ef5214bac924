import { type Relation, relationAt } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { relationKey } from '#lib/store/keys.ts';
import type { Part } from '#lib/store/relations/countedPages.ts';
import type { RelationFilter } from '#lib/store/relations/filters.ts';
import {
  asChildInOneGo,
  asChildInTurn,
  asParentIn,
  keysAlone,
  oldestFirst,
  queriesWith,
  type Range,
  rangesByPhase,
} from '#lib/store/relations/lists.ts';
import { everyOne, inTurn, isSame, keysOf, LARGE } from '#lib/store/relations/readings.ts';
import { relationOf } from '#lib/store/relations/rows.ts';
import type { Query, Row, Table } from '#lib/table/table.ts';

const MAX_READINGS = 12;
const PAUSE_MS = 20;

/** Tries until something is found that has not moved meanwhile. Throws `Busy` when there is no end to it. */
export async function untilStill<Found extends object>(
  table: Table,
  read: (reading: number) => Promise<Found | 'moved'>,
): Promise<Found> {
  for (let reading = 0; reading < MAX_READINGS; reading++) {
    const found = await read(reading);
    if (found !== 'moved') return found;
    await table.pause(PAUSE_MS);
  }
  throw new Refusal('Busy', {});
}

/**
 * A whole list, of which `own` is what the account was seen to be the child of. What it is the parent of is read by one request, so as of
 * one moment: `more` if that does not reach. `moved` if the other side has changed meanwhile.
 */
export async function readInOneGo(
  table: Table,
  filter: RelationFilter,
  own: readonly Row[],
  range: Range,
  size: number,
): Promise<Row[] | 'moved' | 'more'> {
  const parents = await table.page(asParentIn(filter, range), size);
  if (parents.next) return 'more';
  const again = await table.page(keysAlone(asChildInOneGo(filter, false)), LARGE);
  // Rows that are the same before and after the reading of the parent's were so at its time, too.
  return isSame(own, again.rows) ? [...own, ...parents.rows].toSorted(oldestFirst) : 'moved';
}

/** Part of a list of unknown length, and its total: reads all keys, then the rows of the part, then all keys again. */
export async function readByKeys(
  table: Table,
  filter: RelationFilter,
  offset: number,
  limit: number,
): Promise<Part | 'moved'> {
  const queries = [...asChildInTurn(filter), ...rangesByPhase(filter).map((range) => asParentIn(filter, range))];
  const readKeys = async () => (await inTurn(queries.map(keysAlone), (query) => keysOf(table, query))).flat();
  const keys = await readKeys();
  const wanted = keys.toSorted(oldestFirst).slice(offset, offset + limit);
  const rows = await table.getMany(wanted.map(({ id }) => relationKey(Number(id))));
  const found = rows.filter((row) => row !== undefined);
  return isSame(keys, await readKeys()) && isSame(wanted, found) ? { rows: found, total: keys.length } : 'moved';
}

/** All relations of the filter with these accounts, oldest first, as they were at one moment; else `Busy`. */
export async function relationsWith(
  table: Table,
  filter: RelationFilter,
  counterparties: readonly number[],
): Promise<Relation[]> {
  if (filter.statuses.length === 0) return [];
  const [own, ...others] = queriesWith(filter, counterparties);
  if (own === undefined) return [];
  const last = others.pop() ?? own;
  const before = [own, ...others];
  const readAll = (queries: readonly Query[]) => Promise.all(queries.map((query) => everyOne(table, query)));
  return untilStill(table, async () => {
    const found = await readAll(before);
    const rest = await everyOne(table, last);
    const again = await readAll(before.map(keysAlone));
    if (!isSame(found.flat(), again.flat())) return 'moved';
    return [...found.flat(), ...rest].toSorted(oldestFirst).map((row) => relationAt(relationOf(row), filter.nowMs));
  });
}
