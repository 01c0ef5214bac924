import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { localStreams } from '#infra/local/database.ts';

/** A row as a change left it. */
export type Image = Readonly<Record<string, unknown>>;

/** Everything that was ever written to a table, in the order in which it was committed. */
export async function commitOrder(endpoint: string, tableName: string): Promise<Image[]> {
  const client = localStreams(endpoint);
  // Where nobody logs, it would copy each record all the same.
  client.middlewareStack.remove('loggerMiddleware');
  const { Streams = [] } = await client.send(new ListStreamsCommand({ TableName: tableName }));
  const StreamArn = Streams[0]?.StreamArn;
  const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn }));
  const [shard, ...others] = StreamDescription?.Shards ?? [];
  if (shard === undefined || others.length > 0) throw new Error('there is one order only in a stream of one shard');
  const start = { StreamArn, ShardId: shard.ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
  const images: Image[] = [];
  let { ShardIterator } = await client.send(new GetShardIteratorCommand(start));
  while (ShardIterator !== undefined) {
    const { NextShardIterator, Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
    if (Records.length === 0) break;
    for (const { dynamodb } of Records) if (dynamodb?.NewImage) images.push(imageOf(dynamodb.NewImage));
    ShardIterator = NextShardIterator;
  }
  client.destroy();
  return images;
}

/** The streams client declares the same notation under another name. */
function imageOf(image: object): Image {
  return unmarshall(image as Record<string, AttributeValue>);
}
