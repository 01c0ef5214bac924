import { places } from '#lib/store/keys.ts';
import {
  type CountedList,
  farPage,
  headsOf,
  isNear,
  nearPage,
  type Part,
  pageListed,
} from '#lib/store/relations/countedPages.ts';
import { type Counts, sumOf, totalOf } from '#lib/store/relations/counts.ts';
import {
  isOfAll,
  isOverdueAlone,
  isWaiting,
  isWanted,
  placesIn,
  type RelationFilter,
  waiting,
} from '#lib/store/relations/filters.ts';
import { allIn, asChildInOneGo, asParentIn, keysAlone, rangeOfPlaces } from '#lib/store/relations/lists.ts';
import { everyOne, isSame, keysOf, LARGE, readSide } from '#lib/store/relations/readings.ts';
import type { Row, Table } from '#lib/table/table.ts';

/** So many that await an answer are read with a list, at most. */
const MOST_AWAITING = 100;

/** Whether the counts can be held against what is read: either so little awaits an answer, or all is wanted, answered or not. */
export function canBeCounted(filter: RelationFilter, counts: Counts): boolean {
  return isOfAll(filter) || sumOf(counts, waiting) <= MOST_AWAITING;
}

/**
 * Page and total of a list that can be counted, as of one moment. Nothing moves without a change of the tally, except what awaits an
 * answer: so all that does is read with the page, and both again. Answers `moved` if either has changed meanwhile, and `unsettled` if fewer
 * await an answer than are counted: then some were answered, and that is not counted yet.
 */
export async function readCounted(table: Table, list: CountedList): Promise<Part | 'moved' | 'unsettled'> {
  const { counts, filter, own, side } = list;
  if (isOfAll(filter)) return readAll(table, list);
  const { awaiting, isOfOneMoment, rows } = await (isNear(list) ? readNear : readFar)(table, list);
  const [sideAgain, awaitingAgain] = await Promise.all([
    readSide(table, filter, keysAlone),
    // What one request has read with the page was so at the same time.
    isOfOneMoment ? awaiting : keysOf(table, keysAlone(awaitingOf(filter))),
  ]);
  if (!isSame(side, sideAgain) || !isSame(awaiting, awaitingAgain)) return 'moved';
  const isCounted = (status: keyof Counts['in']) =>
    awaiting.filter((row) => row['status'] === status).length === counts.in[status];
  if (!waiting.every(isCounted)) return 'unsettled';
  const answered = filter.statuses.filter((status) => !isWaiting(status));
  const ofAwaiting = awaiting.filter((row) => isWanted(filter, row)).length;
  return { rows, total: own.length + ofAwaiting + totalOf(counts, answered, filter.policies) };
}

/** A page, and all that awaits an answer. */
interface Reading {
  readonly rows: readonly Row[];
  readonly awaiting: readonly Row[];
  readonly isOfOneMoment: boolean;
}

async function readNear(table: Table, list: CountedList): Promise<Reading> {
  const { filter, own } = list;
  const wanted = placesIn(filter);
  const reached = places.filter((place) => isWaiting(place) || wanted.includes(place));
  const { isOfOneMoment, rows } = await headsOf(table, list, reached, waiting, (range) => allIn(filter, range));
  const awaiting = rows.filter(({ status }) => isWaiting(String(status)));
  return { rows: nearPage(list, [...own, ...rows.filter((row) => isWanted(filter, row))]), awaiting, isOfOneMoment };
}

async function readFar(table: Table, list: CountedList): Promise<Reading> {
  const { filter, own } = list;
  const awaiting = await everyOne(table, awaitingOf(filter));
  const known = [...own, ...awaiting.filter((row) => isWanted(filter, row))];
  const others = placesIn(filter).filter((place) => !isWaiting(place));
  return { rows: await farPage(table, list, others, known), awaiting, isOfOneMoment: false };
}

/**
 * Page and total of any other list. The page is read twice, and is of one moment; the total is what was counted last, unless the page has
 * shown all there is. Answers `moved` if the two differ.
 */
export async function readTwice(table: Table, list: CountedList): Promise<Part | 'moved'> {
  const { counts, filter, own } = list;
  const wanted = placesIn(filter);
  const anywhere = wanted.filter((place) => isOverdueAlone(filter, place));
  const read = async () => {
    if (!isNear(list)) return { rows: await farPage(table, list, wanted, own), total: undefined };
    const heads = await headsOf(table, list, wanted, anywhere, (range) => asParentIn(filter, range));
    const known = [...own, ...heads.rows];
    return { rows: nearPage(list, known), total: heads.isWhole ? known.length : undefined };
  };
  const first = await read();
  const [{ rows, total }, ownAgain] = await Promise.all([
    read(),
    table.page(keysAlone(asChildInOneGo(filter, false)), LARGE),
  ]);
  if (!isSame(own, ownAgain.rows) || !isSame(first.rows, rows) || first.total !== total) return 'moved';
  return { rows, total: total ?? own.length + totalOf(counts, filter.statuses, filter.policies) };
}

/** Of all that a parent lists there is an order of ids which nothing moves in, and an answer does not change how many there are. */
async function readAll(table: Table, list: CountedList): Promise<Part | 'moved'> {
  const { counts, filter, own, side } = list;
  const readRows = await pageListed(table, list);
  const [rows, sideAgain] = await Promise.all([readRows(), readSide(table, filter, keysAlone)]);
  if (!isSame(side, sideAgain)) return 'moved';
  return { rows, total: own.length + totalOf(counts, filter.statuses) };
}

function awaitingOf(filter: RelationFilter) {
  return allIn(filter, rangeOfPlaces({ ...filter, statuses: waiting }, waiting));
}
