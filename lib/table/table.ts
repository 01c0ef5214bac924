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

/** An item as stored: its keys and its attributes. */
export type Row = Key & Readonly<Record<string, unknown>>;

export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** An item of a transaction, without the table's name. */
export type Action =
  | { readonly Put: Omit<NonNullable<TransactItem['Put']>, 'TableName'> }
  | { readonly Update: Omit<NonNullable<TransactItem['Update']>, 'TableName'> }
  | { readonly Delete: Omit<NonNullable<TransactItem['Delete']>, 'TableName'> }
  | { readonly ConditionCheck: Omit<NonNullable<TransactItem['ConditionCheck']>, 'TableName'> };

/** A query of the table or one of its indexes; `IndexName`, key condition, filter and values as DynamoDB names them. */
export type Query = Omit<QueryCommandInput, 'TableName' | 'Limit' | 'Select' | 'ExclusiveStartKey'>;

/** The table, reduced to what the repositories need. Reads of items are strongly consistent. */
export interface Table {
  get(key: Key): Promise<Row | undefined>;
  /** At most 100 items, in the order of their keys. Throws `Busy` if the table keeps leaving some unread. */
  getMany(keys: readonly Key[]): Promise<(Row | undefined)[]>;
  /** The same as of one moment. Throws `Busy` if concurrent writes keep conflicting. */
  getTogether(keys: readonly Key[]): Promise<(Row | undefined)[]>;
  /** The matching items in index order, fetched as they are consumed: `pageSize` at first, then more, because a filter may pass few. */
  query(query: Query, pageSize: number): AsyncGenerator<Row, void>;
  /** One page of at most `pageSize` items read, and where the next begins. */
  page(query: Query, pageSize: number, after?: Key): Promise<{ rows: Row[]; next: Key | undefined }>;
  /** How many of the next `pageSize` items match, and where the next page begins. */
  countPage(query: Query, pageSize: number, after?: Key): Promise<{ count: number; next: Key | undefined }>;
  /** Waits a random time of at most `upToMs`, before a retry. */
  pause(upToMs: number): Promise<void>;
  /** Writes all items or none. Answers undefined if committed, else each item's reason, in their order. */
  transact(actions: readonly Action[]): Promise<Cancellation[] | undefined>;
}

/** Why a transaction was cancelled, for one of its items: DynamoDB's code (`None` if that item was no reason) and the row found. */
export interface Cancellation {
  readonly code: string;
  readonly message: string;
  readonly old: Row | undefined;
}

const ReturnConsumedCapacity = 'TOTAL' as const;
/** More items than fit into the 1 MB that DynamoDB reads for one answer. */
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
  const read = <Answer>(send: () => Promise<Answer>) => readWithRetry(send, pause);
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
      // A batch cannot name an item twice.
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
      const TransactItems = actions.map((action) => withTableName(action, TableName));
      try {
        const { ConsumedCapacity } = await busyIfThrottled(
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

/** Reads in several batches if DynamoDB leaves keys unprocessed: beyond 16 MB, or when it throttles. */
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
    const { ConsumedCapacity, Responses, UnprocessedKeys } = await readWithRetry(
      () => client.send(new BatchGetCommand({ RequestItems, ReturnConsumedCapacity })),
      pause,
    );
    countRequest('readUnits', ConsumedCapacity);
    rows.push(...(Responses?.[TableName] ?? []).map(asRow));
    Keys = UnprocessedKeys?.[TableName]?.Keys ?? [];
  }
  return rows;
}

/** The items as of one moment; undefined if that conflicts with a concurrent write. */
async function readTogether(
  client: DynamoDBDocumentClient,
  TableName: string,
  keys: readonly Key[],
): Promise<(Row | undefined)[] | undefined> {
  const TransactItems = keys.map(({ pk, sk }) => ({ Get: { TableName, Key: { pk, sk } } }));
  try {
    const { ConsumedCapacity, Responses = [] } = await busyIfThrottled(
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

/** Every item of the table has both keys. */
function asRow(item: Record<string, unknown>): Row {
  return item as Row;
}

function withTableName(action: Action, TableName: string): TransactItem {
  if ('Put' in action) return { Put: { TableName, ...resolveValues(action.Put) } };
  if ('Update' in action) return { Update: { TableName, ...resolveValues(action.Update) } };
  if ('Delete' in action) return { Delete: { TableName, ...resolveValues(action.Delete) } };
  return { ConditionCheck: { TableName, ...resolveValues(action.ConditionCheck) } };
}

/** Replaces values that are functions, such as the time, with what they return at the moment of sending. */
function resolveValues<Part extends { ExpressionAttributeValues?: Record<string, unknown> | undefined }>(
  part: Part,
): Part {
  const { ExpressionAttributeValues: values } = part;
  if (values === undefined) return part;
  const resolved = Object.entries(values).map(([name, value]) => [name, typeof value === 'function' ? value() : value]);
  return { ...part, ExpressionAttributeValues: Object.fromEntries(resolved) };
}

/** Throttling, as DynamoDB names it. The client has retried already; nothing was done. */
const throttling: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
]);

/** The answer to a read, which is sent again if it got none. Throws `Busy` when throttled or still without an answer. */
async function readWithRetry<Answer>(send: () => Promise<Answer>, pause: Table['pause']): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const result = await sentOnce({ isUnsure: false }, () => busyIfThrottled(send()));
    if ('answer' in result) return result.answer;
    const { error } = result;
    if (attempt === MAX_READS || wasRetried(error)) throw new Refusal('Busy', {}, { cause: error });
    await pause(READ_PAUSE_MS);
  }
}

/** Whether the client itself has retried, as it does after a time-out, but not after an answer that was cut short. */
function wasRetried(error: unknown): boolean {
  return Number(Object(error).$metadata?.attempts ?? 1) > 1;
}

/** The answer to a request. Throws `Busy` when throttled. */
async function busyIfThrottled<Answer>(sent: Promise<Answer>): Promise<Answer> {
  try {
    return await sent;
  } catch (error) {
    if (error instanceof Error && throttling.has(error.name)) throw new Refusal('Busy', {});
    throw error;
  }
}
