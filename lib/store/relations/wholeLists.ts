import { type Relation, relationAt } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { relationKey } from '#lib/store/keys.ts';
import type { Asked, Part } from '#lib/store/relations/countedPages.ts';
import { isWanted, type RelationFilter } from '#lib/store/relations/filters.ts';
import {
  asChildInTurn,
  asParentIn,
  asParentInAll,
  keysAlone,
  oldestFirst,
  queriesWith,
  rangesByPhase,
} from '#lib/store/relations/lists.ts';
import { beginning, everyOne, inTurn, isSame, keysOf, LARGE, readOwn } from '#lib/store/relations/readings.ts';
import { relationOf } from '#lib/store/relations/rows.ts';
import type { Query, Row, Table } from '#lib/table/table.ts';

const MAX_READINGS = 12;
const PAUSE_MS = 20;

/** Tries until something is found that has not moved meanwhile. Throws `Busy` when there is no end to it. */
export async function untilStill<Found extends object>(
  table: Table,
  read: () => Promise<Found | 'moved'>,
): Promise<Found> {
  for (let reading = 0; reading < MAX_READINGS; reading++) {
    const found = await read();
    if (found !== 'moved') return found;
    await table.pause(PAUSE_MS);
  }
  throw new Refusal('Busy', {});
}

/**
 * Part of a whole list, and its total, where `parents` is all that the account was seen to be the parent of by one request of `size`. What it is the
 * child of is read by another: `tooMuch` if that does not reach. `moved` if the parent's side has changed meanwhile.
 */
export async function readInOneGo(
  table: Table,
  { filter, limit, offset }: Asked,
  parents: readonly Row[],
  size: number,
): Promise<Part | 'moved' | 'tooMuch'> {
  const own = await readOwn(table, filter);
  if (own === undefined) return 'tooMuch';
  const again = await table.page(keysAlone(asParentInAll(filter)), size);
  // Rows that are the same before and after the reading of the child's were so at its time, too.
  if (again.next || !isSame(parents, again.rows)) return 'moved';
  const all = [...own, ...parents.filter((row) => isWanted(filter, row))].toSorted(oldestFirst);
  return { rows: all.slice(offset, offset + limit), total: all.length };
}

/** Part of a list of unknown length, and its total: reads all keys, then the rows of the part, then all keys again. */
export async function readByKeys(table: Table, { filter, limit, offset }: Asked): Promise<Part | 'moved'> {
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
    const rest = await beginning(table, last, LARGE, () => false);
    // By one request the last is of one moment anyway.
    const parted = rest.pages > 1 ? [last] : [];
    const again = await readAll([...before, ...parted].map(keysAlone));
    const rows = [...found.flat(), ...rest.rows];
    if (!isSame(parted.length > 0 ? rows : found.flat(), again.flat())) return 'moved';
    return rows.toSorted(oldestFirst).map((row) => relationAt(relationOf(row), filter.nowMs));
  });
}
