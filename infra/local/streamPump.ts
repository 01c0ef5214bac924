import { existsSync, readFileSync, rmSync } from 'node:fs';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { writeWhole } from '#infra/local/wholeFile.ts';
import type { StreamRecord } from '#lib/jobs/job.ts';

const BATCH = 100;

/** Delivers the table's stream to a consumer, in order, each record at least once. */
export interface StreamPump {
  /** Delivers all that has been written so far; one delivery at a time. */
  drain(): Promise<void>;
  /** Does the work with nothing being delivered, then passes over all that stands in the table's stream by then. */
  pausing(work: () => Promise<void>): Promise<void>;
  stop(): void;
}

/** Answers the sequence number from which to deliver again, or undefined when all was consumed. */
export type Consumer = (records: readonly StreamRecord[]) => Promise<string | undefined>;

/** A pump over the stream of a local table, which keeps its place in a file. */
export function openStreamPump(endpoint: string, tableName: string, placeFile: string, consume: Consumer): StreamPump {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBStreamsClient({ endpoint, region: 'local', credentials });
  let busy: Promise<void> = Promise.resolve();

  async function iterators(place: string): Promise<(string | undefined)[]> {
    const { Streams = [] } = await client.send(new ListStreamsCommand({ TableName: tableName }));
    const StreamArn = Streams.at(-1)?.StreamArn;
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn }));
    const from = place
      ? ({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: place } as const)
      : ({ ShardIteratorType: 'TRIM_HORIZON' } as const);
    const shards = StreamDescription?.Shards ?? [];
    const opened = shards.map(({ ShardId }) =>
      client.send(new GetShardIteratorCommand({ StreamArn, ShardId, ...from })),
    );
    return (await Promise.all(opened)).map(({ ShardIterator }) => ShardIterator);
  }

  async function deliver(first: string | undefined, consumer: Consumer): Promise<void> {
    let iterator = first;
    while (iterator !== undefined) {
      const { Records = [], NextShardIterator } = await client.send(
        new GetRecordsCommand({ ShardIterator: iterator, Limit: BATCH }),
      );
      if (Records.length === 0) return;
      const again = await consumer(Records);
      const failedAt = Records.findIndex((record) => numberOf(record) === again);
      const last = again === undefined ? Records.at(-1) : Records[failedAt - 1];
      if (last) writeWhole(placeFile, numberOf(last));
      if (again !== undefined) return;
      iterator = NextShardIterator;
    }
  }

  async function drainOnce(): Promise<void> {
    const place = existsSync(placeFile) ? readFileSync(placeFile, 'utf8') : '';
    for (const iterator of await iterators(place)) await deliver(iterator, consume);
  }

  /** The embedded DynamoDB shows in a new table's stream what stood in that of an earlier one of its name. */
  async function passOver(): Promise<void> {
    rmSync(placeFile, { force: true });
    for (const iterator of await iterators('')) await deliver(iterator, async () => undefined);
  }

  function inTurn(work: () => Promise<void>): Promise<void> {
    busy = busy.then(work, work);
    return busy;
  }

  return {
    drain: () => inTurn(drainOnce),
    pausing: (work) => inTurn(() => work().then(passOver)),
    stop: () => client.destroy(),
  };
}

function numberOf({ dynamodb }: StreamRecord): string {
  return dynamodb?.SequenceNumber ?? '';
}
