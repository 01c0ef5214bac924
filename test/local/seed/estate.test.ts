import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { type Emulator, startEmulator } from '#infra/local/emulator.ts';
import { clientOf, type EmulatorClient, newFolder } from '#test/support/emulatorProcess.ts';
import type { Answer } from '#test/support/estate.ts';
import { atFileEnd } from '#test/support/fileEnd.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** An emulator of this process. */
interface OwnEmulator extends EmulatorClient, Pick<Emulator, 'stop' | 'seedFile'> {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Sends a body, or nothing, by a method to one of the emulator's own paths. */
  send(method: string, path: string, body?: string): Promise<Answer>;
  text(path: string): Promise<string>;
}

async function started(seed?: string, data = ':memory:'): Promise<OwnEmulator> {
  const { DYNAMODB_ENDPOINT, ...env } = process.env;
  const { baseUrl, envFile, seedFile, stop } = await startEmulator({ port: 0, data, env, log: () => undefined, seed });
  atFileEnd(stop);
  const demo = parseEnv(readFileSync(envFile, 'utf8'));
  return {
    ...clientOf(baseUrl, demo),
    env: demo,
    seedFile,
    stop,
    async send(method, path, body) {
      const answer = await fetch(`${baseUrl}/_emulator/${path}`, { method, ...(body !== undefined && { body }) });
      return { status: answer.status, body: await answer.json() };
    },
    text: async (path) => (await fetch(`${baseUrl}/_emulator/${path}`)).text(),
  };
}

function seedFile(text: string): string {
  const file = join(newFolder(), 'estate.yaml');
  writeFileSync(file, text);
  return file;
}

const accountsOf = async ({ call }: EmulatorClient) =>
  (await call('operator', 'ListRegisteredAccounts', { MaxResults: '100' })).body.Accounts.length;

const invite = ({ call, env }: OwnEmulator) =>
  call('parent', 'AddAccountRelation', {
    ParentUserId: env['PARENT_UID'] ?? '',
    ChildUserId: env['CHILD_UID'] ?? '',
    RelationType: 'enterprise_group',
    RequestId: 'r',
    PermissionCodes: ['CHECK_FINANCE_INFO'],
  });

const register = ({ call }: EmulatorClient) => call('operator', 'RegisterAccount', { Name: 'guest' });

const whole = `
accounts:
  - name: payer@corp
    env: PAYER
    legalName: Payer Ltd.
    email: payer@corp.example
    keys:
      - { accessKeyId: PAYERKEY, accessKeySecret: payer secret }
      - { accessKeyId: ROOTKEY1, root: true }
    standing: { availableBalance: 70, arrears: 1, openOrders: 2, frozen: true }
  - { name: buyer@corp, env: BUYER, legalName: Buyer Ltd. }
  - { name: guest@corp, legalName: Guest Ltd. }
operators:
  - { accessKeyId: OPSKEY, accessKeySecret: ops-secret }
directories:
  - management: buyer@corp
    memberQuota: 40
    displayNameSync: true
    folders:
      - { name: Zoo, tags: { team: web }, folders: [{ name: B }, { name: A }] }
      - { name: Apps }
    members:
      - { displayName: Zulu, folder: Zoo/A, payer: buyer@corp, tags: { env: test }, env: ZULU }
      - { type: cloud, displayName: Alpha, name: alpha@corp, standing: { openOrders: 3 } }
      - { account: guest@corp }
      - { displayName: Growing, promotion: { email: owner@corp.example } }
    invitations:
      - { email: friend@corp.example, note: Please join., folder: Zoo/B, tags: { env: test } }
    creations:
      - { displayName: Coming, email: coming@corp.example, folder: Zoo, payer: buyer@corp }
    accountFactory: suspended
    baselines:
      - { system: true, name: Ours, items: [{ name: ACS-BP_ACCOUNT_FACTORY_PRESET_TAG }] }
      - name: Strict
        description: for production
        items:
          - { name: ACS-BP_ACCOUNT_FACTORY_RAM_USER_PASSWORD_POLICY, config: { MinimumPasswordLength: 12 } }
          - { name: ACS-BP_ACCOUNT_FACTORY_PRESET_TAG, config: ' { } ' }
  - management: child@demo
relations:
  - { parent: payer@corp, child: buyer@corp, permissions: [share-credit, view-bills], nick: Buyers, lentCredit: 30 }
  - { parent: payer@corp, child: guest@corp, permissions: [view-bills], status: inviting }
  - { parent: alpha@corp, child: payer@corp, permissions: [view-funds] }
`;

