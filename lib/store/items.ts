import type { WriteItem } from '#lib/store/commit.ts';
import { allOf, type Fragment, namesIn } from '#lib/store/expressions.ts';
import type { Key } from '#lib/store/keys.ts';
import type { Row } from '#lib/store/table.ts';

type Refused = WriteItem['refused'];

/** Puts a row where none is. */
export function create(row: Row, refused: Refused): WriteItem {
  return put(row, [absent], refused);
}

/** Puts a row if all conditions hold of the one it replaces. */
export function put(row: Row, conditions: readonly Fragment[], refused: Refused): WriteItem {
  return { action: { Put: { Item: row, ...(conditions.length > 0 && conditional(allOf(conditions))) } }, refused };
}

/** Updates an item if all conditions hold. */
export function update(key: Key, change: Fragment, conditions: readonly Fragment[], refused: Refused): WriteItem {
  const condition = allOf(conditions);
  const values = { ...change.values, ...condition.values };
  return {
    action: {
      Update: {
        Key: { ...key },
        UpdateExpression: change.text,
        ...(conditions.length > 0 && conditional(condition)),
        ExpressionAttributeNames: namesIn(change.text, condition.text),
        ExpressionAttributeValues: values,
      },
    },
    refused,
  };
}

/** Writes nothing, but lets the transaction pass only if all conditions hold of the item. */
export function check(key: Key, conditions: readonly Fragment[], refused: Refused): WriteItem {
  return { action: { ConditionCheck: { Key: { ...key }, ...conditional(allOf(conditions)) } }, refused };
}

/** Lets no transaction pass in which everything else does; there is never such an item. */
export function alwaysRefused(refused: () => Error): WriteItem {
  return check({ pk: 'NEVER', sk: 'NEVER' }, [{ text: 'attribute_exists(#pk)' }], refused);
}

/** That there is no such item. */
export const absent: Fragment = { text: 'attribute_not_exists(#pk)' };

/** For an item without a condition, or whose failing means the table is damaged. */
export const neverRefused: Refused = () => new Error('a write without a condition was refused');

function conditional({ text, values }: Fragment) {
  const named = Object.keys(values ?? {}).length > 0 ? { ExpressionAttributeValues: { ...values } } : {};
  return {
    ConditionExpression: text,
    ExpressionAttributeNames: namesIn(text),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    ...named,
  };
}
