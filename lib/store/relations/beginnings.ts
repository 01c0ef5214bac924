import { type Place, placeRank, places, spanOf } from '#lib/store/keys.ts';
import { type Census, censusOf, endsUnsettled } from '#lib/store/relations/census.ts';
import { type Asked, FEW } from '#lib/store/relations/countedPages.ts';
import { type Counts, placesOf, sumOf } from '#lib/store/relations/counts.ts';
import { isWanted, type Lapsing, lapsingIn, type RelationFilter } from '#lib/store/relations/filters.ts';
import { asParentIn, asParentUpTo, keysAlone, rangeOfPlaces } from '#lib/store/relations/lists.ts';
import { type Beginning, beginning, everyOne, keysOf } from '#lib/store/relations/readings.ts';
import { isTally } from '#lib/store/relations/tallies.ts';
import type { Row, Table } from '#lib/table/table.ts';

/** How many more rows are read of a place than are wanted, in case some of them move meanwhile. */
const SLACK = 2;
/** How many rows may lie before the end of a page that is read at once with its census: to read it by itself passes over most of them. */
const MOST_AT_ONCE = 300;

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
  const lapsing = lapsingIn(asked.filter).filter(({ place }) => counts.in[place] > 0);
  const isFew = ({ place }: Lapsing) => counts.in[place] <= FEW;
  const [few, many] = [lapsing.filter(isFew), lapsing.filter((one) => !isFew(one))];
  const [stretches, lapsed] = await Promise.all([readStretches(table, asked, counts, few), readLapsed(table, many)]);
  return { stretches, lapsed: [...lapsedIn(stretches, few), ...lapsed] };
}

/**
 * The beginning of a list, and the census it agrees with, by one request: so both are of one moment, whatever happens. Undefined if too many
 * rows lie before the end of that, or more than `before` has.
 */
export async function readAtOnce(
  table: Table,
  asked: Asked,
  before: Census,
): Promise<{ beginnings: Beginnings; census: Census } | undefined> {
  if (!isReadAtOnce(asked, before)) return undefined;
  const lapsing = lapsingIn(asked.filter);
  const { filter, last } = wantedBy(asked, before.counts, lapsing);
  const { next, rows } = await table.page(asParentUpTo(filter, last), sizeAtOnce(asked, before));
  const census = censusOf(rows);
  const isCut = next !== undefined && (endsUnsettled(next) || lapsing.some(({ place }) => place === last));
  if (census === undefined || isCut) return undefined;
  const inPlaces = rows.filter((row) => !isTally(row) && !census.unsettled.includes(row));
  const stretches = [{ rows: inPlaces, last, isWhole: next === undefined }];
  return { census, beginnings: { stretches, lapsed: lapsedIn(stretches, lapsing) } };
}

/** Whether that can be read by one request. */
export function isReadAtOnce(asked: Asked, census: Census): boolean {
  return sizeAtOnce(asked, census) <= MOST_AT_ONCE;
}

function sizeAtOnce(asked: Asked, { counts, unsettled }: Census): number {
  const { enoughIn, last } = wantedBy(asked, counts, lapsingIn(asked.filter));
  const passed = places.slice(0, places.indexOf(last));
  return 1 + unsettled.length + sumOf(counts, passed) + enoughIn(last) + SLACK;
}

/** What has lapsed in places that were read as a whole. */
function lapsedIn(stretches: readonly Stretch[], lapsing: readonly Lapsing[]): Lapsed[] {
  const read = stretches.flatMap(({ rows }) => rows);
  return lapsing.map(({ filter, isListed, place }) => ({
    rows: read.filter((row) => isIn(place, row) && isWanted(filter, row)),
    isListed,
  }));
}

/** What is read of a list, and of places where it matters what has lapsed, as a whole. */
interface Wanted {
  /** With the statuses of what has lapsed, all in those places is found. */
  readonly filter: RelationFilter;
  readonly wanted: readonly Place[];
  readonly last: Place;
  /** How many rows reach behind the page, or the end, of a place. */
  enoughIn(place: Place): number;
}

function wantedBy({ filter, limit, offset }: Asked, counts: Counts, lapsing: readonly Lapsing[]): Wanted {
  const isWhole = (place: Place) => lapsing.some((one) => one.place === place);
  const listed = placesOf(filter.statuses, filter.policies);
  const wanted = places.filter((place) => listed.includes(place) || isWhole(place));
  return {
    filter: { ...filter, statuses: [...filter.statuses, ...lapsing.flatMap((one) => one.filter.statuses)] },
    wanted,
    last: wanted.at(-1) ?? 'ended',
    enoughIn: (place) => (isWhole(place) ? counts.in[place] + 1 : offset + limit + SLACK),
  };
}

async function readStretches(
  table: Table,
  asked: Asked,
  counts: Counts,
  lapsing: readonly Lapsing[],
): Promise<Stretch[]> {
  const { enoughIn, filter, wanted } = wantedBy(asked, counts, lapsing);
  return Promise.all(
    stretchesOf(counts, wanted).map(async (stretch) => {
      const last = stretch.at(-1) ?? 'ended';
      const enough = enoughIn(last);
      const size = sumOf(counts, spanOf(stretch).slice(0, -1)) + enough;
      const isEnough = ({ rows }: Beginning) => rows.filter((row) => isIn(last, row)).length >= enough;
      const query = asParentIn(filter, rangeOfPlaces(filter, stretch));
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
