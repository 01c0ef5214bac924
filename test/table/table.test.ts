import { describe, expect, it } from 'vitest';
import { Refusal } from '#lib/errors.ts';
import { accountKey } from '#lib/store/keys.ts';
import { openTable } from '#lib/table/openTable.ts';
import type { Table } from '#lib/table/table.ts';
import { testEndpoint } from '#test/support/engine.ts';
import { engineClient } from '#test/support/engineClient.ts';
import { newEstate } from '#test/support/estate.ts';

const keys = [1_000_000_001, 1_000_000_002, 1_000_000_003].map(accountKey);

/** A table whose answers are altered on their way, and the pauses it has made. */
async function altered(alter: (output: object, nth: number) => object): Promise<{ table: Table; pauses: number[] }> {
  const { deps, tableName } = await newEstate();
  await deps.table.transact(keys.map((key) => ({ Put: { Item: { ...key, type: 'account' } } })));
  const client = engineClient(await testEndpoint());
  let answers = 0;
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      return { ...answer, output: Object.assign(answer.output, alter(answer.output, answers++)) };
    },
    { step: 'initialize', name: 'alter' },
  );
  const pauses: number[] = [];
  return { table: openTable(client, tableName, async (upToMs) => void pauses.push(upToMs)), pauses };
}

/** A batch's answer that leaves its last item unread. */
function withoutLast(output: object): object {
  const [[name = '', rows = []] = []] = Object.entries<{ pk: string; sk: string }[]>(Object(output).Responses);
  const left = rows.slice(-1).map(({ pk, sk }) => ({ pk, sk }));
  return { Responses: { [name]: rows.slice(0, -1) }, UnprocessedKeys: { [name]: { Keys: left } } };
}

describe('a batch that DynamoDB leaves unfinished', () => {
  it('is read to its end, after pauses', async () => {
    const { table, pauses } = await altered((output, nth) => (nth < 2 ? withoutLast(output) : {}));
    expect((await table.getMany(keys)).map((row) => row?.pk)).toEqual(keys.map(({ pk }) => pk));
    expect(pauses).toHaveLength(2);
    expect(pauses).toEqual(pauses.toSorted((one, other) => one - other));
  });

  it('is Busy if it is left so again and again', async () => {
    const { table, pauses } = await altered(withoutLast);
    await expect(table.getMany(keys.slice(0, 1))).rejects.toThrow(new Refusal('Busy', {}));
    expect(pauses.length).toBeLessThan(10);
  });
});

it('a page is never asked for in more items than fit into an answer', async () => {
  const { deps, tableName } = await newEstate();
  const client = engineClient(await testEndpoint());
  const limits: unknown[] = [];
  client.middlewareStack.add(
    (next) => (args) => {
      limits.push(Object(args.input).Limit);
      return next(args);
    },
    { step: 'initialize', name: 'limits' },
  );
  const table = openTable(client, tableName, deps.ports.pause);
  const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': 'ACCOUNT#1' } };
  await table.page(query, 1);
  for (const many of [10_001, 1e10, Number.POSITIVE_INFINITY]) {
    await table.page(query, many);
    await table.countPage(query, many);
  }
  expect(limits).toEqual([1, ...Array(6).fill(10_000)]);
});

describe('a request', () => {
  const throttled = (name: string) => () => {
    throw Object.assign(new Error('too much'), { name, $fault: 'client' });
  };

  it.each(['ThrottlingException', 'ProvisionedThroughputExceededException', 'RequestLimitExceeded'])(
    'that met %s in the end is Busy',
    async (name) => {
      const { table } = await altered(throttled(name));
      const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': 'ACCOUNT#1' } };
      const requests = [
        () => table.get(accountKey(1)),
        () => table.getMany(keys),
        () => table.page(query, 1),
        () => table.countPage(query, 1),
        () => table.transact([{ Put: { Item: accountKey(1) } }]),
      ];
      for (const request of requests) await expect(request()).rejects.toThrow(new Refusal('Busy', {}));
    },
  );

  it('that failed otherwise fails as it did', async () => {
    const { table } = await altered(throttled('ResourceNotFoundException'));
    await expect(table.get(accountKey(1))).rejects.toThrow('too much');
  });
});
