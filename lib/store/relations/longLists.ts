import { relationAt } from '#lib/domain/relation/relation.ts';
import { type Place, placeRank, places, relationKey } from '#lib/store/keys.ts';
import type { Counts } from '#lib/store/relations/counts.ts';
import { isOverdueAlone, placesIn, type RelationFilter } from '#lib/store/relations/filters.ts';
import { asParentIn, keysAlone, listings, oldestFirst } from '#lib/store/relations/lists.ts';
import { passOver } from '#lib/store/relations/passOver.ts';
import { type Beginning, beginning, everyOne, inTurn, keysOf } from '#lib/store/relations/readings.ts';
import { relationOf } from '#lib/store/relations/rows.ts';
import { isFew, type Stretch, stretchesByPhase, stretchesOf } from '#lib/store/relations/stretches.ts';
import type { Row, Table } from '#lib/table/table.ts';

/** A list whose parent's side is too long to be read as a whole, and the part of it that is asked for. */
export interface LongList {
  readonly filter: RelationFilter;
  /** What the account is the child of. */
  readonly own: readonly Row[];
  readonly counts: Counts;
  /** How many there are in all, as far as they are counted. */
  readonly total: number;
  readonly offset: number;
  readonly limit: number;
}

/** The rows of a page, oldest first, and how many there are in all. */
export interface Part {
  readonly rows: readonly Row[];
  readonly total: number;
}

/** Up to here each place is read from its beginning; further on, what lies before the page is passed over by its keys. */
const DEEP = 200;
/** How many more rows may lie before a place than were counted when it was last read. */
const SLACK = 8;

/**
 * A page of a long list. It has once what is in the list throughout: what moves on while places are read one after the other, in the order
 * of life, is found later once more, and never missed.
 */
export function readLong(table: Table, list: LongList): Promise<Part> {
  const { counts, filter, limit, offset } = list;
  if (counts.isComplete && isOfAll(filter)) return readAllThere(table, list);
  return offset + limit <= DEEP ? readHeads(table, list) : readDeep(table, list);
}

/** Whether a filter leaves nothing out. */
function isOfAll(filter: RelationFilter): boolean {
  return placesIn(filter).length === places.length && !places.some((place) => isOverdueAlone(filter, place));
}

/** Of all that a parent lists there is an order of ids which nothing moves in. */
async function readAllThere(table: Table, { filter, limit, offset, own, total }: LongList): Promise<Part> {
  const { ahead, position, rows } = await passOver(table, listings(filter), own, offset, limit);
  const inOrder = [...ahead, ...rows].toSorted(oldestFirst).slice(offset - position, offset - position + limit);
  return { rows: await rowsOf(table, filter, inOrder, own), total };
}

/** Reads the beginning of each place. */
async function readHeads(table: Table, { counts, filter, limit, offset, own, total }: LongList): Promise<Part> {
  const end = offset + limit;
  const wanted = placesIn(filter);
  const once = counts.isComplete ? stretchesOf(filter, wanted, counts) : stretchesByPhase(filter, true);
  const heads = await inTurn([...once, ...readAgain(filter, once)], (stretch) => headOf(table, filter, stretch, end));
  const all = distinct([...own, ...heads.flatMap(({ rows }) => rows)]);
  const isWhole = heads.every(({ next }) => next === undefined);
  return { rows: all.slice(offset, end), total: isWhole ? all.length : total };
}

/** Passes over what lies before the page: of one long place by a count of keys, of several by the keys themselves. */
async function readDeep(table: Table, { counts, filter, limit, offset, own, total }: LongList): Promise<Part> {
  const wanted = placesIn(filter);
  const short = counts.isComplete ? wanted.filter((place) => isFew(counts, [place])) : [];
  const long = counts.isComplete
    ? wanted.filter((place) => !short.includes(place)).flatMap((place) => stretchesOf(filter, [place], counts))
    : stretchesByPhase(filter, true);
  const few = await inTurn(stretchesOf(filter, short, counts), ({ range }) =>
    everyOne(table, asParentIn(filter, range)),
  );
  const beside = distinct([...own, ...few.flat()]);
  const queries = long.map(({ range }) => asParentIn(filter, range));
  const [only, ...others] = queries;
  if (only && others.length === 0) {
    const { ahead, position, rows } = await passOver(table, only, beside, offset, limit);
    return { rows: distinct([...ahead, ...rows]).slice(offset - position, offset - position + limit), total };
  }
  const keys = await inTurn(queries, (query) => keysOf(table, keysAlone(query), offset + limit));
  const page = distinct([...beside, ...keys.flat()]).slice(offset, offset + limit);
  return { rows: await rowsOf(table, filter, page, beside), total };
}

/** At least the first `end` rows of the last place of a stretch, or all of them, with the places before it. */
function headOf(table: Table, filter: RelationFilter, stretch: Stretch, end: number): Promise<Beginning> {
  const last = stretch.places.at(-1);
  const isIn = (row: Row) => last === undefined || String(row['gsi1sk']).startsWith(placeRank(last));
  const isEnough = ({ rows }: Beginning) => rows.filter(isIn).length >= end;
  return beginning(table, asParentIn(filter, stretch.range), stretch.before + end + SLACK, isEnough);
}

/** Changes begin and end. What is read before what it may come from is read again. */
function readAgain(filter: RelationFilter, stretches: readonly Stretch[]): Stretch[] {
  if (isOverdueAlone(filter, 'changing')) return [];
  const withPlace = (place: Place) => stretches.find((stretch) => stretch.places.includes(place));
  const [changing, active] = [withPlace('changing'), withPlace('active')];
  return changing && active && changing !== active ? [changing] : [];
}

/** The rows of some keys, as they are now, without those that have left the list; those of `known` as they were read. */
async function rowsOf(
  table: Table,
  { nowMs, statuses }: RelationFilter,
  keys: readonly Row[],
  known: readonly Row[],
): Promise<Row[]> {
  const byId = new Map(known.map((row) => [row['id'], row]));
  const unknown = keys.filter(({ id }) => !byId.has(id));
  for (const row of await table.getMany(unknown.map(({ id }) => relationKey(Number(id))))) {
    if (row && statuses.includes(relationAt(relationOf(row), nowMs).status)) byId.set(row['id'], row);
  }
  return keys.flatMap(({ id }) => byId.get(id) ?? []);
}

/** Each relation once, as it was last read, oldest first. */
function distinct(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map((row) => [row['id'], row])).values()].toSorted(oldestFirst);
}
