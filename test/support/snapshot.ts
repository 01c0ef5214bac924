import { isDeepStrictEqual } from 'node:util';
import { type DynamoDBDocumentClient, ScanCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { testEndpoint } from '#test/support/engine.ts';
import { engineClient } from '#test/support/engineClient.ts';
import type { Estate } from '#test/support/estate.ts';

type Item = Readonly<Record<string, unknown>>;

/** What a table held at some moment, so that many tests can begin from there. */
export interface Snapshot {
  /** Makes the table what it was. */
  restore(): Promise<void>;
  /** Takes away all there was but the key that signs: nothing that a call names is there any more. */
  withhold(keyId: string): Promise<void>;
  /** Puts back what was taken away, beside whatever is there by now. */
  giveBack(): Promise<void>;
  /** What differs from the snapshot, in the order of its keys, but for the records by which calls are known again. */
  changes(): Promise<Item[]>;
}

const MOST_WRITES = 100;
const records: ReadonlySet<unknown> = new Set(['answer', 'nonce']);

/** Remembers what the table of an estate holds now. */
export async function snapshotOf({ tableName }: Pick<Estate, 'tableName'>): Promise<Snapshot> {
  const client = engineClient(await testEndpoint());
  const write = (requests: Writes) => writeAll(client, tableName, requests);
  const held = await rowsOf(client, tableName);
  const before = new Map(held.map((row) => [keyOf(row), row]));
  const isAltered = (row: Item) => !isDeepStrictEqual(before.get(keyOf(row)), row);
  const missingFrom = (rows: readonly Item[]) => {
    const keys = new Set(rows.map(keyOf));
    return held.filter((row) => !keys.has(keyOf(row)));
  };
  return {
    giveBack: () => write(held.map(puttingOf)),
    async restore() {
      const rows = await rowsOf(client, tableName);
      const altered = rows.filter(isAltered);
      const replaced = held.filter((row) => altered.some((other) => keyOf(other) === keyOf(row)));
      const added = altered.filter((row) => !before.has(keyOf(row)));
      await write([...[...replaced, ...missingFrom(rows)].map(puttingOf), ...added.map(deletionOf)]);
    },
    withhold: (keyId) => write(held.filter(({ pk }) => pk !== `KEY#${keyId}`).map(deletionOf)),
    async changes() {
      const rows = await rowsOf(client, tableName);
      const altered = rows.filter((row) => !records.has(row['type']) && isAltered(row));
      return [...missingFrom(rows).map((row) => ({ gone: keyOf(row) })), ...altered];
    },
  };
}

/** What is made for a test, and what its table then holds. */
export type Restorable<Made> = Made & { readonly rows: Snapshot };

/** Makes it when it is first asked for. Whenever it is asked for again, the table is what it was in the beginning. */
export function restored<Made extends { readonly estate: Pick<Estate, 'tableName'> }>(
  make: () => Promise<Made>,
): () => Promise<Restorable<Made>> {
  let making: Promise<Restorable<Made>> | undefined;
  return async () => {
    making ??= make().then(async (made) => ({ ...made, rows: await snapshotOf(made.estate) }));
    const made = await making;
    await made.rows.restore();
    return made;
  };
}

type Writes = ({ Put: { Item: Item } } | { Delete: { Key: Item } })[];

/** In transactions, because the engine commits each write of a batch by itself. */
async function writeAll(client: DynamoDBDocumentClient, TableName: string, writes: Writes): Promise<void> {
  for (let begin = 0; begin < writes.length; begin += MOST_WRITES) {
    const TransactItems = writes
      .slice(begin, begin + MOST_WRITES)
      .map((write) =>
        'Put' in write ? { Put: { TableName, ...write.Put } } : { Delete: { TableName, ...write.Delete } },
      );
    await client.send(new TransactWriteCommand({ TransactItems }));
  }
}

async function rowsOf(client: DynamoDBDocumentClient, TableName: string): Promise<Item[]> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName, ConsistentRead: true }));
  return Items.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

function puttingOf(Item: Item): Writes[number] {
  return { Put: { Item } };
}

function deletionOf({ pk, sk }: Item): Writes[number] {
  return { Delete: { Key: { pk, sk } } };
}

function keyOf({ pk, sk }: Item): string {
  return `${pk} ${sk}`;
}

/** What rows say that is the same whenever the same is done: neither ids nor times. */
export function shapesOf(rows: readonly Item[]): Item[] {
  return rows.map((row) => Object.fromEntries(telling.map((name) => [name, row[name]]))).toSorted(byText);
}

const telling = [
  'gone',
  'type',
  'v',
  'status',
  'event',
  'active',
  'availableBalance',
  'arrears',
  'lentCredit',
  'relations',
  'trusteeships',
  'cleanedUp',
] as const;

function byText(one: Item, other: Item): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}
