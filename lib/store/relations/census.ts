import { unsettledRank } from '#lib/store/keys.ts';
import { type Counts, countsOf } from '#lib/store/relations/counts.ts';
import { keysAlone, tallyAndUnsettledOf } from '#lib/store/relations/lists.ts';
import { isSame, keysOf, LARGE } from '#lib/store/relations/readings.ts';
import { isTally } from '#lib/store/relations/tallies.ts';
import { newTrail } from '#lib/table/along.ts';
import type { Key, Row, Table } from '#lib/table/table.ts';

/** How many relations of a parent stand in each place, and those that are counted there but have moved since: as of one moment. */
export interface Census {
  readonly counts: Counts;
  readonly unsettled: readonly Row[];
}

/** What was found of each parent last. Whether it still holds is seen each time: it only tells how much to ask for first. */
const found = newTrail<Census>();

/** The census of an account that this process has taken last, if that is remembered. */
export function recallCensus(table: Table, uid: number): Census | undefined {
  return found.take(table, uid);
}

export function rememberCensus(table: Table, uid: number, { counts, unsettled }: Census): void {
  found.put(table, uid, { counts, unsettled: unsettled.map(({ id, pk, sk, v }) => ({ pk, sk, id, v })) });
}

/** The census in what was read from a tally on, of one moment; undefined if the tally is not there, or does not count all. */
export function censusOf(rows: readonly Row[]): Census | undefined {
  const counts = countsOf(rows.find(isTally));
  return counts?.isComplete ? { counts, unsettled: rows.filter(isUnsettled) } : undefined;
}

/** Takes the census of a parent. `moved` if it takes several requests, between which something has changed. */
export async function takeCensus(table: Table, uid: number): Promise<Census | 'moved'> {
  const query = tallyAndUnsettledOf(uid);
  const { next, rows } = await table.page(query, LARGE);
  const census = censusOf(rows);
  if (census === undefined) return 'moved';
  if (next === undefined) return census;
  const all = [...rows, ...(await restOf(table, uid, next))];
  return isSame(all, await keysOf(table, keysAlone(query)))
    ? { ...census, unsettled: all.filter(isUnsettled) }
    : 'moved';
}

/** Whether nothing of a parent has moved, come or gone between two censuses. */
export function isUnmoved(one: Census, other: Census): boolean {
  return one.counts.version === other.counts.version && isSame(one.unsettled, other.unsettled);
}

/** Whether what was read ends among what is unsettled. */
export function endsUnsettled(next: Key | undefined): boolean {
  return next !== undefined && 'gsi1sk' in next && String(next.gsi1sk).startsWith(unsettledRank());
}

async function restOf(table: Table, uid: number, after: Key): Promise<Row[]> {
  const rows: Row[] = [];
  for (let next: Key | undefined = after; next; ) {
    const page = await table.page(tallyAndUnsettledOf(uid), LARGE, next);
    rows.push(...page.rows);
    next = page.next;
  }
  return rows;
}

function isUnsettled(row: Row): boolean {
  return row['countedAs'] !== undefined;
}
