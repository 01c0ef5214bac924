import { existsSync, readFileSync } from 'node:fs';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { writeWhole } from '#infra/local/dataFolder.ts';
import { damaged } from '#infra/local/fileFault.ts';
import { isRefused, numberOf } from '#infra/local/streamShards.ts';
import { openTableStream } from '#infra/local/tableStream.ts';
import type { StreamRecord } from '#lib/jobs/job.ts';

const BATCH = 100;
const LARGEST_BATCH = 1000;

/** Delivers the table's stream to a consumer, in order, each record at least once. */
export interface StreamPump {
  /** Whether a place in the stream is kept; without one, it begins where the stream begins. */
  hasPlace(): boolean;
  /** Delivers all that has been written so far; one delivery at a time. */
  drain(): Promise<void>;
  /** Has nothing delivered of what has been written so far. */
  passOver(): Promise<void>;
}

/** Answers the sequence number from which to deliver again, or undefined when all was consumed. */
export type Consumer = (records: readonly StreamRecord[]) => Promise<string | undefined>;

/**
 * A pump over the stream of a local table, which keeps its place in each shard in a file. All that it comes by is seen, delivered or not.
 * Throws `StartError` if the file is damaged.
 */
export function openStreamPump(
  client: DynamoDBStreamsClient,
  tableName: string,
  placesFile: string,
  consume: Consumer,
  see: (records: readonly StreamRecord[]) => void = () => undefined,
): StreamPump {
  placesIn(placesFile);
  const stream = openTableStream(client, tableName, (shardId) => placesIn(placesFile)[shardId]);
  let busy: Promise<void> = Promise.resolve();

  /** Gives `take` all that is new, and keeps the place of the last record it has taken: from there the next reading goes on. */
  async function follow(take: Consumer, limit: number): Promise<void> {
    try {
      for await (const { shardId, records } of stream.batches(limit)) {
        see(records);
        const again = await take(records);
        const taken = again === undefined ? records.length : records.findIndex((record) => numberOf(record) === again);
        const last = records[taken - 1];
        if (last) writeWhole(placesFile, JSON.stringify({ ...placesIn(placesFile), [shardId]: numberOf(last) }));
        if (again !== undefined) return stream.forget();
      }
    } catch (error) {
      stream.forget();
      throw error;
    }
  }

  /** Follows once more where an iterator is refused: one expires when it is not used, and ends with its table. */
  async function followAnyway(take: Consumer, limit: number): Promise<void> {
    try {
      await follow(take, limit);
    } catch (error) {
      if (!isRefused(error)) throw error;
      await follow(take, limit);
    }
  }

  function inTurn(work: () => Promise<void>): Promise<void> {
    busy = busy.then(work, work);
    return busy;
  }

  return {
    hasPlace: () => existsSync(placesFile),
    drain: () => inTurn(() => followAnyway(consume, BATCH)),
    passOver: () =>
      inTurn(async () => {
        await followAnyway(async () => undefined, LARGEST_BATCH);
        // A stream in which there was nothing has a place, too: its beginning.
        if (!existsSync(placesFile)) writeWhole(placesFile, '{}');
      }),
  };
}

/** Only this module writes the file. */
function placesIn(file: string): Readonly<Record<string, string>> {
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw damaged(file, 'it is no JSON', 'delete it, and what has not been published yet will not be');
  }
}
