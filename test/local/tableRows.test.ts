import { expect, test } from 'vitest';
import { putBack, readRows, rowOf } from '#infra/local/tableRows.ts';
import { register } from '#lib/store/accounts.ts';
import { commit } from '#lib/table/commit.ts';
import { testEndpoint } from '#test/support/engine.ts';
import { engineClient } from '#test/support/engineClient.ts';
import { newEstate } from '#test/support/estate.ts';
import { watchRequests } from '#test/support/requests.ts';

const FIRST_UID = 1_000_000_000_000_000;

test('a table is made what it was by as many writes as it has changed, however large it is', async () => {
  const { deps, dump, tableName, account } = await newEstate();
  const enrol = (uid: number) => register({ uid, name: `${uid}`, legalName: 'Corp', createdAtMs: 1 }, 'given');
  for (let start = 0; start < 1000; start += 100) {
    await commit(deps.table, Array.from({ length: 100 }, (_, index) => enrol(FIRST_UID + start + index)).flat());
  }
  const client = engineClient(await testEndpoint());
  const before = await dump();
  const rows = await readRows(client, tableName);
  expect(rows.map(rowOf)).toHaveLength(before.length);
  await account('Passing');
  expect(await dump()).not.toEqual(before);
  const requests = watchRequests(client);
  await putBack(client, tableName, rows);
  expect(await dump()).toEqual(before);
  const writes = requests.filter(({ command }) => command !== 'ScanCommand');
  expect(writes).toEqual([{ command: 'TransactWriteItemsCommand', items: 3 }]);
});

test('rows that were changed or removed are put back, and rows that were added are removed, more than a transaction bears', async () => {
  const { deps, dump, tableName } = await newEstate();
  const client = engineClient(await testEndpoint());
  const before = await dump();
  const rows = await readRows(client, tableName);
  const added = Array.from({ length: 150 }, (_, index) =>
    register({ uid: FIRST_UID + index, name: 'a', legalName: 'Corp', createdAtMs: 1 }, 'given'),
  ).flat();
  await commit(deps.table, added.slice(0, 100));
  await commit(deps.table, added.slice(100));
  await putBack(client, tableName, []);
  expect(await dump()).toEqual([]);
  await putBack(client, tableName, rows);
  expect(await dump()).toEqual(before);
});
