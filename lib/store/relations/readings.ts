import type { RelationFilter } from '#lib/store/relations/filters.ts';
import { asChildInOneGo, keysAlone } from '#lib/store/relations/lists.ts';
import type { Key, Query, Row, Table } from '#lib/table/table.ts';

/** How many rows are looked at beyond those expected: more than most lists have in all. */
export const SMALL = 64;
/** So many rows are asked for at once, at most: a list that reaches over more is never read as a whole. */
export const LARGE = 1000;
const GROWTH = 4;
/** More than fit into the 1 MB that DynamoDB looks at for one answer. */
const MOST_KEYS = 10_000;

/** The first rows of a query, at least `count` if there are so many, and where it goes on. */
export interface Beginning {
  readonly rows: readonly Row[];
  readonly next: Key | undefined;
  /** How many requests that took. */
  readonly pages: number;
}

/** Reads on from `after`, or from the first row, until `isEnough`; `size` rows at first. */
export async function beginning(
  table: Table,
  query: Query,
  size: number,
  isEnough: (read: Beginning) => boolean,
  after?: Key,
): Promise<Beginning> {
  const rows: Row[] = [];
  let next = after;
  let most = Math.min(size, LARGE);
  let pages = 0;
  do {
    const page = await table.page(query, most, next);
    pages++;
    rows.push(...page.rows);
    next = page.next;
    // A filter may pass few.
    most = Math.max(most, Math.min(most * GROWTH, LARGE));
  } while (next && !isEnough({ rows, next, pages }));
  return { rows, next, pages };
}

/** Reads all rows of a query. */
export async function everyOne(table: Table, query: Query): Promise<Row[]> {
  return (await beginning(table, query, LARGE, () => false)).rows.slice();
}

/** Reads the keys alone that a query finds, at most `count`. */
export async function keysOf(table: Table, query: Query, count = Number.POSITIVE_INFINITY): Promise<Row[]> {
  const rows: Row[] = [];
  let next: Key | undefined;
  do {
    const page = await table.page(query, Math.min(count - rows.length, MOST_KEYS), next);
    rows.push(...page.rows);
    next = page.next;
  } while (next && rows.length < count);
  return rows;
}

/** What an account is the child of; undefined if it is too much to be read in one go. */
export async function readOwn(table: Table, filter: RelationFilter): Promise<readonly Row[] | undefined> {
  const { next, rows } = await table.page(asChildInOneGo(filter), LARGE);
  return next ? undefined : rows;
}

/** Whether the account is still the child of the same, unchanged. */
export async function isOwnStill(table: Table, filter: RelationFilter, own: readonly Row[]): Promise<boolean> {
  const { next, rows } = await table.page(keysAlone(asChildInOneGo(filter)), LARGE);
  return next === undefined && isSame(own, rows);
}

/** Whether all hold, of which some may have to be read, side by side. */
export async function areAll(...holds: readonly (boolean | Promise<boolean>)[]): Promise<boolean> {
  return (await Promise.all(holds)).every((one) => one);
}

/** One after the other, in their order. */
export async function inTurn<Of, Result>(all: readonly Of[], read: (one: Of) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const one of all) results.push(await read(one));
  return results;
}

/** Whether two readings found the same rows, none of which has changed meanwhile. */
export function isSame(rows: readonly Row[], others: readonly Row[] = []): boolean {
  const keyOf = (row: Row | undefined) => `${row?.['id']} ${row?.['v']}`;
  return rows.length === others.length && rows.every((row, index) => keyOf(row) === keyOf(others[index]));
}
