import type { Write, WriteItem } from '#lib/table/commit.ts';
import { allOf, type Change, type Fragment, namesIn, updateOf } from '#lib/table/expressions.ts';
import type { Action, Key, Row, TransactItem } from '#lib/table/table.ts';

type Refused = WriteItem['refused'];

const ReturnValuesOnConditionCheckFailure = 'ALL_OLD' as const;

/** Puts a row if there is none with its key. */
export function create(row: Row, refused: Refused): WriteItem {
  return put(row, [absent], refused);
}

/** Puts a row if all conditions hold for the one it replaces. */
export function put(row: Row, conditions: readonly Fragment[], refused: Refused): WriteItem {
  const condition = allOf(conditions);
  return {
    action: { Put: { Item: row, ...(conditions.length > 0 && conditional(condition)) } },
    checkOnly: conditions.length > 0 ? () => checkOf(row, condition) : undefined,
    refused,
  };
}

/** Updates an item if all conditions hold. */
export function update(key: Key, change: Change, conditions: readonly Fragment[], refused: Refused): WriteItem {
  const condition = allOf(conditions);
  const expression = updateOf(change);
  const values = Object.assign({}, expression.values, condition.values);
  return {
    action: {
      Update: {
        Key: { ...key },
        UpdateExpression: expression.text,
        ExpressionAttributeNames: namesIn(`${expression.text} ${condition.text}`),
        ...(conditions.length > 0 && { ConditionExpression: condition.text, ReturnValuesOnConditionCheckFailure }),
        ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
      },
    },
    checkOnly: conditions.length > 0 ? () => checkOf(key, condition) : undefined,
    refused,
  };
}

/** Deletes an item if all conditions hold. */
export function remove(key: Key, conditions: readonly Fragment[], refused: Refused): WriteItem {
  const condition = allOf(conditions);
  return {
    action: { Delete: { Key: { ...key }, ...(conditions.length > 0 && conditional(condition)) } },
    checkOnly: conditions.length > 0 ? () => checkOf(key, condition) : undefined,
    refused,
  };
}

/** Writes nothing, but lets the transaction pass only if all conditions hold for the item. */
export function check(key: Key, conditions: readonly Fragment[], refused: Refused): WriteItem {
  const action = checkOf(key, allOf(conditions));
  return { action, checkOnly: () => action, refused };
}

/** Whether two items of a write name the same row, which a transaction cannot do. */
export function isOfSameRow(one: WriteItem, other: WriteItem): boolean {
  const [a, b] = [keyOf(one.action), keyOf(other.action)];
  return a.pk === b.pk && a.sk === b.sk;
}

/** The conditions of a write alone, for a dry run. Items without a condition are left out. */
export function onlyChecked(write: Write): Write {
  return write.flatMap(({ checkOnly, refused }) => (checkOnly ? [{ action: checkOnly(), checkOnly, refused }] : []));
}

/** Holds if there is no such item. */
export const absent: Fragment = { text: 'attribute_not_exists(#pk)' };

/** Holds if there is such an item. */
export const present: Fragment = { text: 'attribute_exists(#pk)' };

/** For an item whose condition cannot fail unless the table is damaged, or that has none. */
export const neverRefused: Refused = () => new Error('a write without a condition was refused');

function keyOf(action: Action): { pk: unknown; sk: unknown } {
  const key = 'Put' in action ? action.Put.Item : Object.values(action)[0]?.Key;
  return { pk: key?.['pk'], sk: key?.['sk'] };
}

function checkOf({ pk, sk }: Key, condition: Fragment): Action {
  return { ConditionCheck: { Key: { pk, sk }, ...conditional(condition) } };
}

function conditional({ text, values }: Fragment) {
  const named = Object.keys(values ?? {}).length > 0 ? { ExpressionAttributeValues: { ...values } } : {};
  return {
    ConditionExpression: text,
    ExpressionAttributeNames: namesIn(text),
    ReturnValuesOnConditionCheckFailure,
    ...named,
  };
}

/** The action as it is sent: with the table's name and the values of this moment. */
export function withTableName(action: Action, TableName: string): TransactItem {
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
  const resolved: Record<string, unknown> = {};
  for (const name in values) {
    const value = values[name];
    resolved[name] = typeof value === 'function' ? value() : value;
  }
  return { ...part, ExpressionAttributeValues: resolved };
}