test('a seed is loaded with the demo estate, and again by each reset, as the file then is', async () => {
  const file = seedFile('accounts: [{ name: one@corp }]');
  const emulator = await started(file);
  expect(emulator.seedFile).toBe(file);
  expect(await accountsOf(emulator)).toBe(8);
  await register(emulator);
  writeFileSync(file, 'accounts: [{ name: one@corp }, { name: two@corp }]');
  await emulator.control('reset', '');
  expect(await accountsOf(emulator)).toBe(9);
});

test('a seed that has become wrong fails a reset by line and column, and the estate stays', async () => {
  const file = seedFile('accounts: [{ name: one@corp }]');
  const emulator = await started(file);
  await register(emulator);
  writeFileSync(file, 'accounts:\n  - nam: one@corp\n');
  expect(await emulator.control('reset', '')).toMatchObject({
    status: 400,
    body: {
      faults: [
        { line: 2, column: 5 },
        { line: 2, column: 5, sentence: expect.stringContaining('did you mean name?') },
      ],
    },
  });
  expect(await accountsOf(emulator)).toBe(9);
});

test.each([
  [
    'that the form does not allow',
    'accounts: [{ name: 3 }]',
    /^estate\.yaml is not loaded.*\nestate\.yaml:1:20: accounts\[0\]\.name must be/,
  ],
  ['that an operation refuses', 'accounts: [{ name: a@corp, email: member@demo.example }]', /EmailClaimed/],
])('an emulator is not started with a seed %s', async (_, text, expected) => {
  await expect(started(seedFile(text))).rejects.toThrow(expected);
});

test('a seed that is not there is told by its path', async () => {
  await expect(started('/nowhere/estate.yaml')).rejects.toThrow(
    "The seed /nowhere/estate.yaml cannot be read: ENOENT: no such file or directory, open '/nowhere/estate.yaml'; name another by --seed or TRIBUTARY_SEED.",
  );
});

test('a start brings back nothing of a seed that was loaded, and loads what has been added to it', async () => {
  const [data, file] = [newFolder(), seedFile('relations: [{ parent: parent@demo, child: child@demo }]')];
  const first = await started(file, data);
  const { CHILD_UID = '', PARENT_UID = '' } = first.env;
  const parties = {
    ParentUserId: PARENT_UID,
    ChildUserId: CHILD_UID,
    RelationType: 'enterprise_group',
    RequestId: 'r',
  };
  expect(await first.call('parent', 'RelieveAccountRelation', parties)).toMatchObject({ status: 200 });
  await first.stop();
  const second = await started(file, data);
  expect(
    (await second.call('parent', 'QueryRelationList', { UserId: PARENT_UID })).body.Data.FinancialRelationInfoList,
  ).toEqual([]);
  await second.stop();
  writeFileSync(file, `${readFileSync(file, 'utf8')}\naccounts: [{ name: one@corp }]\n`);
  const third = await started(file, data);
  expect(await accountsOf(third)).toBe(8);
});

