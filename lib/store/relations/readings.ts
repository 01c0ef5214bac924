import type { Key, Query, Row, Table } from '#lib/table/table.ts';

/** So many rows are looked at in one request at least. */
export const SMALL = 32;
const LARGE = 1000;
const GROWTH = 4;
/** More than fit into the 1 MB that DynamoDB looks at for one answer. */
const LARGEST_COUNT = 10_000;

/** The first rows of a query, at least `count` if there are so many, and where it goes on. */
export interface Beginning {
  readonly query: Query;
  readonly rows: readonly Row[];
  readonly next: Key | undefined;
}

/** Reads on from `after`, or from the first row. */
export async function beginning(table: Table, query: Query, count: number, after?: Key): Promise<Beginning> {
  const rows: Row[] = [];
  let next = after;
  let size = Math.max(count, SMALL);
  do {
    const page = await table.page(query, size, next);
    rows.push(...page.rows);
    next = page.next;
    // A filter may pass few.
    size = Math.max(size, Math.min(size * GROWTH, LARGE));
  } while (next && rows.length < count);
  return { query, rows, next };
}

/** Reads all rows of a query. */
export async function everyOne(table: Table, query: Query): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of table.query(query, LARGE)) rows.push(row);
  return rows;
}

/** How many rows follow the beginnings; undefined if some of them have moved from one phase to the next meanwhile. */
export async function countRest(table: Table, heads: readonly Beginning[]): Promise<number | undefined> {
  const unread = heads.filter(({ next }) => next !== undefined);
  const counts = await inTurn(unread, (head) => countAfter(table, head));
  const again = unread.length > 1 ? await inTurn(unread, (head) => countAfter(table, head)) : counts;
  if (counts.some((count, index) => count !== again[index])) return undefined;
  return counts.reduce((sum, count) => sum + count, 0);
}

async function countAfter(table: Table, { next, query }: Beginning): Promise<number> {
  let counted = 0;
  let after = next;
  while (after) {
    const page = await table.countPage(query, LARGEST_COUNT, after);
    counted += page.count;
    after = page.next;
  }
  return counted;
}

/** One after the other, in their order. */
export async function inTurn<Of, Result>(all: readonly Of[], read: (one: Of) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const one of all) results.push(await read(one));
  return results;
}

/** Whether two readings found the same rows, none of which has changed meanwhile. */
export function isSame(rows: readonly Row[], others: readonly Row[]): boolean {
  const keyOf = (row: Row | undefined) => `${row?.['id']} ${row?.['v']}`;
  return rows.length === others.length && rows.every((row, index) => keyOf(row) === keyOf(others[index]));
}
