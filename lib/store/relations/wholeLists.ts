import { type Relation, relationAt } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { relationKey } from '#lib/store/keys.ts';
import type { RelationFilter } from '#lib/store/relations/filters.ts';
import {
  asChildInOneGo,
  asChildInTurn,
  asParentIn,
  keysAlone,
  oldestFirst,
  queriesWith,
  type Range,
} from '#lib/store/relations/lists.ts';
import { everyOne, inTurn, isSame, keysOf, LARGE } from '#lib/store/relations/readings.ts';
import { relationOf } from '#lib/store/relations/rows.ts';
import { stretchesByPhase } from '#lib/store/relations/stretches.ts';
import type { Query, Row, Table } from '#lib/table/table.ts';

const MAX_READINGS = 12;
const PAUSE_MS = 20;

/** Tries until something is found that has not moved meanwhile. Throws `Busy` when there is no end to it. */
export async function untilStill<Found>(table: Table, read: () => Promise<Found | undefined>): Promise<Found> {
  for (let reading = 0; reading < MAX_READINGS; reading++) {
    const found = await read();
    if (found !== undefined) return found;
    await table.pause(PAUSE_MS);
  }
  throw new Refusal('Busy', {});
}

/**
 * A whole list, of which `own` is what the account was seen to be the child of. What it is the parent of is read by one request, so as of
 * one moment: undefined if that does not reach. `moved` if the other side has changed meanwhile.
 */
export async function readInOneGo(
  table: Table,
  filter: RelationFilter,
  own: readonly Row[],
  range: Range,
  size: number,
): Promise<Row[] | 'moved' | undefined> {
  const parents = await table.page(asParentIn(filter, range), size);
  if (parents.next) return undefined;
  const again = await table.page(keysAlone(asChildInOneGo(filter, false)), LARGE);
  // Rows that are the same before and after the reading of the parent's were so at its time, too.
  return isSame(own, again.rows) ? [...own, ...parents.rows].toSorted(oldestFirst) : 'moved';
}

/** Part of a list of unknown length, and its total: reads all keys, then the rows of the part, then all keys again. */
export function readByKeys(
  table: Table,
  filter: RelationFilter,
  offset: number,
  limit: number,
): Promise<{ rows: Row[]; total: number }> {
  const stretches = stretchesByPhase(filter, false);
  const queries = [...asChildInTurn(filter), ...stretches.map(({ range }) => asParentIn(filter, range))].map(keysAlone);
  return untilStill(table, async () => {
    const keys = (await inTurn(queries, (query) => keysOf(table, query))).flat();
    const wanted = keys.toSorted(oldestFirst).slice(offset, offset + limit);
    const rows = await table.getMany(wanted.map(({ id }) => relationKey(Number(id))));
    const again = (await inTurn(queries, (query) => keysOf(table, query))).flat();
    const found = rows.filter((row) => row !== undefined);
    return isSame(keys, again) && isSame(wanted, found) ? { rows: found, total: keys.length } : undefined;
  });
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
    if (!isSame(found.flat(), again.flat())) return undefined;
    return [...found.flat(), ...rest].toSorted(oldestFirst).map((row) => relationAt(relationOf(row), filter.nowMs));
  });
}
