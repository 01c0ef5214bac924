import { type Relation, relationAt } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { idInRank, tallyKey } from '#lib/store/keys.ts';
import {
  inOneGo,
  inOneOrder,
  inOrderOfLife,
  keysAlone,
  oldestFirst,
  queriesWith,
  type RelationFilter,
  sides,
} from '#lib/store/relations/lists.ts';
import { beginning, countRest, everyOne, inTurn, isSame, SMALL } from '#lib/store/relations/readings.ts';
import { relationOf } from '#lib/store/relations/rows.ts';
import { totalOf } from '#lib/store/relations/tallies.ts';
import type { Key, Query, Row, Table } from '#lib/table/table.ts';

/** A page of a list, and how many there are in all. */
export interface Page {
  readonly relations: readonly Relation[];
  readonly total: number;
}

/** Up to here a list is read from its beginning; further on, what lies before the page is passed over by its keys. */
const DEEP = 200;
/** A total beyond that is taken from the tally; others are counted. */
const KEPT_FROM = 1000;
const MAX_READINGS = 12;
const PAUSE_MS = 20;

/**
 * Those at `offset` and after, oldest first, at most `limit`, and how many there are. Page and total of a list that can be counted
 * are of one moment: they are read until nothing has moved meanwhile, else `Busy`. Of a longer list the page has once what is in the
 * list throughout, and the total is what was counted last (D17).
 */
export async function readPage(table: Table, filter: RelationFilter, offset: number, limit: number): Promise<Page> {
  const end = offset + limit;
  const seen = end <= DEEP ? await lookAt(table, filter, end) : undefined;
  if (seen?.isWhole) return pageOf(seen.rows, seen.rows.length, filter, offset, limit);
  const kept = totalOf(await table.get(tallyKey(filter.uid)), filter.statuses, filter.policies);
  if (kept !== undefined && kept > KEPT_FROM) {
    if (seen) return pageOf(seen.rows, kept + seen.own, filter, offset, limit);
    return readLong(table, filter, offset, limit, kept);
  }
  const { rows, total } = await readCounted(table, filter, end);
  return pageOf(rows, total, filter, offset, limit);
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
  for (let reading = 0; reading < MAX_READINGS; reading++) {
    const found = await readAll(before);
    const rest = await everyOne(table, last);
    const again = await readAll(before.map(keysAlone));
    if (isSame(found.flat(), again.flat())) {
      return [...found.flat(), ...rest].toSorted(oldestFirst).map((row) => relationAt(relationOf(row), filter.nowMs));
    }
    await table.pause(PAUSE_MS);
  }
  throw new Refusal('Busy', {});
}

/** What was seen of a list: all of it, as it was at one moment; or its beginning, and all of it that the account is the child of. */
interface Seen {
  readonly isWhole: boolean;
  readonly rows: readonly Row[];
  readonly own: number;
}

/** Looks at each side of a list in one go. Undefined if what is seen is neither all of it nor the first `end` of it. */
async function lookAt(table: Table, filter: RelationFilter, end: number): Promise<Seen | undefined> {
  const size = Math.max(end, SMALL);
  const [asChild, asParent] = sides.map((side) => inOneGo(side, filter));
  if (asChild === undefined || asParent === undefined) return { isWhole: true, rows: [], own: 0 };
  for (let reading = 0; reading < MAX_READINGS; reading++) {
    const children = await table.page(asChild, size);
    if (children.next) return undefined;
    const parents = await table.page(asParent, size);
    const rows = [...children.rows, ...parents.rows].toSorted(oldestFirst);
    const own = children.rows.length;
    if (parents.next) {
      return inOneOrder(filter) && parents.rows.length >= end ? { isWhole: false, rows, own } : undefined;
    }
    const again = await table.page(keysAlone(asChild), size);
    // What has not moved from before the other reading until after it was so at the time of that.
    if (isSame(children.rows, again.rows)) return { isWhole: true, rows, own };
    await table.pause(PAUSE_MS);
  }
  throw new Refusal('Busy', {});
}

/** The beginning of a list, and a count of the rest, as they were at one moment. */
async function readCounted(table: Table, filter: RelationFilter, end: number): Promise<{ rows: Row[]; total: number }> {
  const queries = sides.flatMap((side) => inOrderOfLife(side, filter));
  for (let reading = 0; reading < MAX_READINGS; reading++) {
    const heads = await inTurn(queries, (query) => beginning(table, query, end));
    const rest = await countRest(table, heads);
    const again = await inTurn(queries, (query) => beginning(table, keysAlone(query), end));
    if (rest !== undefined && heads.every(({ rows }, index) => isSame(rows, again[index]?.rows ?? []))) {
      const rows = heads.flatMap((head) => head.rows);
      return { rows: rows.toSorted(oldestFirst), total: rows.length + rest };
    }
    await table.pause(PAUSE_MS);
  }
  throw new Refusal('Busy', {});
}

/** A page of a list whose parent's side is long, by its kept total. */
async function readLong(
  table: Table,
  filter: RelationFilter,
  offset: number,
  limit: number,
  kept: number,
): Promise<Page> {
  const [ofChild, ofParent] = sides.map((side) => inOrderOfLife(side, filter));
  const small = await inTurn(ofChild ?? [], (query) => everyOne(table, query));
  const own = small.flat();
  const total = kept + own.length;
  const [only, ...others] = ofParent ?? [];
  if (only && others.length === 0) {
    const { ahead, position, rows } = await passOver(table, only, own, offset, limit);
    return pageOf([...ahead, ...rows].toSorted(oldestFirst), total, filter, offset - position, limit);
  }
  const heads = await inTurn(ofParent ?? [], (query) => beginning(table, query, offset + limit));
  // What has moved on while the heads were read is in two of them: as it was read last is as it is.
  const byId = new Map([...own, ...heads.flatMap(({ rows }) => rows)].map((row) => [row['id'], row]));
  return pageOf([...byId.values()].toSorted(oldestFirst), total, filter, offset, limit);
}

/**
 * Passes over what lies before the page without fetching it: counted by keys, as far as the rows beside it, which lie anywhere among
 * them, leave no doubt. Answers the position it came to, and the rows from there on.
 */
async function passOver(
  table: Table,
  query: Query,
  beside: readonly Row[],
  offset: number,
  limit: number,
): Promise<{ position: number; ahead: readonly Row[]; rows: readonly Row[] }> {
  const most = offset - beside.length;
  let passed = 0;
  let after: Key | undefined;
  while (most - passed > 0) {
    const page = await table.countPage(query, most - passed, after);
    passed += page.count;
    after = page.next;
    if (after === undefined) return { position: passed, ahead: beside, rows: [] };
    // Where few of the rows looked at match, each look would be at fewer.
    if (most - passed < SMALL) break;
  }
  const anchor = after === undefined ? 0 : idInRank(after);
  const ahead = beside.filter(({ id }) => Number(id) > anchor);
  const position = passed + beside.length - ahead.length;
  const { rows } = await beginning(table, query, offset - position + limit, after);
  return { position, ahead, rows };
}

function pageOf(rows: readonly Row[], total: number, { nowMs }: RelationFilter, offset: number, limit: number): Page {
  const relations = rows.slice(offset, offset + limit).map((row) => relationAt(relationOf(row), nowMs));
  return { relations, total };
}
