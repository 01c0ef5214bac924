import type { QueryCommandInput, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';

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
