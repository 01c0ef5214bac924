import { appendFileSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { openBackground } from '#infra/local/background.ts';
import { localStreams } from '#infra/local/database.ts';
import { openLocalBus } from '#infra/local/localBus.ts';
import { openLocalMailer } from '#infra/local/localMailer.ts';
import { turnableClock } from '#infra/local/turnableClock.ts';
import { openDeps } from '#lib/deps.ts';
import type { StreamRecord } from '#lib/jobs/job.ts';
import type { EventDetail } from '#lib/jobs/needs.ts';
import { providerOf } from '#lib/jobs/provider.ts';
import { systemPorts } from '#lib/ports.ts';
import { times } from '#test/support/breadth.ts';
import {
  expectNoOrphans,
  newFolder,
  type RunningEmulator,
  startEmulatorProcess,
} from '#test/support/emulatorProcess.ts';
import { newStreamedTable } from '#test/support/streamedTable.ts';

const FIFTEEN_DAYS = JSON.stringify({ advanceMs: 15 * 24 * 60 * 60 * 1000 });

const codes = ['CHECK_FINANCE_INFO'];

async function invited(emulator: RunningEmulator): Promise<string> {
  const { status, body } = await emulator.call('parent', 'AddAccountRelation', {
    ParentUserId: emulator.env['PARENT_UID'] ?? '',
    ChildUserId: emulator.env['CHILD_UID'] ?? '',
    RelationType: 'enterprise_group',
    RequestId: 'request-1',
    PermissionCodes: codes,
  });
  expect(status, JSON.stringify(body)).toBe(200);
  return String(body.Data.RelationId);
}

async function withdrawn(emulator: RunningEmulator, RelationId: string): Promise<void> {
  const params = { RelationId, ConfirmCode: 'parent_cancel', RequestId: 'r', PermissionCodes: codes };
  expect((await emulator.call('parent', 'ConfirmRelation', params)).status).toBe(200);
}

async function published(emulator: RunningEmulator): Promise<readonly EventDetail[]> {
  const { status, body } = await emulator.control('events');
  expect(status).toBe(200);
  return body;
}

const typesOf = (events: readonly EventDetail[]) => events.map(({ type }) => type);

describe('an emulator', () => {
  let emulator: RunningEmulator;

  beforeAll(async () => {
    emulator = await startEmulatorProcess({ TRIBUTARY_DATA: newFolder() });
  });

  beforeEach(async () => {
    await emulator.control('reset', '');
  });

  test('whose clock is advanced by fifteen days shows the expiry at once, in its row after the job', async () => {
    const RelationId = await invited(emulator);
    await emulator.control('clock', FIFTEEN_DAYS);
    const { body } = await emulator.call('child', 'GetAccountRelation', { RelationId });
    expect(body.Data.Status).toBe('CONNECTION_MASTER_CANCEL');
    const swept = await emulator.control('run', '{"job": "expireInvitations"}');
    expect(swept).toEqual({
      status: 200,
      body: { found: 1, expired: 1, skipped: 0, failed: 0, oldestOverdueMs: expect.any(Number), isComplete: true },
    });
    const [invite, expire, ...more] = await published(emulator);
    expect(more).toEqual([]);
    expect(invite).toMatchObject({ type: 'invite', actor: Number(emulator.env['PARENT_UID']) });
    expect(expire).toMatchObject({ type: 'expire', actor: 'clock', from: 'inviting', to: 'expired' });
    expect([invite?.['relationId'], expire?.['relationId']].map(String)).toEqual([RelationId, RelationId]);
    const listed = await emulator.call('child', 'ListEvents', { Uid: emulator.env['CHILD_UID'] ?? '' });
    expect(listed.body.Events.map(({ EventId }: { EventId: string }) => EventId)).toEqual([expire?.id, invite?.id]);
  });

  test('does the same by itself within a moment', async () => {
    await invited(emulator);
    await emulator.control('clock', FIFTEEN_DAYS);
    await expect.poll(async () => typesOf(await published(emulator))).toEqual(['invite', 'expire']);
  });

  test('does so again and again, however often its clock is turned back', async () => {
    for (const expected of [['expire'], ['expire', 'expire']]) {
      await emulator.control('clock', '{"offsetMs": 0}');
      await invited(emulator);
      await emulator.control('clock', FIFTEEN_DAYS);
      const expiries = async () => typesOf(await published(emulator)).filter((type) => type === 'expire');
      await expect.poll(expiries).toEqual(expected);
    }
  });

  test('that was reset has published nothing, and tells nothing of what was before', async () => {
    await withdrawn(emulator, await invited(emulator));
    expect(typesOf(await published(emulator))).toEqual(['invite', 'withdraw']);
    await invited(emulator);
    await emulator.control('reset', '');
    expect(await published(emulator)).toEqual([]);
    const RelationId = await invited(emulator);
    expect((await published(emulator)).map(({ relationId }) => String(relationId))).toEqual([RelationId]);
  });

  test('that is reset while it publishes comes out of it with nothing published', async () => {
    for (let round = 0; round < times(5, 2); round++) {
      const id = await invited(emulator);
      const asked = Array.from({ length: 4 }, () => emulator.control('events'));
      await Promise.all([...asked, emulator.control('reset', ''), withdrawn(emulator, id).catch(() => undefined)]);
      await emulator.control('reset', '');
      expect(await published(emulator)).toEqual([]);
    }
    await invited(emulator);
    expect(typesOf(await published(emulator))).toEqual(['invite']);
  });

  test('has a list of mails', async () => {
    expect(await emulator.control('mail')).toEqual({ status: 200, body: [] });
    expect(await emulator.control('mail?to=nobody@test')).toEqual({ status: 200, body: [] });
  });

  test.each(['', '{}', '{"job": "publish"}', '{"job": 1}', '[]'])('runs no job by the body %j', async (body) => {
    const answer = await emulator.control('run', body);
    expect(answer).toEqual({ status: 400, body: { error: 'Send {"job": "expireInvitations"}.' } });
  });
});

test('a kill between commit and publication loses no event, and a restart tells none twice', async () => {
  const data = newFolder();
  let emulator = await startEmulatorProcess({ TRIBUTARY_DATA: data });
  const file = join(data, 'estates', readFileSync(join(data, 'estate'), 'utf8'), 'events.ndjson');
  const expected: string[] = [];
  for (let round = 0; round < 3; round++) {
    const id = await invited(emulator);
    await withdrawn(emulator, id);
    expected.push(`invite ${id}`, `withdraw ${id}`);
    await emulator.end('SIGKILL');
    if (round === 1) appendFileSync(file, '{"id":"torn');
    const next = await startEmulatorProcess({ TRIBUTARY_DATA: data });
    await expectNoOrphans(emulator);
    emulator = next;
    const told = (await published(emulator)).map(({ relationId, type }) => `${type} ${relationId}`);
    expect(told).toEqual(expected);
  }
  await emulator.end('SIGTERM');
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line)).map(({ relationId, type }) => `${type} ${relationId}`)).toEqual(
    expected,
  );
});

