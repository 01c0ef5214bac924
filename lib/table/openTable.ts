import type { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { QueryCommandInput, QueryCommandOutput } from '@aws-sdk/lib-dynamodb';
import {
  BatchGetCommand,
  GetCommand,
  QueryCommand,
  TransactGetCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { Refusal } from '#lib/errors.ts';
import { withTableName } from '#lib/table/items.ts';
import {
  busyIfThrottled,
  counted,
  type DocumentClient,
  type Metered,
  readWithRetry,
  watchSendings,
} from '#lib/table/requests.ts';
import type { Key, Query, Row, Table } from '#lib/table/table.ts';

const ReturnConsumedCapacity = 'TOTAL' as const;
/** More items than fit into the 1 MB that DynamoDB reads for one answer. */
const MOST_ITEMS = 10_000;
const PAGE_GROWTH = 4;
const LARGEST_PAGE = 1000;
const MAX_BATCHES = 6;
const BATCH_PAUSE_MS = 10;

/** Sends what reads, and counts it. */
type Read = <Answer extends Metered>(send: () => Promise<Answer>) => Promise<Answer>;

/** Binds the document client to a table. Makes no call and reads no environment. */
export function openTable(client: DocumentClient, TableName: string, pause: Table['pause']): Table {
  watchSendings(client);
  const read: Read = (send) => counted('readUnits', () => readWithRetry(send, pause));
  const readPage = async (query: Query & Pick<QueryCommandInput, 'Select'>, size: number, after: Key | undefined) => {
    const Limit = Math.min(size, MOST_ITEMS);
    const paged = { TableName, ...query, Limit, ExclusiveStartKey: after, ReturnConsumedCapacity };
    return read((): Promise<QueryCommandOutput> => client.send(new QueryCommand(paged)));
  };
  const page: Table['page'] = async (query, pageSize, after) => {
    const { Items = [], LastEvaluatedKey } = await readPage(query, pageSize, after);
    return { rows: Items.map(asRow), next: LastEvaluatedKey && asRow(LastEvaluatedKey) };
  };
  return {
    page,
    pause,
    async get(key) {
      const { Item } = await read(() =>
        client.send(new GetCommand({ TableName, Key: key, ConsistentRead: true, ReturnConsumedCapacity })),
      );
      return Item && asRow(Item);
    },
    async getMany(keys) {
      // A batch cannot name an item twice.
      const unread = [...new Map(keys.map((key) => [`${key.pk} ${key.sk}`, key])).values()];
      const rows = await readAll(client, TableName, unread, read, pause);
      return keys.map(({ pk, sk }) => rows.find((row) => row.pk === pk && row.sk === sk));
    },
    async getTogether(keys) {
      for (let attempt = 0; attempt < MAX_BATCHES; attempt++) {
        const rows = await readWithRetry(() => readTogether(client, TableName, keys), pause);
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
        const write = new TransactWriteCommand({ TransactItems, ReturnConsumedCapacity });
        await counted('writeUnits', () => busyIfThrottled(client.send(write)));
        return undefined;
      } catch (error) {
        if (!isCancellation(error)) throw error;
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
  client: DocumentClient,
  TableName: string,
  keys: readonly Key[],
  read: Read,
  pause: Table['pause'],
): Promise<Row[]> {
  const rows: Row[] = [];
  let Keys: Record<string, unknown>[] = keys.map(({ pk, sk }) => ({ pk, sk }));
  for (let attempt = 0; Keys.length > 0; attempt++) {
    if (attempt === MAX_BATCHES) throw new Refusal('Busy', {});
    if (attempt > 0) await pause(BATCH_PAUSE_MS * 2 ** attempt);
    const RequestItems = { [TableName]: { Keys, ConsistentRead: true } };
    const { Responses, UnprocessedKeys } = await read(() =>
      client.send(new BatchGetCommand({ RequestItems, ReturnConsumedCapacity })),
    );
    rows.push(...(Responses?.[TableName] ?? []).map(asRow));
    Keys = UnprocessedKeys?.[TableName]?.Keys ?? [];
  }
  return rows;
}

/** The items as of one moment; undefined if that conflicts with a concurrent write. */
async function readTogether(
  client: DocumentClient,
  TableName: string,
  keys: readonly Key[],
): Promise<(Row | undefined)[] | undefined> {
  const TransactItems = keys.map(({ pk, sk }) => ({ Get: { TableName, Key: { pk, sk } } }));
  try {
    const together = new TransactGetCommand({ TransactItems, ReturnConsumedCapacity });
    const { Responses = [] } = await counted('readUnits', () => busyIfThrottled(client.send(together)));
    return Responses.map(({ Item }) => Item && asRow(Item));
  } catch (error) {
    if (!isCancellation(error)) throw error;
    return undefined;
  }
}

/** Known by its name: the class would bring all errors of DynamoDB into a bundle. */
function isCancellation(error: unknown): error is TransactionCanceledException {
  return error instanceof Error && error.name === 'TransactionCanceledException';
}

/** Every item of the table has both keys. */
function asRow(item: Record<string, unknown>): Row {
  return item as Row;
}
