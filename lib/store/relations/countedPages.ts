import { type Place, placeRank, relationKey, spanOf } from '#lib/store/keys.ts';
import { atLeastNone, type Counts, sumOf } from '#lib/store/relations/counts.ts';
import { isOverdueAlone, isWanted, type RelationFilter } from '#lib/store/relations/filters.ts';
import { asParentIn, keysAlone, listings, oldestFirst, type Range, rangeOfPlaces } from '#lib/store/relations/lists.ts';
import { passOver } from '#lib/store/relations/passOver.ts';
import { type Beginning, beginning, everyOne, keysOf } from '#lib/store/relations/readings.ts';
import type { Query, Row, Table } from '#lib/table/table.ts';

/** A list whose parent's side is counted and not read as a whole, and the part of it that is asked for. */
export interface CountedList {
  readonly filter: RelationFilter;
  /** What the account is the child of, with the tally of what it is the parent of. */
  readonly side: readonly Row[];
  /** The same without the tally. */
  readonly own: readonly Row[];
  readonly counts: Counts;
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
/** How many more rows may be read of a place than are wanted. */
const SLACK = 1;

/** Whether a page is so near the beginning that all before it is read too. */
export function isNear({ limit, offset }: Pick<CountedList, 'limit' | 'offset'>): boolean {
  return offset + limit <= NEAR;
}

/** The beginning of a list: its first rows of each place, as far as a page may reach. */
interface Heads {
  readonly rows: readonly Row[];
  /** Whether those are all there are. */
  readonly isWhole: boolean;
  /** Whether one request has read them all, so that they are of one moment. */
  readonly isOfOneMoment: boolean;
}

/** Reads what stands in these places, of `whole` all and else as far as the page may reach: by a query for each stretch, side by side. */
export async function headsOf(
  table: Table,
  { counts, filter, limit, offset }: CountedList,
  wanted: readonly Place[],
  whole: readonly Place[],
  queryOf: (range: Range) => Query,
): Promise<Heads> {
  const heads = await Promise.all(
    stretchesOf(counts, wanted).map((stretch) => {
      const last = stretch.at(-1) ?? 'ended';
      const ahead = spanOf(stretch).filter((place) => place !== last || whole.includes(place));
      const size = atLeastNone(counts, ahead) + offset + limit + SLACK;
      const isInLast = ({ gsi1sk, status }: Row) =>
        String(gsi1sk).startsWith(placeRank(last)) && filter.statuses.some((one) => one === status);
      const isEnough = ({ rows }: Beginning) => !whole.includes(last) && rows.filter(isInLast).length >= offset + limit;
      return beginning(table, queryOf(rangeOfPlaces(filter, stretch)), size, isEnough);
    }),
  );
  return {
    rows: heads.flatMap(({ rows }) => rows),
    isWhole: heads.every(({ next }) => next === undefined),
    isOfOneMoment: heads.length === 1 && heads.every(({ pages }) => pages === 1),
  };
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

/** The page, of rows among which it is. */
export function nearPage({ limit, offset }: CountedList, rows: readonly Row[]): Row[] {
  return distinct(rows).slice(offset, offset + limit);
}

/**
 * A page far from the beginning, of some places and of `known` rows, which are anywhere. What lies before it is passed over: of one long
 * place by a count of keys, of several by the keys themselves.
 */
export async function farPage(
  table: Table,
  { counts, filter, limit, offset }: CountedList,
  wanted: readonly Place[],
  known: readonly Row[],
): Promise<Row[]> {
  const isShort = (place: Place) => counts.in[place] <= FEW || isOverdueAlone(filter, place);
  const queryOf = (place: Place) => asParentIn(filter, rangeOfPlaces(filter, [place]));
  const few = await Promise.all(wanted.filter(isShort).map((place) => everyOne(table, queryOf(place))));
  const beside = distinct([...known, ...few.flat()]);
  const [only, ...others] = wanted.filter((place) => !isShort(place)).map(queryOf);
  if (only && others.length === 0) {
    const { ahead, position, rows } = await passOver(table, only, beside, offset, limit);
    return distinct([...ahead, ...rows]).slice(offset - position, offset - position + limit);
  }
  const long = only ? [only, ...others] : [];
  const keys = await Promise.all(long.map((query) => keysOf(table, keysAlone(query), offset + limit)));
  const page = distinct([...beside, ...keys.flat()]).slice(offset, offset + limit);
  return rowsOf(table, filter, page, beside);
}

/** Finds the page among the listings of all that a parent has. Answers how to read its rows. */
export async function pageListed(
  table: Table,
  { filter, limit, offset, own }: CountedList,
): Promise<() => Promise<Row[]>> {
  const { ahead, position, rows } = await passOver(table, listings(filter), own, offset, limit);
  const page = [...ahead, ...rows].toSorted(oldestFirst).slice(offset - position, offset - position + limit);
  return () => rowsOf(table, filter, page, own);
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

/** Each relation once, as it was last read, oldest first. */
function distinct(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map((row) => [row['id'], row])).values()].toSorted(oldestFirst);
}
