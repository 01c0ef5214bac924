import { CreateTableCommand, type CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Engine, startEngine } from '#infra/local/engine.ts';
import { times } from '#test/support/breadth.ts';
import { engineClient } from '#test/support/engineClient.ts';
import { processesNaming, processorMs, procFile } from '#test/support/processes.ts';

const WIDTH = 2;
const MEASURED = times(700, 350);
const LONGEST_MS = 120_000;
/** Without indexes the last of so many costs over thirty times what the first did. */
const RECORDS = times(100_000, 12_000);
/** A larger file has deeper indexes and colder caches. */
const BAR = 1.5;

/** A table that is cheap to fill. */
const definition: CreateTableCommandInput = {
  TableName: 'long',
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
};

let engine: Engine;
let client: DynamoDBDocumentClient;
let records = 0;

beforeAll(async () => {
  engine = await startEngine(undefined, process.env);
  client = engineClient(engine.endpoint);
  await client.send(new CreateTableCommand(definition));
});

afterAll(() => engine.stop());

async function write(count: number): Promise<void> {
  const puts = Array.from({ length: count }, () => ({ Put: { TableName: 'long', Item: { pk: `row${records++}` } } }));
  await client.send(new TransactWriteCommand({ TransactItems: puts }));
}

function engineProcess(): number {
  const { hostname, port } = new URL(engine.endpoint);
  const [pid] = processesNaming(`\0--host\0${hostname}\0--port\0${port}\0`).filter(
    (one) => procFile(one, 'comm').trim() === 'dynoxide',
  );
  if (pid === undefined) throw new Error('the engine has no process');
  return pid;
}

/** Writes side by side while there are more to write. */
const writeWhile = (count: number, isMore: () => boolean) =>
  Promise.all(
    Array.from({ length: WIDTH }, async () => {
      while (isMore()) await write(count);
    }),
  );

/** The engine's processor time for a transaction, in ms. */
async function cost(): Promise<number> {
  const pid = engineProcess();
  const startedMs = processorMs(pid);
  let left = MEASURED;
  await writeWhile(3, () => left-- > 0);
  return (processorMs(pid) - startedMs) / MEASURED;
}

test('the last of many thousand records costs the engine what the first did', { timeout: LONGEST_MS }, async () => {
  await cost();
  const first = await cost();
  await writeWhile(100, () => records < RECORDS);
  expect((await cost()) / first).toBeLessThan(BAR);
});