test('the accounts that a seed has names for are in demo.env, and their keys sign', async () => {
  const emulator = await started(seedFile(whole));
  expect(emulator.env).toMatchObject({ PAYER_AK: 'PAYERKEY', PAYER_SK: 'payer secret', BUYER_UID: expect.any(String) });
  expect(emulator.env['ZULU_AK']).toBeUndefined();
  const own = { ...emulator.env, PARENT_AK: emulator.env['BUYER_AK'], PARENT_SK: emulator.env['BUYER_SK'] };
  const buyer = clientOf(emulator.env['BASE_URL'] ?? '', own);
  expect((await buyer.call('parent', 'ListAccounts')).body).toMatchObject({ TotalCount: 4 });
});

test('what an estate is written as makes the same estate elsewhere, as JSON and as YAML', async () => {
  const emulator = await started(seedFile(whole));
  const written = await emulator.text('estate');
  const { accounts, directories, relations } = JSON.parse(written);
  expect(accounts).toHaveLength(8);
  expect(directories).toHaveLength(3);
  const [pending] = directories.filter(({ invitations = [] }) => invitations.length > 0);
  expect(pending).toMatchObject({ invitations: [{ folder: 'Zoo/B' }], creations: [{ displayName: 'Coming' }] });
  expect(relations).toHaveLength(3);
  for (const text of [written, await emulator.text('estate?format=yaml')]) {
    const other = await started(seedFile(text));
    expect(JSON.parse(await other.text('estate'))).toEqual(JSON.parse(written));
  }
});

test('a seed that is sent is loaded, all of it or nothing', async () => {
  const emulator = await started();
  const before = await emulator.text('estate');
  const wrong =
    'accounts: [{ name: one@corp }]\nrelations: [{ parent: one@corp, child: child@demo, policy: trusteeship }]';
  const refused = await emulator.send('POST', 'estate', wrong);
  expect(refused).toMatchObject({ status: 400, body: { faults: [{ line: 2, column: 13 }] } });
  expect(await emulator.text('estate')).toBe(before);
  expect(await emulator.send('POST', 'estate', 'accounts: [{ name: one@corp }]')).toEqual({
    status: 200,
    body: { loaded: true },
  });
  expect(await accountsOf(emulator)).toBe(8);
});

test('of a large seed that is refused nothing is left, whatever of it was being written', async () => {
  const emulator = await started();
  const before = await emulator.text('estate');
  const lines = Array.from({ length: 400 }, (_, index) => `  - { name: a${index}@corp }`);
  const taken = '  - { name: a@corp, email: member@demo.example }';
  expect(await emulator.send('POST', 'estate', ['accounts:', taken, ...lines].join('\n'))).toMatchObject({
    status: 400,
    body: { faults: [{ line: 2, column: 5 }] },
  });
  expect(await emulator.text('estate')).toBe(before);
});

test('a restored estate is what it was: accounts, relations, the clock, and what was published and mailed', async () => {
  const emulator = await started();
  const { control, env, send } = emulator;
  await invite(emulator);
  await send('POST', 'clock', `{"offsetMs": ${DAY_MS}}`);
  const mailed = { AccountId: env['RESOURCE_UID'] ?? '', Email: 'owner@example.com' };
  await emulator.call('parent', 'PromoteResourceAccount', mailed);
  const seen = async () => ({
    accounts: await accountsOf(emulator),
    clock: (await control('clock')).body.offsetMs,
    events: (await control('events')).body,
    mails: (await control('mail')).body,
    estate: await emulator.text('estate'),
  });
  const before = await seen();
  expect(before.mails).toHaveLength(1);
  expect(await send('POST', 'snapshots', '{"name": "invited"}')).toEqual({ status: 200, body: { name: 'invited' } });
  await register(emulator);
  await send('POST', 'clock', '{"offsetMs": 0}');
  expect((await seen()).events).not.toHaveLength(before.events.length);
  for (const _ of [1, 2]) {
    expect(await send('POST', 'snapshots/invited/restore', '{}')).toEqual({
      status: 200,
      body: { restored: 'invited' },
    });
    expect(await seen()).toEqual(before);
    await register(emulator);
  }
});

