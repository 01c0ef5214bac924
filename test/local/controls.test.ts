import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newFolder, type RunningEmulator, startEmulatorProcess } from '#test/support/emulatorProcess.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

let emulator: RunningEmulator;

beforeAll(async () => {
  emulator = await startEmulatorProcess({ TRIBUTARY_DATA: newFolder() });
});

beforeEach(async () => {
  await emulator.control('reset', '');
});

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
  expect(Math.abs(Date.parse(time) - expectedMs)).toBeLessThan(5000);
}

describe('the clock', () => {
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
  ])('is not turned by the body %j', async (body) => {
    const answer = await emulator.control('clock', body);
    expect(answer.status).toBe(400);
    const bounds = /advanceMs.* to a time from 2024-01-01T00:00:00\.000Z to 2093-01-01T00:00:00\.000Z\.$/;
    expect(answer.body).toEqual({ error: expect.stringMatching(bounds) });
    expect((await emulator.control('clock')).body.offsetMs).toBe(0);
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
    expect(registered.Accounts).toHaveLength(3);
    await invited();
  });

  test('asked for many times at once is done each time', async () => {
    const resets = await Promise.all(Array.from({ length: 5 }, () => emulator.control('reset', '')));
    expect(resets.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    await invited();
  });
});

test.each(['', 'nothing', 'clock/now'])('the unknown path /_emulator/%s answers 404 in JSON', async (path) => {
  const { status, body } = await emulator.control(path);
  expect(status).toBe(404);
  expect(body).toEqual({ error: `The emulator has no GET /_emulator/${path}.` });
});
