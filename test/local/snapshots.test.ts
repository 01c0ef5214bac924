import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openRememberedRows } from '#infra/local/rememberedRows.ts';
import { openSnapshots } from '#infra/local/snapshots.ts';
import { newFolder } from '#test/support/emulatorProcess.ts';
import { testEndpoint } from '#test/support/engine.ts';
import { engineClient } from '#test/support/engineClient.ts';
import { newEstate } from '#test/support/estate.ts';
import { watchRequests } from '#test/support/requests.ts';

describe('a snapshot that is restored again', () => {
  async function taken(isEmbedded: boolean) {
    const { account, dump, tableName: name } = await newEstate();
    const client = engineClient(await testEndpoint());
    const [data, folder] = [newFolder(), newFolder()];
    const snapshots = openSnapshots(client, data, isEmbedded);
    await snapshots.take('then', { name, folder });
    const before = await dump();
    const requests = watchRequests(client);
    const restored = async () => {
      requests.length = 0;
      await snapshots.restore('then', { name, folder });
      snapshots.settle('then');
      expect(await dump()).toEqual(before);
      return requests.map(({ command }) => command);
    };
    const change = async () => {
      await account('Passing');
      const added = (await dump()).filter((row) => !before.some(({ pk, sk }) => pk === row['pk'] && sk === row['sk']));
      const records = added.map(({ pk, sk }) => ({ dynamodb: { Keys: { pk: { S: pk }, sk: { S: sk } } } }));
      snapshots.see({ name }, records);
    };
    return { change, data, restored };
  }

  test('takes one writing, however large the estate is', async () => {
    const { change, restored } = await taken(true);
    for (const _ of [1, 2]) {
      await change();
      expect(await restored()).toEqual(['TransactWriteItemsCommand']);
    }
    expect(await restored()).toEqual([]);
  });

  test('is compared with all there is where the stream may be late', async () => {
    const { change, restored } = await taken(false);
    await change();
    expect(await restored()).toEqual(['ScanCommand', 'TransactWriteItemsCommand']);
  });

  test('is read from its file where that is another by now', async () => {
    const { data, restored } = await taken(true);
    const file = join(data, 'snapshots/then.json');
    writeFileSync(file, `${readFileSync(file, 'utf8')} `);
    expect(await restored()).toEqual(['ScanCommand']);
  });
});

test('the four snapshots that were used last are remembered, each of its own table', () => {
  const remembered = openRememberedRows();
  const row = (id: string) => ({ pk: { S: id }, sk: { S: 'ROW' } });
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    remembered.remember(name, 'table', 'stamp', { files: {}, rows: [row('one')] });
  }
  expect(remembered.find('a', 'table', 'stamp')).toBeUndefined();
  expect(remembered.find('e', 'other', 'stamp')).toBeUndefined();
  expect(remembered.find('e', 'table', 'later')).toBeUndefined();
  remembered.note('table', row('two'));
  remembered.note('other', row('three'));
  remembered.settle('d');
  expect([...(remembered.find('b', 'table', 'stamp')?.written.keys() ?? [])]).toEqual(['two ROW']);
  expect(remembered.find('d', 'table', 'stamp')?.written.size).toBe(0);
});