test('of several snapshots each brings back what was then, whatever was done in between', async () => {
  const emulator = await started();
  const { send, text } = emulator;
  const states = new Map<string, string>();
  const take = async (name: string) => {
    expect((await send('POST', 'snapshots', JSON.stringify({ name }))).status).toBe(200);
    states.set(name, await text('estate'));
  };
  const restore = async (name: string) => {
    expect((await send('POST', `snapshots/${name}/restore`)).status).toBe(200);
    expect(await text('estate')).toBe(states.get(name));
  };
  await take('empty');
  await register(emulator);
  await take('one');
  await send('POST', 'estate', 'accounts: [{ name: seeded@corp }]');
  await restore('one');
  await restore('empty');
  await invite(emulator);
  await take('invited');
  await restore('one');
  await register(emulator);
  await restore('invited');
  await restore('empty');
  await send('POST', 'reset');
  await register(emulator);
  await restore('one');
  await register(emulator);
  await restore('one');
});

test('snapshots outlive a reset and the process, are listed oldest first, and are removed by name', async () => {
  const data = newFolder();
  const first = await started(undefined, data);
  expect((await first.send('POST', 'snapshots', '{}')).body).toEqual({ name: 'snapshot-1' });
  await register(first);
  expect((await first.send('POST', 'snapshots')).body).toEqual({ name: 'snapshot-2' });
  await first.control('reset', '');
  await first.stop();
  const second = await started(undefined, data);
  const listed = async () => (await second.control('snapshots')).body.map(({ name }: { name: string }) => name);
  expect(await listed()).toEqual(['snapshot-1', 'snapshot-2']);
  await second.send('POST', 'snapshots/snapshot-2/restore');
  expect(await accountsOf(second)).toBe(8);
  expect(await second.send('DELETE', 'snapshots/snapshot-1')).toEqual({ status: 200, body: { removed: 'snapshot-1' } });
  expect(await listed()).toEqual(['snapshot-2']);
  const unknown = { status: 404, body: { error: 'There is no snapshot snapshot-1; there are snapshot-2.' } };
  expect(await second.send('DELETE', 'snapshots/snapshot-1')).toEqual(unknown);
  expect(await second.send('POST', 'snapshots/snapshot-1/restore')).toEqual(unknown);
});

test('a name that is no file name everywhere is refused with those that are', async () => {
  const { send } = await started();
  const error = 'Send {"name": "<1 to 64 letters, digits and _ . - characters>"}, or {} for a name that is answered.';
  for (const name of ['../x', '', '.', 'a/b', 3]) {
    expect(await send('POST', 'snapshots', JSON.stringify({ name }))).toEqual({ status: 400, body: { error } });
  }
});

test('what is no request for a snapshot makes none', async () => {
  const { control, send } = await started();
  for (const body of ['{"nam": "before"}', '[]', '{before}']) {
    expect((await send('POST', 'snapshots', body)).status).toBe(400);
  }
  expect((await control('snapshots')).body).toEqual([]);
});

test('a restoration that is cut short is ended by the next start', async () => {
  const data = newFolder();
  const first = await started(undefined, data);
  await first.send('POST', 'snapshots', '{"name": "before"}');
  await register(first);
  await first.stop();
  const estate = readFileSync(join(data, 'estate'), 'utf8');
  const mark = join(data, 'estates', estate, 'restoring');
  writeFileSync(mark, 'before');
  const second = await started(undefined, data);
  expect(await accountsOf(second)).toBe(7);
  expect(() => rmSync(mark)).toThrow('ENOENT');
});

test('no page of another origin reads the estate, which has secrets', async () => {
  const { env } = await started();
  const answer = await fetch(`${env['BASE_URL']}/_emulator/estate`, { headers: { origin: 'http://pages.example' } });
  expect(answer.status).toBe(403);
});

test('the schema of the form is served', async () => {
  const { control } = await started();
  const { body } = await control('seed.schema.json');
  expect(Object.keys(body.properties)).toEqual(['$schema', 'accounts', 'operators', 'directories', 'relations']);
});
