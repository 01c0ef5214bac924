import { type Place, placeRank, places, relationKey, spanOf } from '#lib/store/keys.ts';
import { type Counts, placesOf, sumOf } from '#lib/store/relations/counts.ts';
import { isWanted, type Lapsing, lapsingIn, type RelationFilter } from '#lib/store/relations/filters.ts';
import { asParentIn, keysAlone, oldestFirst, rangeOfPlaces } from '#lib/store/relations/lists.ts';
import { passOver } from '#lib/store/relations/passOver.ts';
import { type Beginning, beginning, everyOne, keysOf } from '#lib/store/relations/readings.ts';
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
const FEW = 100;
/** How many more rows are read of a place than are wanted, in case some of them move meanwhile. */
const SLACK = 2;

/** Whether a page is so near the beginning that all before it is read too. */
export function isNear({ limit, offset }: Asked): boolean {
  return offset + limit <= NEAR;
}

/** The first rows of a list in some neighbouring places: all of those in each place but the last, and of that as many as the page may reach. */
export interface Stretch {
  readonly rows: readonly Row[];
  readonly last: Place;
  /** Whether those are all there are. */
  readonly isWhole: boolean;
}

/** What has lapsed in a place, which is not recorded. */
export interface Lapsed {
  readonly rows: readonly Row[];
  /** Whether the list has it, or has what has not. */
  readonly isListed: boolean;
}

/** The beginning of a list, and what has lapsed where that decides what is listed: in places of few among their rows, else by itself. */
export interface Beginnings {
  readonly stretches: readonly Stretch[];
  readonly lapsed: readonly Lapsed[];
}

/** Reads the beginning of a list by a query for each stretch of its places, side by side. */
export async function readBeginnings(table: Table, asked: Asked, counts: Counts): Promise<Beginnings> {
  const { filter } = asked;
  const lapsing = lapsingIn(filter).filter(({ place }) => counts.in[place] > 0);
  const [few, many] = [lapsing.filter(isFew), lapsing.filter((one) => !isFew(one))];
  const [stretches, lapsed] = await Promise.all([readStretches(table, asked, counts, few), readLapsed(table, many)]);
  const amongFew = few.map(({ isListed, place }): Lapsed => {
    const rows = stretches.flatMap((stretch) => stretch.rows).filter((row) => isIn(place, row));
    return { rows: rows.filter((row) => isWanted(filter, row) === isListed), isListed };
  });
  return { stretches, lapsed: [...amongFew, ...lapsed] };

  function isFew({ place }: Lapsing): boolean {
    return counts.in[place] <= FEW;
  }
}

async function readStretches(
  table: Table,
  { filter, limit, offset }: Asked,
  counts: Counts,
  lapsing: readonly Lapsing[],
): Promise<Stretch[]> {
  // With the statuses of what has lapsed, all in those places is found.
  const wider = { ...filter, statuses: [...filter.statuses, ...lapsing.flatMap((one) => one.filter.statuses)] };
  const isWhole = (place: Place) => lapsing.some((one) => one.place === place);
  const listed = placesOf(filter.statuses, filter.policies);
  const wanted = places.filter((place) => listed.includes(place) || isWhole(place));
  return Promise.all(
    stretchesOf(counts, wanted).map(async (stretch) => {
      const last = stretch.at(-1) ?? 'ended';
      const enough = isWhole(last) ? counts.in[last] + 1 : offset + limit + SLACK;
      const size = sumOf(counts, spanOf(stretch).slice(0, -1)) + enough;
      const isEnough = ({ rows }: Beginning) => rows.filter((row) => isIn(last, row)).length >= enough;
      const query = asParentIn(wider, rangeOfPlaces(wider, stretch));
      const { next, rows } = await beginning(table, query, size, isEnough);
      return { rows, last, isWhole: next === undefined };
    }),
  );
}

/** Reads what has lapsed in some places. Of what is not listed the keys will do. */
export async function readLapsed(table: Table, lapsing: readonly Lapsing[]): Promise<Lapsed[]> {
  return Promise.all(
    lapsing.map(async ({ filter, isListed, place }) => {
      const query = asParentIn(filter, rangeOfPlaces(filter, [place]));
      return { rows: await (isListed ? everyOne(table, query) : keysOf(table, keysAlone(query))), isListed };
    }),
  );
}

export function isIn(place: Place, { gsi1sk }: Row): boolean {
  return String(gsi1sk).startsWith(placeRank(place));
}

/** The places in stretches of neighbours that one query reads: on the way to the last of each few rows are passed. */
function stretchesOf(counts: Counts, wanted: readonly Place[]): Place[][] {
  const found: Place[][] = [];
  for (const place of wanted) {
    const current = found.at(-1);
    const passed = current && spanOf([...current.slice(-1), place]).slice(0, -1);
    if (passed && sumOf(counts, passed) <= FEW) current.push(place);
    else found.push([place]);
  }
  return found;
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
