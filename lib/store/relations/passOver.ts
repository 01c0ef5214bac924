import { idInRank } from '#lib/store/keys.ts';
import { type Beginning, beginning, SMALL } from '#lib/store/relations/readings.ts';
import type { Key, Query, Row, Table } from '#lib/table/table.ts';

/**
 * Passes over what lies before the page without fetching it: counted by keys, as far as the rows beside it, which lie anywhere among
 * them, leave no doubt. Answers the position it came to, and the rows from there on.
 */
export async function passOver(
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
  const count = offset - position + limit;
  const isEnough = ({ rows }: Beginning) => rows.length >= count;
  const { rows } = await beginning(table, query, count, isEnough, after);
  return { position, ahead, rows };
}
