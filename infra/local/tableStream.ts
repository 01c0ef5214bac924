import { type DynamoDBStreamsClient, GetRecordsCommand } from '@aws-sdk/client-dynamodb-streams';
import { describeShards, openShard, type Shard } from '#infra/local/streamShards.ts';
import type { StreamRecord } from '#lib/jobs/job.ts';

/** Records of one shard, in order. */
export interface Batch {
  readonly shardId: string;
  readonly records: readonly StreamRecord[];
}

/** A table's stream that is read piece by piece. It remembers its iterators, so that finding nothing new takes one request. */
export interface TableStream {
  /** What has not been read yet. A batch counts as read once the next is asked for. */
  batches(limit: number): AsyncGenerator<Batch, void>;
  /** Forgets shards and iterators: the next reading looks them up, and goes on from the places that are kept. */
  forget(): void;
}

/** Reads a table's stream. `placeIn` answers the number of the last record that was read of a shard, for where it is not remembered. */
export function openTableStream(
  client: DynamoDBStreamsClient,
  tableName: string,
  placeIn: (shardId: string) => string | undefined,
): TableStream {
  let shards: readonly Shard[] = [];
  const iterators = new Map<string, string>();
  const ended = new Set<string>();

  async function* batchesOf(shard: Shard, Limit: number): AsyncGenerator<Batch, void> {
    let iterator = iterators.get(shard.id) ?? (await openShard(client, shard, placeIn(shard.id)));
    while (iterator !== undefined) {
      const page = new GetRecordsCommand({ ShardIterator: iterator, Limit });
      const { Records = [], NextShardIterator } = await client.send(page);
      if (Records.length > 0) yield { shardId: shard.id, records: Records };
      iterator = NextShardIterator;
      if (iterator !== undefined) iterators.set(shard.id, iterator);
      if (iterator !== undefined && Records.length === 0) return;
    }
    ended.add(shard.id);
  }

  return {
    async *batches(limit) {
      let isToBeDescribed = shards.length === 0;
      do {
        if (isToBeDescribed) shards = (await describeShards(client, tableName)).filter(({ id }) => !ended.has(id));
        for (const shard of shards) {
          const hasParent = shards.some(({ id }) => id === shard.parent && !ended.has(id));
          if (!hasParent) yield* batchesOf(shard, limit);
        }
        // The shards that follow one that has ended are in a later description.
        isToBeDescribed = shards.some(({ id }) => ended.has(id));
      } while (isToBeDescribed);
    },
    forget() {
      shards = [];
      iterators.clear();
      ended.clear();
    },
  };
}
