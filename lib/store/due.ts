import { dueShards } from '#lib/store/keys.ts';
import type { Key, Table } from '#lib/table/table.ts';

/** Something whose deadline has passed. */
export interface Overdue {
  readonly key: Key;
  readonly deadlineMs: number;
}

/** The `due` index of everything that has a deadline, in shards. */
export interface Due {
  readonly shards: readonly string[];
  /** Up to `limit` overdue items of a shard, longest overdue first, in pages. Times are epoch ms. */
  overdue(shard: string, nowMs: number, limit: number): AsyncGenerator<Overdue[], void>;
}

/** The due index of a table. */
export function openDue(table: Table): Due {
  return {
    shards: dueShards(),
    async *overdue(shard, nowMs, limit) {
      const query = {
        IndexName: 'due',
        KeyConditionExpression: 'due = :shard AND deadlineMs <= :nowMs',
        ExpressionAttributeValues: { ':shard': shard, ':nowMs': nowMs },
      };
      let after: Key | undefined;
      do {
        const { rows, next } = await table.page(query, limit, after);
        yield rows.map(({ pk, sk, deadlineMs }) => ({ key: { pk, sk }, deadlineMs: Number(deadlineMs) }));
        after = next;
      } while (after);
    },
  };
}