const mailing = { baseUrl: () => 'http://127.0.0.1:4600', relay: undefined };

describe('the background work', () => {
  /** Over a table of its own, with what it has come by in the stream. */
  async function begin() {
    const { client, endpoint, tableName, write } = await newStreamedTable();
    const folder = newFolder();
    const seen: StreamRecord[] = [];
    const background = openBackground({
      clock: turnableClock(Date.now, join(folder, 'clock')),
      deps: openDeps({ client, tableName, masterKey: Buffer.alloc(32), ports: systemPorts }),
      streams: localStreams(endpoint),
      tableName,
      folder,
      mailing,
      provider: providerOf(),
      see: (records) => void seen.push(...records),
    });
    await background.start();
    return { background, seen, write };
  }

  test('goes on when it is started again after a stop', async () => {
    const { background, seen, write } = await begin();
    await background.stop();
    await background.start();
    await write('after');
    await expect.poll(() => seen.length).toBe(1);
    await background.stop();
  });

  test('looks at the stream a moment after it was told to, and else four times a second', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { background, seen, write } = await begin();
    const seenAfter = async (ms: number) => {
      await vi.advanceTimersByTimeAsync(ms);
      // This waits for what it is at.
      await background.stop();
      await background.start();
      return seen.length;
    };
    await write('one');
    expect(await seenAfter(100)).toBe(0);
    background.soon();
    expect(await seenAfter(20)).toBe(1);
    await write('two');
    expect(await seenAfter(100)).toBe(1);
    expect(await seenAfter(250)).toBe(2);
    await background.stop();
  });
});

