import { request } from 'node:http';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { decodeTime } from 'ulid';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { controls } from '#infra/local/controls.ts';
import { send } from '#infra/local/send.ts';
import { turnableClock } from '#infra/local/turnableClock.ts';
import { operations } from '#infra/operations.ts';
import type { LogRecord } from '#lib/ports.ts';
import { times } from '#test/support/breadth.ts';
import { newFolder, type RunningEmulator, startEmulatorProcess } from '#test/support/emulatorProcess.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

let emulator: RunningEmulator;

beforeAll(async () => {
  emulator = await startEmulatorProcess({ TRIBUTARY_DATA: newFolder() });
});

async function anew(): Promise<void> {
  await emulator.control('reset', '');
}

function invitation() {
  return {
    ParentUserId: emulator.env['PARENT_UID'] ?? '',
    ChildUserId: emulator.env['CHILD_UID'] ?? '',
    RelationType: 'enterprise_group',
    RequestId: 'request-1',
    PermissionCodes: ['CHECK_FINANCE_INFO'],
  };
}

async function invited(): Promise<string> {
  const { status, body } = await emulator.call('parent', 'AddAccountRelation', invitation());
  expect(status).toBe(200);
  return String(body.Data.RelationId);
}

const statusOf = async (RelationId: string) =>
  (await emulator.call('child', 'GetAccountRelation', { RelationId })).body.Data.Status;

function expectNear(time: string, expectedMs: number): void {
  expect(Math.abs(Date.parse(time) - expectedMs)).toBeLessThan(30_000);
}

test.each([
  '',
  'soon',
  'null',
  '[]',
  '{}',
  '{"advanceMs": "1000"}',
  '{"advanceMs": 1.5}',
  '{"advanceMs": 1e300}',
  '{"advanceMs": 8640000000000000}',
  '{"now": "tomorrow"}',
  '{"now": 1700000000000}',
  '{"offsetMs": null}',
  '{"offsetMs": 0, "advanceMs": 1}',
  '{"now": "2026-02-31T00:00:00Z"}',
  '{"now": "2027-02-29T00:00:00.000Z"}',
  '{"now": "2023-12-31T23:59:59.999Z"}',
  '{"now": "2093-01-01T00:00:01Z"}',
  '{"offsetMs": -1700000000000}',
  '{"offsetMs": 4000000000000}',
  '{"advanceMs": -9007199254740991}',
])('the clock is not turned by the body %j', async (body) => {
  const answer = await emulator.control('clock', body);
  expect(answer.status).toBe(400);
  const bounds = /advanceMs.* to a time from 2024-01-01T00:00:00\.000Z to 2093-01-01T00:00:00\.000Z\.$/;
  expect(answer.body).toEqual({ error: expect.stringMatching(bounds) });
  expect((await emulator.control('clock')).body.offsetMs).toBe(0);
});

describe('the clock', () => {
  beforeEach(anew);

  test('shows the time of the wall until it is turned', async () => {
    const { status, body } = await emulator.control('clock');
    expect(status).toBe(200);
    expect(body).toEqual({ now: expect.any(String), offsetMs: 0 });
    expectNear(body.now, Date.now());
  });

  test('is advanced, again and again', async () => {
    await emulator.control('clock', '{"advanceMs": 1000000}');
    const { status, body } = await emulator.control('clock', '{"advanceMs": 500000}');
    expect(status).toBe(200);
    expect(body.offsetMs).toBe(1_500_000);
    expectNear(body.now, Date.now() + 1_500_000);
    expect((await emulator.control('clock')).body.offsetMs).toBe(1_500_000);
  });

  test('is set to a time', async () => {
    const { status, body } = await emulator.control('clock', '{"now": "2031-05-06T07:08:09.000Z"}');
    expect(status).toBe(200);
    expectNear(body.now, Date.UTC(2031, 4, 6, 7, 8, 9));
  });

  test('is set right again', async () => {
    await emulator.control('clock', '{"advanceMs": 1000000}');
    const { status, body } = await emulator.control('clock', '{"offsetMs": 0}');
    expect(status).toBe(200);
    expect(body.offsetMs).toBe(0);
    expectNear(body.now, Date.now());
  });

  test.each([400 * DAY_MS, -400 * DAY_MS])('turned by %i ms leaves signatures to the wall clock', async (advanceMs) => {
    await emulator.control('clock', JSON.stringify({ advanceMs }));
    const relationId = await invited();
    const { body } = await emulator.call('parent', 'GetAccountRelation', { RelationId: relationId });
    expectNear(new Date(body.Data.GmtModified).toISOString(), Date.now() + advanceMs);
  });

  test.each(['2024-01-01T00:00:00Z', '2028-02-29T12:00:00+08:00', '2092-12-16T00:00:00Z'])(
    'is set to %s, where an invitation is made and lapses as anywhere',
    async (now) => {
      await emulator.control('clock', JSON.stringify({ now }));
      const relationId = await invited();
      expect(await statusOf(relationId)).toBe('CONFIRMING');
      expect((await emulator.control('clock', JSON.stringify({ advanceMs: 15 * DAY_MS }))).status).toBe(200);
      const { body } = await emulator.control('run', '{"job": "expireInvitations"}');
      expect(body).toMatchObject({ expired: 1, failed: 0 });
      const { body: listed } = await emulator.call('operator', 'ListEvents', { RelationId: relationId });
      expect(listed.Events.map(({ Action }: { Action: string }) => Action)).toEqual([
        'expireInvitations',
        'AddAccountRelation',
      ]);
    },
  );

  test('turned by fifteen days lets an invitation expire, and not a moment before', async () => {
    const relationId = await invited();
    await emulator.control('clock', JSON.stringify({ advanceMs: 15 * DAY_MS - 60_000 }));
    expect(await statusOf(relationId)).toBe('CONFIRMING');
    await emulator.control('clock', JSON.stringify({ advanceMs: 60_000 }));
    expect(await statusOf(relationId)).toBe('CONNECTION_MASTER_CANCEL');
    const { PermissionCodes } = invitation();
    const confirmation = { RelationId: relationId, ConfirmCode: 'child_agree', RequestId: 'r', PermissionCodes };
    const late = await emulator.call('child', 'ConfirmRelation', confirmation);
    expect(late).toMatchObject({ status: 400, body: { Reason: 'RelationExpired' } });
  });
});

