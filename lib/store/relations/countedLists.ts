import {
  type Beginnings,
  isIn,
  isReadAtOnce,
  type Lapsed,
  readAtOnce,
  readBeginnings,
  readLapsed,
  type Stretch,
} from '#lib/store/relations/beginnings.ts';
import { type Census, isUnmoved, takeCensus } from '#lib/store/relations/census.ts';
import { type Asked, farPage, isNear, type Part } from '#lib/store/relations/countedPages.ts';
import { totalOf } from '#lib/store/relations/counts.ts';
import { isCountedIn, isOfAll, isWanted, lapsingIn } from '#lib/store/relations/filters.ts';
import { oldestFirst } from '#lib/store/relations/lists.ts';
import { isOwnStill, readOwn } from '#lib/store/relations/readings.ts';
import { readAll } from '#lib/store/relations/unfilteredLists.ts';
import type { Row, Table } from '#lib/table/table.ts';

/** A part of a list, and the census it agrees with, if that is known; `tooMuch` if the account is the child of too much to be read in one go. */
export type Counted = (Part & { readonly census?: Census }) | 'moved' | 'tooMuch';

/**
 * Page and total of a list of a parent whose tally is filed, as of one moment. `before` was so at some time before: between it and the census
 * that is taken after the page nothing has come to a place, or left the lists, if both are of the same version of the tally. What has
 * moved since the page was read is unsettled then. Answers `moved` if the page may not agree with the total.
 */
export async function readCounted(table: Table, asked: Asked, before: Census): Promise<Counted> {
  if (isOfAll(asked.filter)) return readAll(table, asked, before);
  return (isNear(asked) ? readNear : readFar)(table, asked, before);
}

/** Whether a census that is remembered saves a request, and costs no round trip where it no longer holds. */
export function isOfUse(asked: Asked, remembered: Census): boolean {
  return isOfAll(asked.filter) || !isNear(asked) || isReadAtOnce(asked, remembered);
}

async function readNear(table: Table, asked: Asked, before: Census): Promise<Counted> {
  const { filter } = asked;
  const [own, beginnings] = await Promise.all([readOwn(table, filter), readBeginnings(table, asked, before.counts)]);
  if (own === undefined) return 'tooMuch';
  const census = await takeCensus(table, filter.uid);
  if (census === 'moved') return census;
  if (census.counts.version !== before.counts.version) return readOnceMore(table, asked, own, census);
  const part = partOf(asked, own, beginnings, census);
  if (part === 'moved') return part;
  const isStill = isUnmoved(before, census) || (await isOwnStill(table, filter, own));
  return isStill ? { ...part, census } : 'moved';
}

/**
 * The same by one request, after something has come to a place. No two pages that agree would do: what had come after the first and has left
 * before the second was counted in between. `own` was read before the census `between`.
 */
async function readOnceMore(table: Table, asked: Asked, own: readonly Row[], between: Census): Promise<Counted> {
  const isStill = () => isOwnStill(table, asked.filter, own);
  const [read, isOwn] = await Promise.all([readAtOnce(table, asked, between), isStill()]);
  if (read === undefined || !isOwn) return 'moved';
  const { beginnings, census } = read;
  // Which of the two was answered first is not known, and matters only if something has moved.
  if (!isUnmoved(between, census) && !(await isStill())) return 'moved';
  const part = partOf(asked, own, beginnings, census);
  return part === 'moved' ? part : { ...part, census };
}

async function readFar(table: Table, asked: Asked, before: Census): Promise<Counted> {
  const { filter } = asked;
  const [own, first] = await Promise.all([readOwn(table, filter), takeCensus(table, filter.uid)]);
  if (own === undefined) return 'tooMuch';
  if (first === 'moved') return first;
  const lapsed = await readLapsed(
    table,
    lapsingIn(filter).filter(({ place }) => first.counts.in[place] > 0),
  );
  const rows = await farPage(table, asked, first.counts, [...own, ...besides(asked, lapsed, first)]);
  const census = await takeCensus(table, filter.uid);
  if (census === 'moved' || !isUnmoved(first, census)) return 'moved';
  const isStill = isUnmoved(before, census) || (await isOwnStill(table, filter, own));
  return isStill ? { rows, total: totalIn(asked, own, lapsed, census), census } : 'moved';
}

/** The part of a list in what was read of its places before a census. What has moved meanwhile is unsettled, and is as it is there. */
function partOf(asked: Asked, own: readonly Row[], found: Beginnings, census: Census): Part | 'moved' {
  const { filter, limit, offset } = asked;
  const moved = new Set(census.unsettled.map(({ id }) => id));
  const unmoved = <Of extends { readonly rows: readonly Row[] }>(some: readonly Of[]) =>
    some.map((one) => ({ ...one, rows: one.rows.filter(({ id }) => !moved.has(id)) }));
  const [lapsed, stretches] = [unmoved(found.lapsed), unmoved(found.stretches)];
  const reachesPage = ({ isWhole, last, rows }: Stretch) =>
    isWhole || rows.filter((row) => isIn(last, row) && isWanted(filter, row)).length >= offset + limit;
  if (!stretches.every(reachesPage)) return 'moved';
  const inPlaces = stretches.flatMap(({ rows }) => rows).filter((row) => isWanted(filter, row));
  const known = [...own, ...besides(asked, lapsed, census), ...inPlaces];
  const distinct = [...new Map(known.map((row) => [row['id'], row])).values()].toSorted(oldestFirst);
  return { rows: distinct.slice(offset, offset + limit), total: totalIn(asked, own, lapsed, census) };
}

/** What a list has beside what stands in its places. */
function besides({ filter }: Asked, lapsed: readonly Lapsed[], { unsettled }: Census): Row[] {
  const listed = lapsed.flatMap(({ isListed, rows }) => (isListed ? rows : []));
  return [...unsettled.filter((row) => isWanted(filter, row)), ...listed];
}

/** How many a list has: those counted in its places, without those counted there by mistake, and with those not counted there by mistake. */
function totalIn(
  { filter }: Asked,
  own: readonly Row[],
  lapsed: readonly Lapsed[],
  { counts, unsettled }: Census,
): number {
  const missed = unsettled.filter((row) => isWanted(filter, row)).length;
  const mistaken = unsettled.filter(({ countedAs }) => isCountedIn(filter, countedAs)).length;
  const lapsedBy = lapsed.reduce((sum, { isListed, rows }) => sum + (isListed ? rows.length : -rows.length), 0);
  return own.length + totalOf(counts, filter.statuses, filter.policies) + missed - mistaken + lapsedBy;
}
