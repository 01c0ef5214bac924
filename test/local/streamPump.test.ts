import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { expect, onTestFinished, test } from 'vitest';
import { dropTable, ensureTable, localStreams } from '#infra/local/database.ts';
import { type Consumer, openStreamPump } from '#infra/local/streamPump.ts';
import type { StreamRecord } from '#lib/jobs/job.ts';
import { newFolder } from '#test/support/emulatorProcess.ts';
import { newStreamedTable } from '#test/support/streamedTable.ts';

const rowsOf = (records: readonly StreamRecord[]) =>
  records.map(({ dynamodb }) => Object(dynamodb?.NewImage)['pk']['S'] as string);

/** A consumer that takes everything, and what it has taken. */
function collector(): { seen: string[]; consume: Consumer } {
  const seen: string[] = [];
  return {
    seen,
    async consume(records) {
      seen.push(...rowsOf(records));
      return undefined;
    },
  };
}

/** The commands a client sends from now on; `meet` may throw in the place of an answer. */
function listenTo(client: DynamoDBStreamsClient, meet: (command: string) => void = () => undefined): string[] {
  const commands: string[] = [];
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        commands.push(String(commandName).replace(/Command$/, ''));
        meet(String(commandName));
        return next(args);
      },
    { step: 'initialize', name: 'listen' },
  );
  return commands;
}

/** A table with a stream, and pumps over it that share their places. */
async function aStream() {
  const { client, endpoint, tableName, write } = await newStreamedTable();
  const placesFile = join(newFolder(), 'places');
  return {
    write,
    async recreate() {
      await dropTable(client, tableName);
      await ensureTable(client, tableName);
    },
    placesFile,
    pump(consume: Consumer, meet?: (command: string) => void) {
      const streams = localStreams(endpoint);
      onTestFinished(() => streams.destroy());
      const commands = listenTo(streams, meet);
      return { commands, ...openStreamPump(streams, tableName, placesFile, consume) };
    },
  };
}

test('everything is delivered in order, once where nothing fails, and a successor goes on where it was', async () => {
  const { pump, write } = await aStream();
  const { seen, consume } = collector();
  const names = Array.from({ length: 120 }, (_, nth) => `row${nth}`);
  await write(...names);
  const first = pump(consume);
  await Promise.all([first.drain(), first.drain()]);
  expect(seen).toEqual(names);
  await write('after');
  const second = pump(consume);
  await second.drain();
  await second.drain();
  expect(seen).toEqual([...names, 'after']);
});

test('once it follows the stream, a pump asks for records only', async () => {
  const { pump, write } = await aStream();
  const { seen, consume } = collector();
  const one = pump(consume);
  await write('a');
  await one.drain();
  one.commands.length = 0;
  for (const name of ['b', 'c', 'd']) {
    await write(name);
    await one.drain();
  }
  expect(seen).toEqual(['a', 'b', 'c', 'd']);
  expect(one.commands).toEqual(Array(6).fill('GetRecords'));
  await one.drain();
  expect(one.commands).toHaveLength(7);
});

test('what failed is delivered again, by number or by crash, also to a successor', async () => {
  const { pump, write } = await aStream();
  await write('a', 'b', 'c');
  const batches: string[][] = [];
  const failures = ['b', 'crash', 'a', 'b'];
  const consume = async (records: readonly StreamRecord[]) => {
    batches.push(rowsOf(records));
    const failing = failures.shift();
    if (failing === 'crash') throw new Error('the consumer has crashed');
    return records.find((record) => rowsOf([record])[0] === failing)?.dynamodb?.SequenceNumber;
  };
  const first = pump(consume);
  await first.drain();
  await expect(first.drain()).rejects.toThrow('crashed');
  const second = pump(consume);
  await second.drain();
  await second.drain();
  expect(batches).toEqual([
    ['a', 'b', 'c'],
    ['b', 'c'],
    ['b', 'c'],
  ]);
});

test('a failure amid what was written since is delivered again by the same pump', async () => {
  const { pump, write } = await aStream();
  const batches: string[][] = [];
  const failures = [undefined, 'c', 'c', undefined];
  const one = pump(async (records) => {
    batches.push(rowsOf(records));
    const failing = failures.shift();
    return records.find((record) => rowsOf([record])[0] === failing)?.dynamodb?.SequenceNumber;
  });
  await write('a');
  await one.drain();
  await write('b', 'c', 'd');
  for (let round = 0; round < 4; round++) await one.drain();
  expect(batches).toEqual([['a'], ['b', 'c', 'd'], ['c', 'd'], ['c', 'd']]);
});

test('what is passed over is delivered to nobody, nor to a successor', async () => {
  const { pump, write } = await aStream();
  const { seen, consume } = collector();
  const one = pump(consume);
  await write('before');
  await one.passOver();
  await one.drain();
  await pump(consume).drain();
  expect(seen).toEqual([]);
  await write('after');
  await one.drain();
  expect(seen).toEqual(['after']);
});

test('a table that is made anew is followed', async () => {
  const { pump, write, recreate } = await aStream();
  const { seen, consume } = collector();
  const one = pump(consume);
  await write('first');
  await one.drain();
  await recreate();
  await write('second');
  await one.drain();
  expect(seen).toEqual(['first', 'second']);
});

test.each(['ExpiredIteratorException', 'ResourceNotFoundException', 'TrimmedDataAccessException'])(
  'an iterator that is refused by %s is replaced at once, and nothing is missed or told twice',
  async (name) => {
    const { pump, write } = await aStream();
    const { seen, consume } = collector();
    let isRefused = false;
    const one = pump(consume, (command) => {
      if (!isRefused || command !== 'GetRecordsCommand') return;
      isRefused = false;
      throw Object.assign(new Error('not this one'), { name });
    });
    await write('a');
    await one.drain();
    await write('b');
    isRefused = true;
    await one.drain();
    expect(seen).toEqual(['a', 'b']);
  },
);

test('a failure to read is told, and the next time everything is there', async () => {
  const { pump, write } = await aStream();
  const { seen, consume } = collector();
  let isDown = false;
  const one = pump(consume, () => {
    if (isDown) throw new Error('nobody answers');
  });
  await write('a');
  await one.drain();
  await write('b');
  isDown = true;
  await expect(one.drain()).rejects.toThrow('nobody answers');
  isDown = false;
  await one.drain();
  expect(seen).toEqual(['a', 'b']);
});

test('places in the stream of another server are none in this one', async () => {
  const { pump, write, placesFile } = await aStream();
  const { seen, consume } = collector();
  const earlier = pump(consume);
  await write('a');
  await earlier.drain();
  const [shardId = ''] = Object.keys(JSON.parse(readFileSync(placesFile, 'utf8')));
  writeFileSync(placesFile, JSON.stringify({ [shardId]: '500' }));
  await write('b');
  const one = pump(consume);
  await one.drain();
  expect(seen).toEqual(['a', 'a', 'b']);
});
