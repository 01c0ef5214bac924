import { isDeepStrictEqual } from 'node:util';
import {
  type AttributeValue,
  ScanCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Row } from '#lib/table/table.ts';

/** A row as the database has it. */
export type RawRow = Readonly<Record<string, AttributeValue>>;

/** The most rows that a transaction writes. */
const MOST_WRITES = 100;

/** All rows of a table. */
export async function readRows(client: DynamoDBDocumentClient, TableName: string): Promise<RawRow[]> {
  const rows: RawRow[] = [];
  let from: RawRow | undefined;
  do {
    const scan = new ScanCommand({ TableName, ConsistentRead: true, ExclusiveStartKey: from && { ...from } });
    const { Items = [], LastEvaluatedKey } = await client.send(scan);
    rows.push(...Items);
    from = LastEvaluatedKey;
  } while (from);
  return rows;
}

/** A row as our own code reads it. */
export function rowOf(raw: RawRow): Row {
  return asRow(unmarshall({ ...raw }));
}

/** Every item of the table has a pk and a sk, which are its key. */
function asRow(item: Record<string, unknown>): Row {
  return item as Row;
}

/** Makes a table hold these rows and no others: what is as it was is left alone. Nobody else may write meanwhile. */
export async function putBack(
  client: DynamoDBDocumentClient,
  TableName: string,
  rows: readonly RawRow[],
): Promise<void> {
  const found = new Map((await readRows(client, TableName)).map((row) => [nameOf(row), row]));
  const wanted = new Set(rows.map(nameOf));
  const altered = rows.filter((row) => !isDeepStrictEqual(found.get(nameOf(row)), row));
  const added = [...found].filter(([name]) => !wanted.has(name)).map(([, row]) => row);
  const writes: TransactWriteItem[] = [
    ...altered.map((row) => ({ Put: { TableName, Item: { ...row } } })),
    ...added.map((row) => ({ Delete: { TableName, Key: keyOf(row) } })),
  ];
  await sendAll(client, writes);
}

/** Makes the rows of these keys what they were; those that were not there are removed. Nobody else may write meanwhile. */
export async function putBackSome(
  client: DynamoDBDocumentClient,
  TableName: string,
  keys: Iterable<RawRow>,
  then: ReadonlyMap<string, RawRow>,
): Promise<void> {
  const writes = Array.from(keys, (key): TransactWriteItem => {
    const row = then.get(nameOf(key));
    return row === undefined ? { Delete: { TableName, Key: keyOf(key) } } : { Put: { TableName, Item: { ...row } } };
  });
  await sendAll(client, writes);
}

async function sendAll(client: DynamoDBDocumentClient, writes: readonly TransactWriteItem[]): Promise<void> {
  for (let start = 0; start < writes.length; start += MOST_WRITES) {
    const TransactItems = writes.slice(start, start + MOST_WRITES);
    await client.send(new TransactWriteItemsCommand({ TransactItems }));
  }
}

function keyOf({ pk, sk }: RawRow): Record<string, AttributeValue> {
  return { ...(pk && { pk }), ...(sk && { sk }) };
}

/** Tells a row, or its key, from others. */
export function nameOf({ pk, sk }: RawRow): string {
  return `${pk?.S} ${sk?.S}`;
}
