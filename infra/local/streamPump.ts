import { existsSync, readFileSync } from 'node:fs';
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
const LARGEST_BATCH = 1000;

/** Delivers the table's stream to a consumer, in order, each record at least once. */
export interface StreamPump {
  /** Whether it has a place in the stream; else it begins where the stream does. */
  hasPlace(): boolean;
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

  const placeKept = () => (existsSync(placeFile) ? readFileSync(placeFile, 'utf8') : '');

  async function* batches(iterator: string | undefined, Limit: number): AsyncGenerator<readonly StreamRecord[], void> {
    let next = iterator;
    while (next !== undefined) {
      const answer = await client.send(new GetRecordsCommand({ ShardIterator: next, Limit }));
      const { Records = [], NextShardIterator } = answer;
      if (Records.length === 0) return;
      yield Records;
      next = NextShardIterator;
    }
  }

  async function drainOnce(): Promise<void> {
    for (const iterator of await iterators(placeKept())) {
      for await (const records of batches(iterator, BATCH)) {
        const again = await consume(records);
        const failedAt = records.findIndex((record) => numberOf(record) === again);
        const last = again === undefined ? records.at(-1) : records[failedAt - 1];
        if (last) writeWhole(placeFile, numberOf(last));
        if (again !== undefined) break;
      }
    }
  }

  /** The embedded DynamoDB shows in a new table's stream what stood in that of an earlier one of its name. */
  async function passOver(): Promise<void> {
    for (const iterator of await iterators(placeKept())) {
      for await (const records of batches(iterator, LARGEST_BATCH)) {
        const last = records.at(-1);
        if (last) writeWhole(placeFile, numberOf(last));
      }
    }
  }

  function inTurn(work: () => Promise<void>): Promise<void> {
    busy = busy.then(work, work);
    return busy;
  }

  return {
    hasPlace: () => placeKept() !== '',
    drain: () => inTurn(drainOnce),
    pausing: (work) => inTurn(() => work().then(passOver)),
    stop: () => client.destroy(),
  };
}

function numberOf({ dynamodb }: StreamRecord): string {
  return dynamodb?.SequenceNumber ?? '';
}
