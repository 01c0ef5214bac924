import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams';
import type { StreamRecord } from '#lib/jobs/job.ts';

/** A part of a stream. Its records are in order; they follow those of its parent. */
export interface Shard {
  readonly streamArn: string | undefined;
  readonly id: string;
  readonly parent: string | undefined;
}

/** The shards of the table's latest stream, parents first. */
export async function describeShards(client: DynamoDBStreamsClient, TableName: string): Promise<Shard[]> {
  const { Streams = [] } = await client.send(new ListStreamsCommand({ TableName }));
  const StreamArn = Streams.at(-1)?.StreamArn;
  const shards: Shard[] = [];
  let ExclusiveStartShardId: string | undefined;
  do {
    const page = new DescribeStreamCommand({ StreamArn, ExclusiveStartShardId });
    const { StreamDescription: { Shards = [], LastEvaluatedShardId } = {} } = await client.send(page);
    for (const { ShardId = '', ParentShardId } of Shards) {
      shards.push({ streamArn: StreamArn, id: ShardId, parent: ParentShardId });
    }
    ExclusiveStartShardId = LastEvaluatedShardId;
  } while (ExclusiveStartShardId !== undefined);
  return shards;
}

/**
 * An iterator that begins after the record of the number `readUpTo`. Where the shard has no such record, because the number is another
 * server's or the record has been trimmed, it begins at the first. Undefined where the shard has ended.
 */
export async function openShard(
  client: DynamoDBStreamsClient,
  { streamArn, id }: Shard,
  readUpTo: string | undefined,
): Promise<string | undefined> {
  const iteratorFrom = async (from: Pick<GetShardIteratorCommandInput, 'ShardIteratorType' | 'SequenceNumber'>) =>
    (await client.send(new GetShardIteratorCommand({ StreamArn: streamArn, ShardId: id, ...from }))).ShardIterator;
  if (readUpTo !== undefined) {
    try {
      const at = await iteratorFrom({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber: readUpTo });
      const { Records = [], NextShardIterator } = await client.send(
        new GetRecordsCommand({ ShardIterator: at, Limit: 1 }),
      );
      if (Records.some((record) => numberOf(record) === readUpTo)) return NextShardIterator;
    } catch (error) {
      if (!isRefused(error)) throw error;
    }
  }
  return iteratorFrom({ ShardIteratorType: 'TRIM_HORIZON' });
}

/** Where a record stands in its shard. */
export function numberOf({ dynamodb }: StreamRecord): string {
  return dynamodb?.SequenceNumber ?? '';
}

const refusals: ReadonlySet<string> = new Set([
  'ExpiredIteratorException',
  'ResourceNotFoundException',
  'TrimmedDataAccessException',
  'ValidationException',
]);

/** Whether a server does not know the shard, number or iterator that it was asked for, or no longer. */
export function isRefused(error: unknown): boolean {
  return error instanceof Error && refusals.has(error.name);
}
