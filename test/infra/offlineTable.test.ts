import { expect, test } from 'vitest';
import { localClient } from '#infra/local/database.ts';
import { openOfflineTable } from '#infra/offlineTable.ts';
import { openDeps } from '#lib/deps.ts';
import { systemPorts } from '#lib/ports.ts';
import { register } from '#lib/store/accounts.ts';
import { commit } from '#lib/table/commit.ts';
import { newFolder } from '#test/support/emulatorProcess.ts';

const guest = { uid: 1_000_000_000_000_001, name: 'guest', legalName: 'Guests', email: undefined, createdAtMs: 0 };
const DEMO_PARENT = 1738376485192612;

test('what npm run offline serves is kept, until a start with --reset has the demo estate anew', async () => {
  const setting = { data: newFolder(), tableName: 'tributary-offline', env: process.env };
  const found: boolean[] = [];
  for (const [round, isReset] of [false, false, true].entries()) {
    const { env, close } = await openOfflineTable({ ...setting, isReset });
    const client = localClient(env['AWS_ENDPOINT_URL_DYNAMODB'] ?? '');
    const masterKey = Buffer.from(env['MASTER_KEY'] ?? '', 'hex');
    const { accounts, table } = openDeps({ client, tableName: setting.tableName, masterKey, ports: systemPorts });
    if (round === 0) await commit(table, register(guest, 'given'));
    found.push((await accounts.find(guest.uid)) !== undefined);
    expect(await accounts.find(DEMO_PARENT)).toBeDefined();
    client.destroy();
    await close();
  }
  expect(found).toEqual([true, true, false]);
});