describe("the emulator's bus", () => {
  const event = (id: string): EventDetail => ({
    id,
    type: 'invite',
    time: '2025-03-02T15:12:34.567Z',
    relationId: 1,
    parentUid: 1,
    childUid: 2,
    actor: 1,
    action: 'AddAccountRelation',
    from: 'nothing',
    to: 'inviting',
    requestId: 'r',
  });

  const published = (...details: EventDetail[]) => details.map((detail) => ({ detailType: 'Relation invite', detail }));

  test('keeps each event once, also for its successor, and a line that was cut short for nobody', async () => {
    const file = join(newFolder(), 'events.ndjson');
    const bus = openLocalBus(file);
    expect(await bus.publish(published(event('1'), event('2'), event('1')))).toEqual([]);
    appendFileSync(file, JSON.stringify(event('3')).slice(0, 20));
    const next = openLocalBus(file);
    expect(next.published()).toEqual([event('1'), event('2')]);
    await next.publish(published(event('2'), event('3')));
    expect(openLocalBus(file).published()).toEqual([event('1'), event('2'), event('3')]);
  });

  test('tells the newest last, in whatever order it was told', async () => {
    const file = join(newFolder(), 'events.ndjson');
    const bus = openLocalBus(file);
    await bus.publish(published(event('1'), event('4')));
    await bus.publish(published(event('3'), event('2')));
    const inOrder = ['1', '2', '3', '4'].map(event);
    expect(bus.published()).toEqual(inOrder);
    expect(openLocalBus(file).published()).toEqual(inOrder);
  });
});

describe("the emulator's mailer", () => {
  const mailOf = (id: string, to: string) => ({ id, to, subject: 'subject', text: 'text', html: '<p>text</p>' });
  const ports = { ...systemPorts, now: () => Date.UTC(2025, 2, 2), log: () => undefined };

  test('keeps each mail once, also beyond its end, and shows those to an address, newest last', async () => {
    const file = join(newFolder(), 'mails.ndjson');
    const mailer = openLocalMailer(file, mailing, ports);
    await mailer.send(mailOf('b', 'One@example.com'));
    await mailer.send(mailOf('a', 'other@example.com'));
    await mailer.send(mailOf('b', 'one@example.com'));
    const reopened = openLocalMailer(file, mailing, ports);
    await reopened.send(mailOf('a', 'other@example.com'));
    await reopened.send(mailOf('c', 'one@example.com'));
    const shown = { subject: 'subject', text: 'text', html: '<p>text</p>', sentAt: '2025-03-02T00:00:00.000Z' };
    expect(reopened.sent('one@EXAMPLE.com')).toEqual([
      { to: 'One@example.com', ...shown },
      { to: 'one@example.com', ...shown },
    ]);
    expect(reopened.sent()).toHaveLength(3);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('hands mails to its relay as well, and keeps them though that fails', async () => {
    const relayed: string[] = [];
    const send = async ({ id }: { readonly id: string }) => {
      if (id === 'b') throw new Error('the relay is down');
      relayed.push(id);
    };
    const mailer = openLocalMailer(join(newFolder(), 'mails.ndjson'), { ...mailing, relay: { send } }, ports);
    for (const id of ['a', 'b', 'c', 'a']) await mailer.send(mailOf(id, 'one@example.com'));
    expect(relayed).toEqual(['a', 'c']);
    expect(mailer.sent()).toHaveLength(3);
  });
});
