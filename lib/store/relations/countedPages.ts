import { type Place, relationKey } from '#lib/store/keys.ts';
import { type Counts, placesOf } from '#lib/store/relations/counts.ts';
import { isWanted, type RelationFilter } from '#lib/store/relations/filters.ts';
import { asParentIn, keysAlone, oldestFirst, rangeOfPlaces } from '#lib/store/relations/lists.ts';
import { passOver } from '#lib/store/relations/passOver.ts';
import { everyOne, keysOf } from '#lib/store/relations/readings.ts';
import type { Row, Table } from '#lib/table/table.ts';

/** A list, and the part of it that is asked for. */
export interface Asked {
  readonly filter: RelationFilter;
  readonly offset: number;
  readonly limit: number;
}

/** The rows of a page, oldest first, and how many there are in all. */
export interface Part {
  readonly rows: readonly Row[];
  readonly total: number;
}

/** Up to here each place is read from its beginning; further on, what lies before the page is passed over by its keys. */
const NEAR = 200;
/** Places of at most so many rows are read through on the way to others. */
export const FEW = 100;

/** Whether a page is so near the beginning that all before it is read too. */
export function isNear({ limit, offset }: Asked): boolean {
  return offset + limit <= NEAR;
}

/**
 * A page far from the beginning, of the places of its list and of `known` rows, which are anywhere. What lies before it is passed over: of one
 * long place by a count of keys, of several by the keys themselves.
 */
export async function farPage(table: Table, asked: Asked, counts: Counts, known: readonly Row[]): Promise<Row[]> {
  const { filter, limit, offset } = asked;
  const wanted = placesOf(filter.statuses, filter.policies);
  const isShort = (place: Place) => counts.in[place] <= FEW;
  const queryOf = (place: Place) => asParentIn(filter, rangeOfPlaces(filter, [place]));
  const few = await Promise.all(wanted.filter(isShort).map((place) => everyOne(table, queryOf(place))));
  const beside = [...known, ...few.flat()].toSorted(oldestFirst);
  const [only, ...others] = wanted.filter((place) => !isShort(place)).map(queryOf);
  if (only && others.length === 0) {
    const { ahead, position, rows } = await passOver(table, only, beside, offset, limit);
    return [...ahead, ...rows].toSorted(oldestFirst).slice(offset - position, offset - position + limit);
  }
  const long = only ? [only, ...others] : [];
  const keys = await Promise.all(long.map((query) => keysOf(table, keysAlone(query), offset + limit)));
  const page = [...beside, ...keys.flat()].toSorted(oldestFirst).slice(offset, offset + limit);
  return rowsOf(table, filter, page, beside);
}

/** The rows of some keys, as they are now, without those that have left the list; those of `known` as they were read. */
async function rowsOf(
  table: Table,
  filter: RelationFilter,
  keys: readonly Row[],
  known: readonly Row[],
): Promise<Row[]> {
  const byId = new Map(known.map((row) => [row['id'], row]));
  const unknown = keys.filter(({ id }) => !byId.has(id));
  for (const row of await table.getMany(unknown.map(({ id }) => relationKey(Number(id))))) {
    if (row && isWanted(filter, row)) byId.set(row['id'], row);
  }
  return keys.flatMap(({ id }) => byId.get(id) ?? []);
}
