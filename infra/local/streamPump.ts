import { existsSync, readFileSync, rmSync } from 'node:fs';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { writeWhole } from '#infra/local/wholeFile.ts';
import type { StreamRecord } from '#lib/job.ts';

const BATCH = 100;

/** Delivers the table's stream to a consumer, in order, each record at least once. */
export interface StreamPump {
  /** Delivers all that has been written so far; one delivery at a time. */
  drain(): Promise<void>;
  /** Begins again with a new table's stream. */
  restart(): void;
  stop(): void;
}

/** Answers the sequence number from which to deliver again, or undefined when all was consumed. */
export type Consumer = (records: readonly StreamRecord[]) => Promise<string | undefined>;

/** A pump over the stream of a local table, which keeps its place in a file. */
export function openStreamPump(endpoint: string, tableName: string, placeFile: string, consume: Consumer): StreamPump {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBStreamsClient({ endpoint, region: 'local', credentials });
  let draining: Promise<void> = Promise.resolve();

  async function iterators(): Promise<(string | undefined)[]> {
    const { Streams = [] } = await client.send(new ListStreamsCommand({ TableName: tableName }));
    const StreamArn = Streams.at(-1)?.StreamArn;
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn }));
    const place = existsSync(placeFile) ? readFileSync(placeFile, 'utf8') : '';
    const from = place
      ? ({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: place } as const)
      : ({ ShardIteratorType: 'TRIM_HORIZON' } as const);
    const shards = StreamDescription?.Shards ?? [];
    const opened = shards.map(({ ShardId }) =>
      client.send(new GetShardIteratorCommand({ StreamArn, ShardId, ...from })),
    );
    return (await Promise.all(opened)).map(({ ShardIterator }) => ShardIterator);
  }

  async function deliver(first: string | undefined): Promise<void> {
    let iterator = first;
    while (iterator !== undefined) {
      const { Records = [], NextShardIterator } = await client.send(
        new GetRecordsCommand({ ShardIterator: iterator, Limit: BATCH }),
      );
      if (Records.length === 0) return;
      const again = await consume(Records);
      const done =
        again === undefined
          ? Records
          : Records.slice(
              0,
              Records.findIndex((record) => numberOf(record) === again),
            );
      const last = done.at(-1);
      if (last) writeWhole(placeFile, numberOf(last));
      if (again !== undefined) return;
      iterator = NextShardIterator;
    }
  }

  async function drainOnce(): Promise<void> {
    for (const iterator of await iterators()) await deliver(iterator);
  }

  return {
    drain() {
      draining = draining.then(drainOnce, drainOnce);
      return draining;
    },
    restart: () => rmSync(placeFile, { force: true }),
    stop: () => client.destroy(),
  };
}

function numberOf({ dynamodb }: StreamRecord): string {
  return dynamodb?.SequenceNumber ?? '';
}
