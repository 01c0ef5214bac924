import { cpSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { dropTable, ensureTable, localClient } from '#infra/local/database.ts';
import { startEmulator } from '#infra/local/emulator.ts';
import { startEngine } from '#infra/local/engine.ts';
import { times } from '#test/support/breadth.ts';
import {
  clientOf,
  type EmulatorClient,
  engineOf,
  newFolder,
  type RunningEmulator,
  startEmulatorProcess,
} from '#test/support/emulatorProcess.ts';
import { procFile } from '#test/support/processes.ts';
import { builtProgram } from '#test/support/programs.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** More changes than a reset or a first start makes. */
const MANY = 50;
/** Every so many changes a process is killed. */
const STRIDE = MANY / times(50, 25);
const preload = `--import ${await builtProgram('killBefore')}`;

/** What tells one estate from another: its time, its accounts, and what was published. */
async function seenOf({ call, control }: EmulatorClient) {
  const { body: clock } = await control('clock');
  const { body: listed } = await call('operator', 'ListRegisteredAccounts');
  const { body: events } = await control('events');
  return { offsetMs: clock.offsetMs, accounts: listed.Accounts.length, events: events.length };
}

const newEstate = { offsetMs: 0, accounts: 7, events: 0 };
const livedIn = { offsetMs: DAY_MS, accounts: 8, events: 2 };

/** Makes of a new estate one that is told from it by everything. */
async function liveIn({ call, control, env }: RunningEmulator): Promise<void> {
  await control('clock', `{"offsetMs": ${DAY_MS}}`);
  await call('operator', 'RegisterAccount', { Name: 'guest', Uid: '1000000000000001' });
  const added = await call('parent', 'AddAccountRelation', {
    ParentUserId: env['PARENT_UID'] ?? '',
    ChildUserId: env['CHILD_UID'] ?? '',
    RelationType: 'enterprise_group',
    RequestId: 'r',
    PermissionCodes: ['CHECK_FINANCE_INFO'],
  });
  expect(added.status).toBe(200);
}

/** The name of the estate that a data folder has in use, and of its table. */
const estateIn = (data: string) => readFileSync(join(data, 'estate'), 'utf8');

async function tablesIn(endpoint: string): Promise<string[]> {
  const { TableNames = [] } = await localClient(endpoint).send(new ListTablesCommand());
  return TableNames;
}

/** Where the engine that an emulator has started listens. */
function endpointOf(emulator: RunningEmulator): string {
  const words = procFile(engineOf(emulator), 'cmdline').split('\0');
  const wordAfter = (option: string) => words[words.indexOf(option) + 1];
  return `http://${wordAfter('--host')}:${wordAfter('--port')}`;
}

test.concurrent('a reset that is killed before any of its changes leaves the old estate whole, or the new one, and nothing else', async () => {
  const data = newFolder();
  const outcomes: string[] = [];
  const startKilling = (n: number) =>
    startEmulatorProcess({
      TRIBUTARY_DATA: data,
      NODE_OPTIONS: preload,
      KILL_AFTER: '/_emulator/reset',
      KILL_BEFORE: String(n),
    });
  for (let n = 1; n < MANY; n += STRIDE) {
    const emulator = await startKilling(n);
    const seen = await seenOf(emulator);
    if (seen.accounts === newEstate.accounts) {
      expect(seen).toEqual(newEstate);
      await liveIn(emulator);
      if (n > 1) outcomes.push('new');
    } else outcomes.push('old');
    expect(await seenOf(emulator)).toEqual(livedIn);
    const tables = await tablesIn(endpointOf(emulator));
    expect(tables).toHaveLength(1);
    expect(readdirSync(join(data, 'estates'))).toEqual(tables);
    await emulator.control('reset', '').catch(() => undefined);
    // It may still be dropping the old estate, which it finishes before it ends.
    if ((await emulator.end('SIGTERM')).signal !== 'SIGKILL') break;
  }
  // Each kind at least twice, and no way back.
  expect(outcomes.join(' ')).toMatch(/^(old ){2,}(new ?){2,}$/);
});

test.concurrent('a first start that is killed before any of its changes is begun again by the next, and nothing of it is left', async () => {
  const { endpoint, stop } = await startEngine(undefined, process.env);
  let kills = 0;
  for (let n = 1; n < MANY; n += STRIDE) {
    const data = newFolder();
    const env = { TRIBUTARY_DATA: data, DYNAMODB_ENDPOINT: endpoint };
    const first = await startEmulatorProcess({ ...env, NODE_OPTIONS: preload, KILL_BEFORE: String(n) }).catch(
      () => undefined,
    );
    await first?.end('SIGTERM');
    const next = await startEmulator({ port: 0, data, env, log: () => undefined });
    const client = clientOf(next.baseUrl, parseEnv(readFileSync(next.envFile, 'utf8')));
    expect(await seenOf(client)).toEqual(newEstate);
    expect(await tablesIn(endpoint)).toEqual(readdirSync(join(data, 'estates')));
    await next.stop();
    if (first !== undefined) break;
    await dropTable(localClient(endpoint), estateIn(data));
    kills++;
  }
  expect(kills).toBeGreaterThan(6 / STRIDE);
  await stop();
});

test.concurrent('a reset that fails leaves the estate as it was, and its work goes on', async () => {
  const { endpoint, stop } = await startEngine(undefined, process.env);
  const data = newFolder();
  const emulator = await startEmulatorProcess({ TRIBUTARY_DATA: data, DYNAMODB_ENDPOINT: endpoint });
  await liveIn(emulator);
  mkdirSync(join(data, 'estate.new'));
  expect(await emulator.control('reset', '')).toMatchObject({ status: 500, body: { error: expect.any(String) } });
  expect(await seenOf(emulator)).toEqual(livedIn);
  rmdirSync(join(data, 'estate.new'));
  expect(await emulator.control('reset', '')).toMatchObject({ status: 200 });
  expect(await seenOf(emulator)).toEqual(newEstate);
  await emulator.end('SIGTERM');
  expect(await tablesIn(endpoint)).toEqual([estateIn(data)]);
  await stop();
});

test.concurrent('a data folder of the time when there was one table, called tributary, opens with its estate', async () => {
  const { endpoint, stop } = await startEngine(undefined, process.env);
  const env = { TRIBUTARY_DATA: newFolder(), DYNAMODB_ENDPOINT: endpoint };
  const maker = await startEmulatorProcess(env);
  await liveIn(maker);
  expect(await seenOf(maker)).toEqual(livedIn);
  await maker.end('SIGTERM');
  await asOfOld(env.TRIBUTARY_DATA, endpoint);

  const emulator = await startEmulatorProcess(env);
  expect(await seenOf(emulator)).toEqual(livedIn);
  expect(await tablesIn(endpoint)).toEqual(['tributary']);
  await emulator.control('reset', '');
  expect(await seenOf(emulator)).toEqual(newEstate);
  await emulator.end('SIGTERM');
  expect(await tablesIn(endpoint)).toEqual([estateIn(env.TRIBUTARY_DATA)]);
  expect(readdirSync(env.TRIBUTARY_DATA).toSorted()).toEqual(['demo.env', 'estate', 'estates', 'master.key']);
  await stop();
});

/** Lays a data folder and its table out as they were then. */
async function asOfOld(data: string, endpoint: string): Promise<void> {
  const client = localClient(endpoint);
  const [old, TableName] = [estateIn(data), 'tributary'];
  await ensureTable(client, TableName);
  const { Items = [] } = await client.send(new ScanCommand({ TableName: old }));
  for (const Item of Items) await client.send(new PutCommand({ TableName, Item }));
  await dropTable(client, old);
  cpSync(join(data, 'estates', old), data, { recursive: true });
  for (const name of ['estate', 'estates']) rmSync(join(data, name), { recursive: true });
}
