import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type {
  DynamoDBDocumentClient,
  QueryCommandInput,
  QueryCommandOutput,
  TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { BatchGetCommand, GetCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Key } from '#lib/store/keys.ts';
import { countRequest } from '#lib/store/meter.ts';

/** An item as stored: its keys and whatever its repository put into it. */
export type Row = Key & Readonly<Record<string, unknown>>;

export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** An item of a transaction, which may leave the table's name to the table. */
export type Action =
  | { readonly Put: Omit<NonNullable<TransactItem['Put']>, 'TableName'> }
  | { readonly Update: Omit<NonNullable<TransactItem['Update']>, 'TableName'> }
  | { readonly ConditionCheck: Omit<NonNullable<TransactItem['ConditionCheck']>, 'TableName'> };

/** A query of the table or one of its indexes; `IndexName`, key condition, filter and values as DynamoDB names them. */
export type Query = Omit<QueryCommandInput, 'TableName' | 'Limit' | 'Select' | 'ExclusiveStartKey'>;

/** The one table, reduced to what the repositories need. Reads of items are strongly consistent. */
export interface Table {
  get(key: Key): Promise<Row | undefined>;
  /** The items in the order of their keys (at most 100). */
  getMany(keys: readonly Key[]): Promise<(Row | undefined)[]>;
  /** The matching items in index order, fetched `pageSize` at a time as they are consumed. */
  query(query: Query, pageSize: number): AsyncGenerator<Row, void>;
  /** One page: at most `pageSize` items read, and where to go on if there is more. */
  page(query: Query, pageSize: number, after?: Key): Promise<{ rows: Row[]; next: Key | undefined }>;
  count(query: Query): Promise<number>;
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

/** Binds the document client to a table. Makes no call and reads no environment. */
export function openTable(client: DynamoDBDocumentClient, TableName: string, pause: Table['pause']): Table {
  const page: Table['page'] = async (query, pageSize, after) => {
    const answer = await client.send(
      new QueryCommand({ TableName, ...query, Limit: pageSize, ExclusiveStartKey: after, ReturnConsumedCapacity }),
    );
    countRequest('readUnits', answer.ConsumedCapacity);
    return {
      rows: (answer.Items ?? []).map(asRow),
      next: answer.LastEvaluatedKey ? asRow(answer.LastEvaluatedKey) : undefined,
    };
  };
  return {
    page,
    pause,
    async get(key) {
      const { ConsumedCapacity, Item } = await client.send(
        new GetCommand({ TableName, Key: key, ConsistentRead: true, ReturnConsumedCapacity }),
      );
      countRequest('readUnits', ConsumedCapacity);
      return Item && asRow(Item);
    },
    async getMany(keys) {
      // A batch may name an item once only.
      const Keys = [...new Map(keys.map((key) => [`${key.pk} ${key.sk}`, key])).values()];
      const { ConsumedCapacity, Responses, UnprocessedKeys } = await client.send(
        new BatchGetCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } }, ReturnConsumedCapacity }),
      );
      countRequest('readUnits', ConsumedCapacity);
      if (UnprocessedKeys?.[TableName]) throw new Error('the table left keys of a batch unread');
      const rows = (Responses?.[TableName] ?? []).map(asRow);
      return keys.map(({ pk, sk }) => rows.find((row) => row.pk === pk && row.sk === sk));
    },
    async *query(query, pageSize) {
      let after: Key | undefined;
      do {
        const { rows, next } = await page(query, pageSize, after);
        yield* rows;
        after = next;
      } while (after);
    },
    async count(query) {
      let total = 0;
      let after: Key | undefined;
      do {
        const answer: QueryCommandOutput = await client.send(
          new QueryCommand({ TableName, ...query, Select: 'COUNT', ExclusiveStartKey: after, ReturnConsumedCapacity }),
        );
        countRequest('readUnits', answer.ConsumedCapacity);
        total += answer.Count ?? 0;
        after = answer.LastEvaluatedKey && asRow(answer.LastEvaluatedKey);
      } while (after);
      return total;
    },
    async transact(actions) {
      const TransactItems = actions.map((action) => named(action, TableName));
      try {
        const { ConsumedCapacity } = await client.send(
          new TransactWriteCommand({ TransactItems, ReturnConsumedCapacity }),
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

/** Every item of the table has both keys, by the table's definition. */
function asRow(item: Record<string, unknown>): Row {
  return item as Row;
}

function named(action: Action, TableName: string): TransactItem {
  if ('Put' in action) return { Put: { TableName, ...action.Put } };
  if ('Update' in action) return { Update: { TableName, ...action.Update } };
  return { ConditionCheck: { TableName, ...action.ConditionCheck } };
}
