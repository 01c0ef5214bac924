import { type Handshake, handshakeAt } from '#lib/domain/directory/handshake.ts';
import { handshakeOf } from '#lib/store/directory/handshakes.ts';
import type { Slice } from '#lib/store/directory/lists.ts';
import { namesIn } from '#lib/table/expressions.ts';
import type { Query, Row, Table } from '#lib/table/table.ts';

/** A part of a list of invitations, in the order in which they were sent, and how many it has in all. */
export interface HandshakePage {
  readonly handshakes: readonly Handshake[];
  readonly total: number;
}

/** More rows than DynamoDB reads for one answer, which is 1 MB. */
const MOST_LOOKED_AT = 10_000;

/**
 * One page of several lists of an index, merged. Of each list the rows up to the end of the page are fetched and the others are counted;
 * quotas keep the lists short.
 */
export async function pageOfHandshakes(
  table: Table,
  index: 'gsi1' | 'gsi2',
  owners: readonly string[],
  { limit, offset }: Slice,
  nowMs: number,
): Promise<HandshakePage> {
  const lists = await Promise.all(owners.map((owner) => readTo(table, listed(index, owner, nowMs), offset + limit)));
  const rankOf = (row: Row) => String(row[`${index}sk`]);
  const rows = lists.flatMap(({ rows }) => rows).toSorted((one, other) => (rankOf(one) < rankOf(other) ? -1 : 1));
  return {
    handshakes: rows.slice(offset, offset + limit).flatMap((row) => handshakeAt(handshakeOf(row), nowMs) ?? []),
    total: lists.reduce((sum, { total }) => sum + total, 0),
  };
}

/** The first rows of a list, up to `end` of them, and how many it has. */
async function readTo(table: Table, list: Query, end: number): Promise<{ rows: Row[]; total: number }> {
  const rows: Row[] = [];
  let page = await table.page(list, MOST_LOOKED_AT);
  rows.push(...page.rows);
  while (page.next && rows.length < end) {
    page = await table.page(list, MOST_LOOKED_AT, page.next);
    rows.push(...page.rows);
  }
  let total = rows.length;
  for (let after = page.next; after; ) {
    const { count, next } = await table.countPage(list, MOST_LOOKED_AT, after);
    total += count;
    after = next;
  }
  return { rows: rows.slice(0, end), total };
}

/** Those that are still kept. */
function listed(IndexName: 'gsi1' | 'gsi2', owner: string, nowMs: number): Query {
  const isKept = 'attribute_not_exists(#keptUntilMs) OR #keptUntilMs > :nowMs';
  return {
    IndexName,
    KeyConditionExpression: `${IndexName}pk = :owner`,
    FilterExpression: isKept,
    ExpressionAttributeNames: namesIn(isKept),
    ExpressionAttributeValues: { ':owner': owner, ':nowMs': nowMs },
  };
}