describe('a reset', () => {
  beforeEach(anew);

  test('gives the demo estate anew, with the same keys and the clock right', async () => {
    const relationId = await invited();
    await emulator.call('operator', 'RegisterAccount', { Name: 'guest', Uid: '1000000000000001' });
    await emulator.control('clock', '{"advanceMs": 1000000}');

    expect(await emulator.control('reset', '')).toEqual({ status: 200, body: { reset: true } });

    expect((await emulator.control('clock')).body.offsetMs).toBe(0);
    const { status, body } = await emulator.call('parent', 'GetAccountRelation', { RelationId: relationId });
    expect(status).toBe(400);
    expect(body.Reason).toBe('RelationUnknown');
    const { body: registered } = await emulator.call('operator', 'ListRegisteredAccounts');
    expect(registered.Accounts).toHaveLength(7);
    await invited();
  });

  test('holds the calls that come meanwhile, and the estate made anew serves them', async () => {
    const uids = ['PARENT', 'CHILD', 'SIBLING'].map((role) => emulator.env[`${role}_UID`] ?? '');
    for (let round = 0; round < times(5, 2); round++) {
      const reset = emulator.control('reset', '');
      const calls = Array.from({ length: 24 }, (_, nth) =>
        emulator.call('operator', 'DescribeAccount', { Uid: uids[nth % 3] ?? '' }),
      );
      const controls = [
        emulator.control('events'),
        emulator.control('run', '{"job": "expireInvitations"}'),
        emulator.control('clock'),
      ];
      const answers = await Promise.all([reset, ...calls, ...controls]);
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    }
  });

  test('waits for the calls under way', async () => {
    for (let round = 0; round < times(3, 1); round++) {
      const adding = Array.from({ length: 8 }, (_, nth) =>
        emulator.call('operator', 'RegisterAccount', { Name: `guest${nth}`, LegalName: 'Guests' }),
      );
      const answers = await Promise.all([...adding, emulator.control('reset', '')]);
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      await emulator.control('reset', '');
    }
    const { body } = await emulator.call('operator', 'ListRegisteredAccounts');
    expect(body.Accounts).toHaveLength(7);
  });

  test('of a turned clock lets event ids begin at the time of the wall', async () => {
    await emulator.control('clock', JSON.stringify({ advanceMs: 15 * DAY_MS }));
    await invited();
    await emulator.control('reset', '');
    await invited();
    const { body: events } = await emulator.control('events');
    expect(events).toHaveLength(1);
    expectNear(new Date(decodeTime(events[0].id)).toISOString(), Date.now());
  });

  test('asked for many times at once is done each time', async () => {
    const resets = await Promise.all(Array.from({ length: 5 }, () => emulator.control('reset', '')));
    expect(resets.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    await invited();
  });
});

test.each(['nothing', 'clock/now/then'])('the unknown path /_emulator/%s answers 404 in JSON', async (path) => {
  const { status, body } = await emulator.control(path);
  expect(status).toBe(404);
  expect(body).toEqual({ error: `The emulator has no GET /_emulator/${path}.` });
});

describe('a web page', () => {
  let relationId: string;

  beforeAll(async () => {
    await anew();
    relationId = await invited();
  });

  const asked = (headers: Readonly<Record<string, string>>) =>
    new Promise<{ status: number | undefined; body: unknown }>((resolve, reject) => {
      const reset = request(`${emulator.baseUrl}/_emulator/reset`, { method: 'POST', headers }, async (answer) =>
        resolve({ status: answer.statusCode, body: await json(answer).catch(reject) }),
      );
      reset.on('error', reject).end();
    });

  test.each([
    { origin: 'https://elsewhere.example' },
    { origin: 'null' },
    { origin: 'http://localhost.elsewhere.example' },
    { origin: 'http://127.0.0.1.elsewhere.example:4600' },
    { host: 'elsewhere.example' },
    { host: 'localhost.elsewhere.example:4600' },
    { host: 'elsewhere.example', origin: 'http://127.0.0.1' },
  ])('with $origin at $host is refused', async (headers) => {
    expect(await asked(headers)).toEqual({
      status: 403,
      body: { error: expect.stringMatching(/^Only this machine /) },
    });
    expect(await statusOf(relationId)).toBe('CONFIRMING');
  });

  test.each([
    { origin: 'http://localhost:3000' },
    { origin: 'http://127.0.0.1' },
    { origin: 'https://[::1]:8443', host: '[::1]:4600' },
    { host: 'localhost' },
  ])('of this machine with $origin at $host is served', async (headers) => {
    expect(await asked(headers)).toEqual({ status: 200, body: { reset: true } });
  });
});

test('the documents of the operations are served beside the controls', async () => {
  const { status, body } = await emulator.control('openapi.json');
  expect({ status, openapi: body.openapi }).toEqual({ status: 200, openapi: '3.1.0' });
  const page = await fetch(`${emulator.baseUrl}/_emulator/docs`);
  expect(await page.text()).toContain('<h1>Tributary</h1>');
});

test('a control that fails answers in JSON and without a stack', async () => {
  const logged: LogRecord[] = [];
  const fails = async () => {
    throw new Error('the table has gone');
  };
  const clock = turnableClock(Date.now, join(newFolder(), 'clock'));
  const app = controls({
    clock: () => clock,
    accounts: fails,
    token: undefined,
    index: () => ({}),
    wallNow: Date.now,
    log: (record) => logged.push(record),
    reset: fails,
    jobs: ['expireInvitations'],
    run: fails,
    mails: async () => [],
    events: fails,
    estate: {
      snapshots: { list: () => [], has: () => false, remove: () => false },
      snapshot: fails,
      restore: fails,
      written: fails,
      load: fails,
    },
  });
  const headers = { host: 'localhost' };
  for (const [path, method, body] of [
    ['/reset', 'POST', null],
    ['/run', 'POST', '{"job": "expireInvitations"}'],
    ['/events', 'GET', null],
  ] as const) {
    const answer = await app.request(path, { method, body, headers });
    expect(answer.status).toBe(500);
    expect(await answer.json()).toEqual({ error: 'The emulator could not do it: the table has gone.' });
  }
  expect(logged).toHaveLength(3);
  expect(logged[0]).toEqual({ level: 'error', path: '/reset', error: 'Error: the table has gone' });
});

describe('accounts', () => {
  beforeAll(anew);

  const asked = (body: unknown) => emulator.control('accounts', JSON.stringify(body));

  test('are registered with a key each, of companies of their own unless said otherwise', async () => {
    const { status, body } = await asked([{ legalName: 'Payer Ltd.', name: 'payer', uid: 2100000001 }, {}, {}]);
    expect(status).toBe(200);
    const [given, ...drawn] = body;
    expect(given).toMatchObject({ legalName: 'Payer Ltd.', name: 'payer', uid: 2100000001 });
    expect(drawn[0].legalName).not.toBe(drawn[1].legalName);
    for (const { uid, legalName, accessKeyId, accessKeySecret } of body) {
      const registered = await emulator.call('operator', 'DescribeAccount', { Uid: String(uid) });
      expect(registered.body).toMatchObject({ Uid: uid, LegalName: legalName });
      const operation = operations.find(({ action }) => action === 'QueryRelationList');
      if (operation === undefined) throw new Error('there is no QueryRelationList');
      const destination = { url: emulator.baseUrl, keyId: accessKeyId, secret: accessKeySecret };
      expect((await send(destination, operation, { UserId: String(uid) })).status).toBe(200);
    }
    expect((await emulator.control('events')).body).toEqual([]);
  });

  test('may be more than one transaction holds', async () => {
    const { body } = await asked(Array.from({ length: 70 }, () => ({})));
    expect(new Set(body.map(({ uid }: { uid: number }) => uid)).size).toBe(70);
  });

  test('that there are already are refused', async () => {
    const uid = 2100000001;
    await asked([{ uid }]);
    expect(await asked([{ uid }])).toEqual({ status: 409, body: { error: `Refused: AccountExists {"uid":${uid}}.` } });
  });

  test.each([[{}], [[]], [[{ legalNam: 'A' }]], [[{ uid: 12 }]], [[{ name: '' }]]])(
    '%j are told how to be asked for',
    async (body) => {
      const answer = await asked(body);
      expect(answer).toEqual({
        status: 400,
        body: { error: expect.stringMatching(/^Send a list of 1 to 1000 accounts, /) },
      });
    },
  );
});
