import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type {
  DynamoDBDocumentClient,
  QueryCommandInput,
  QueryCommandOutput,
  TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import {
  BatchGetCommand,
  GetCommand,
  QueryCommand,
  TransactGetCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { Refusal } from '#lib/errors.ts';
import { countRequest, sentOnce, watchSendings } from '#lib/table/requests.ts';

/** The primary key of an item. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** An item as stored: its keys and whatever its repository put into it. */
export type Row = Key & Readonly<Record<string, unknown>>;

export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** An item of a transaction, which may leave the table's name to the table. */
export type Action =
  | { readonly Put: Omit<NonNullable<TransactItem['Put']>, 'TableName'> }
  | { readonly Update: Omit<NonNullable<TransactItem['Update']>, 'TableName'> }
  | { readonly Delete: Omit<NonNullable<TransactItem['Delete']>, 'TableName'> }
  | { readonly ConditionCheck: Omit<NonNullable<TransactItem['ConditionCheck']>, 'TableName'> };

/** A query of the table or one of its indexes; `IndexName`, key condition, filter and values as DynamoDB names them. */
export type Query = Omit<QueryCommandInput, 'TableName' | 'Limit' | 'Select' | 'ExclusiveStartKey'>;

/** The one table, reduced to what the repositories need. Reads of items are strongly consistent. */
export interface Table {
  get(key: Key): Promise<Row | undefined>;
  /** The items in the order of their keys (at most 100). Throws `Busy` when the table leaves some unread again and again. */
  getMany(keys: readonly Key[]): Promise<(Row | undefined)[]>;
  /** The same as of one moment. Throws `Busy` when writes of them do not end. */
  getTogether(keys: readonly Key[]): Promise<(Row | undefined)[]>;
  /** The matching items in index order, fetched as they are consumed: `pageSize` at first, then more each time, as a filter may pass few. */
  query(query: Query, pageSize: number): AsyncGenerator<Row, void>;
  /** One page: at most `pageSize` items read, and where to go on if there is more. */
  page(query: Query, pageSize: number, after?: Key): Promise<{ rows: Row[]; next: Key | undefined }>;
  /** How many match among the next `pageSize` items, and where to go on if there is more. */
  countPage(query: Query, pageSize: number, after?: Key): Promise<{ count: number; next: Key | undefined }>;
  /** Waits a random time of at most `upToMs`, before something is tried again. */
  pause(upToMs: number): Promise<void>;
  /** All or nothing: undefined when committed, else why each item was not, in their order. */
  transact(actions: readonly Action[]): Promise<Cancellation[] | undefined>;
}

/** Why one item of a transaction did not commit: DynamoDB's code (`None` for an innocent item), and the item that was there. */
export interface Cancellation {
  readonly code: string;
  readonly message: string;
  readonly old: Row | undefined;
}

const ReturnConsumedCapacity = 'TOTAL' as const;
/** More than fit into the 1 MB that DynamoDB looks at for one answer. */
const MOST_ITEMS = 10_000;
const PAGE_GROWTH = 4;
const LARGEST_PAGE = 1000;
const MAX_BATCHES = 6;
const BATCH_PAUSE_MS = 10;
const MAX_READS = 2;
const READ_PAUSE_MS = 20;

/** Binds the document client to a table. Makes no call and reads no environment. */
export function openTable(client: DynamoDBDocumentClient, TableName: string, pause: Table['pause']): Table {
  watchSendings(client);
  const read = <Answer>(send: () => Promise<Answer>) => answered(send, pause);
  const readPage = async (query: Query & Pick<QueryCommandInput, 'Select'>, size: number, after: Key | undefined) => {
    const Limit = Math.min(size, MOST_ITEMS);
    const paged = { TableName, ...query, Limit, ExclusiveStartKey: after, ReturnConsumedCapacity };
    const answer: QueryCommandOutput = await read(() => client.send(new QueryCommand(paged)));
    countRequest('readUnits', answer.ConsumedCapacity);
    return answer;
  };
  const page: Table['page'] = async (query, pageSize, after) => {
    const { Items = [], LastEvaluatedKey } = await readPage(query, pageSize, after);
    return { rows: Items.map(asRow), next: LastEvaluatedKey && asRow(LastEvaluatedKey) };
  };
  return {
    page,
    pause,
    async get(key) {
      const { ConsumedCapacity, Item } = await read(() =>
        client.send(new GetCommand({ TableName, Key: key, ConsistentRead: true, ReturnConsumedCapacity })),
      );
      countRequest('readUnits', ConsumedCapacity);
      return Item && asRow(Item);
    },
    async getMany(keys) {
      // A batch may name an item once only.
      const unread = [...new Map(keys.map((key) => [`${key.pk} ${key.sk}`, key])).values()];
      const rows = await readAll(client, TableName, unread, pause);
      return keys.map(({ pk, sk }) => rows.find((row) => row.pk === pk && row.sk === sk));
    },
    async getTogether(keys) {
      for (let attempt = 0; attempt < MAX_BATCHES; attempt++) {
        const rows = await read(() => readTogether(client, TableName, keys));
        if (rows !== undefined) return rows;
        await pause(BATCH_PAUSE_MS * 2 ** attempt);
      }
      throw new Refusal('Busy', {});
    },
    async *query(query, pageSize) {
      let after: Key | undefined;
      let size = pageSize;
      do {
        const { rows, next } = await page(query, size, after);
        yield* rows;
        after = next;
        size = Math.max(size, Math.min(size * PAGE_GROWTH, LARGEST_PAGE));
      } while (after);
    },
    async countPage(query, pageSize, after) {
      const { Count = 0, ...answer } = await readPage({ ...query, Select: 'COUNT' }, pageSize, after);
      return { count: Count, next: answer.LastEvaluatedKey && asRow(answer.LastEvaluatedKey) };
    },
    async transact(actions) {
      const TransactItems = actions.map((action) => named(action, TableName));
      try {
        const { ConsumedCapacity } = await orBusy(
          client.send(new TransactWriteCommand({ TransactItems, ReturnConsumedCapacity })),
        );
        countRequest('writeUnits', ConsumedCapacity);
        return undefined;
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        countRequest('writeUnits');
        return (error.CancellationReasons ?? []).map(({ Code, Item, Message }) => ({
          code: Code ?? 'None',
          message: Message ?? '',
          old: Item && asRow(unmarshall(Item)),
        }));
      }
    },
  };
}

/** More than 16 MB, or more than a part of the table can read at the moment, comes in several batches. */
async function readAll(
  client: DynamoDBDocumentClient,
  TableName: string,
  keys: readonly Key[],
  pause: Table['pause'],
): Promise<Row[]> {
  const rows: Row[] = [];
  let Keys: Record<string, unknown>[] = keys.map(({ pk, sk }) => ({ pk, sk }));
  for (let attempt = 0; Keys.length > 0; attempt++) {
    if (attempt === MAX_BATCHES) throw new Refusal('Busy', {});
    if (attempt > 0) await pause(BATCH_PAUSE_MS * 2 ** attempt);
    const RequestItems = { [TableName]: { Keys, ConsistentRead: true } };
    const { ConsumedCapacity, Responses, UnprocessedKeys } = await answered(
      () => client.send(new BatchGetCommand({ RequestItems, ReturnConsumedCapacity })),
      pause,
    );
    countRequest('readUnits', ConsumedCapacity);
    rows.push(...(Responses?.[TableName] ?? []).map(asRow));
    Keys = UnprocessedKeys?.[TableName]?.Keys ?? [];
  }
  return rows;
}

/** The items as of one moment; undefined while a write of one of them is under way. */
async function readTogether(
  client: DynamoDBDocumentClient,
  TableName: string,
  keys: readonly Key[],
): Promise<(Row | undefined)[] | undefined> {
  const TransactItems = keys.map(({ pk, sk }) => ({ Get: { TableName, Key: { pk, sk } } }));
  try {
    const { ConsumedCapacity, Responses = [] } = await orBusy(
      client.send(new TransactGetCommand({ TransactItems, ReturnConsumedCapacity })),
    );
    countRequest('readUnits', ConsumedCapacity);
    return Responses.map(({ Item }) => Item && asRow(Item));
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    countRequest('readUnits');
    return undefined;
  }
}

/** Every item of the table has both keys, by the table's definition. */
function asRow(item: Record<string, unknown>): Row {
  return item as Row;
}

function named(action: Action, TableName: string): TransactItem {
  if ('Put' in action) return { Put: { TableName, ...told(action.Put) } };
  if ('Update' in action) return { Update: { TableName, ...told(action.Update) } };
  if ('Delete' in action) return { Delete: { TableName, ...told(action.Delete) } };
  return { ConditionCheck: { TableName, ...told(action.ConditionCheck) } };
}

/** The same with each value that is told only at the moment of sending, such as the time, as it is now. */
function told<Part extends { ExpressionAttributeValues?: Record<string, unknown> | undefined }>(part: Part): Part {
  const { ExpressionAttributeValues: values } = part;
  if (values === undefined) return part;
  const now = Object.entries(values).map(([name, value]) => [name, typeof value === 'function' ? value() : value]);
  return { ...part, ExpressionAttributeValues: Object.fromEntries(now) };
}

/** What DynamoDB calls too much load, once its client has tried again in vain. Nothing was done. */
const passing: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
]);

/** The answer to a read, which is asked for again where it got none; throws `Busy` where the table has too much to do or says nothing. */
async function answered<Answer>(send: () => Promise<Answer>, pause: Table['pause']): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const sending = await sentOnce({ isUnsure: false }, () => orBusy(send()));
    if ('answer' in sending) return sending.answer;
    const { error } = sending;
    if (attempt === MAX_READS || wasRepeated(error)) throw new Refusal('Busy', {}, { cause: error });
    await pause(READ_PAUSE_MS);
  }
}

/** Whether the client itself has asked again, as it does after a time-out; an answer that was cut short it passes on at once. */
function wasRepeated(error: unknown): boolean {
  return Number(Object(error).$metadata?.attempts ?? 1) > 1;
}

/** The answer to a request; throws `Busy`, which a caller may try again, where the table had too much to do. */
async function orBusy<Answer>(sent: Promise<Answer>): Promise<Answer> {
  try {
    return await sent;
  } catch (error) {
    if (error instanceof Error && passing.has(error.name)) throw new Refusal('Busy', {});
    throw error;
  }
}
