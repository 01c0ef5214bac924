import { join } from 'node:path';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { expect, test } from 'vitest';
import { localStreams } from '#infra/local/database.ts';
import { type Consumer, openStreamPump } from '#infra/local/streamPump.ts';
import { newFolder } from '#test/support/emulatorProcess.ts';

// The embedded engine has one shard that never ends; DynamoDB and others split a stream.

interface Shard {
  readonly ShardId: string;
  readonly ParentShardId?: string;
  readonly numbers: string[];
  isClosed?: boolean;
}

type Answers = Readonly<Record<string, (asked: Readonly<Record<string, string>>) => object>>;

/** A client of a server with these shards, which tells of one at a time and gives one record at a time. */
function clientOf(shards: readonly Shard[]): DynamoDBStreamsClient {
  const named = (id: string | undefined) => shards.find(({ ShardId }) => ShardId === id);
  const answers: Answers = {
    ListStreamsCommand: () => ({ Streams: [{ StreamArn: 'arn' }] }),
    DescribeStreamCommand({ ExclusiveStartShardId }) {
      const nth = shards.findIndex(({ ShardId }) => ShardId === ExclusiveStartShardId) + 1;
      const LastEvaluatedShardId = shards[nth + 1] && shards[nth]?.ShardId;
      return { StreamDescription: { Shards: shards.slice(nth, nth + 1), LastEvaluatedShardId } };
    },
    GetShardIteratorCommand({ ShardId, SequenceNumber = '' }) {
      const nth = SequenceNumber && named(ShardId)?.numbers.indexOf(SequenceNumber);
      if (nth === -1) throw Object.assign(new Error('no such record'), { name: 'TrimmedDataAccessException' });
      return { ShardIterator: `${ShardId} ${Number(nth)}` };
    },
    GetRecordsCommand({ ShardIterator = '' }) {
      const [id, nth] = ShardIterator.split(' ');
      const shard = named(id);
      const numbers = shard?.numbers.slice(Number(nth), Number(nth) + 1) ?? [];
      const next = Number(nth) + numbers.length;
      const isAtEnd = shard?.isClosed && next === shard.numbers.length;
      const Records = numbers.map((SequenceNumber) => ({ dynamodb: { SequenceNumber } }));
      return { Records, NextShardIterator: isAtEnd ? undefined : `${id} ${next}` };
    },
  };
  const client = localStreams('http://127.0.0.1:9');
  client.middlewareStack.add(
    (_next, { commandName = '' }) =>
      async ({ input }) => ({ output: { $metadata: {}, ...answers[commandName]?.(Object(input)) }, response: {} }),
    { step: 'initialize', name: 'answer' },
  );
  return client;
}

/** Pumps over the shards that share their places. */
function pumpsOver(shards: readonly Shard[]) {
  const placesFile = join(newFolder(), 'places');
  const seen: string[] = [];
  const failing = new Set<string>();
  const consume: Consumer = async (records) => {
    const numbers = records.map(({ dynamodb }) => dynamodb?.SequenceNumber ?? '');
    const again = numbers.find((number) => failing.has(number));
    seen.push(...numbers.filter((number) => number !== again));
    return again;
  };
  return { seen, failing, pump: () => openStreamPump(clientOf(shards), 'rows', placesFile, consume) };
}

test('shards that stand side by side are each read on from a place of their own, also by a successor', async () => {
  const [one, other] = [
    { ShardId: 'one', numbers: ['900'] },
    { ShardId: 'other', numbers: ['1', '2'] },
  ];
  const { seen, pump } = pumpsOver([one, other]);
  const first = pump();
  await first.drain();
  one.numbers.push('901');
  other.numbers.push('3');
  await first.drain();
  expect(seen).toEqual(['900', '1', '2', '901', '3']);
  one.numbers.push('902');
  other.numbers.push('4');
  await pump().drain();
  expect(seen.slice(5)).toEqual(['902', '4']);
});

test('shards that follow one that has ended are found as it ends', async () => {
  const parent: Shard = { ShardId: 'parent', numbers: ['1'] };
  const shards = [parent];
  const { seen, pump } = pumpsOver(shards);
  const one = pump();
  await one.drain();
  parent.numbers.push('2');
  parent.isClosed = true;
  shards.push({ ShardId: 'child', ParentShardId: 'parent', numbers: ['3'], isClosed: true });
  shards.push({ ShardId: 'grandchild', ParentShardId: 'child', numbers: ['4'] });
  await one.drain();
  expect(seen).toEqual(['1', '2', '3', '4']);
  shards[2]?.numbers.push('5');
  await one.drain();
  await pump().drain();
  expect(seen).toEqual(['1', '2', '3', '4', '5']);
});

test('no shard is read before its parent has been taken to its end', async () => {
  const shards = [
    { ShardId: 'child', ParentShardId: 'parent', numbers: ['3'] },
    { ShardId: 'parent', numbers: ['1', '2'], isClosed: true },
  ];
  const { seen, failing, pump } = pumpsOver(shards);
  const one = pump();
  failing.add('2');
  await one.drain();
  await one.drain();
  expect(seen).toEqual(['1']);
  failing.clear();
  await one.drain();
  expect(seen).toEqual(['1', '2', '3']);
});

test('a place that has been trimmed is none: the shard is read from what it still has', async () => {
  const shard = { ShardId: 'one', numbers: ['1'] };
  const { seen, pump } = pumpsOver([shard]);
  await pump().drain();
  shard.numbers.splice(0, 1, '7', '8');
  await pump().drain();
  expect(seen).toEqual(['1', '7', '8']);
});

test('a stream that has no shard yet is looked at again', async () => {
  const shards: Shard[] = [];
  const { seen, pump } = pumpsOver(shards);
  const one = pump();
  await one.drain();
  shards.push({ ShardId: 'first', numbers: ['1'] });
  await one.drain();
  expect(seen).toEqual(['1']);
});
