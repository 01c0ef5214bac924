import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Role, Values } from '#infra/local/callArguments.ts';
import {
  engineOf,
  expectNoOrphans,
  newFolder,
  type RunningEmulator,
  startEmulatorProcess,
} from '#test/support/emulatorProcess.ts';

/** Kills an emulator and starts the next at once, while the engine of the first may still be going. */
async function killedAndRestarted(emulator: RunningEmulator, data: string): Promise<RunningEmulator> {
  await emulator.end('SIGKILL');
  const next = await startEmulatorProcess({ TRIBUTARY_DATA: data });
  await expectNoOrphans(emulator);
  return next;
}

test('a kill between any two calls loses nothing that was answered', async () => {
  const data = newFolder();
  let emulator = await startEmulatorProcess({ TRIBUTARY_DATA: data });
  const { PARENT_UID = '', CHILD_UID = '' } = emulator.env;
  const callAndKill = async (role: Role, action: string, parameters: Values) => {
    const answer = await emulator.call(role, action, { RequestId: 'request-1', ...parameters });
    expect(answer).toMatchObject({ status: 200 });
    emulator = await killedAndRestarted(emulator, data);
    return answer.body.Data;
  };

  const added = await callAndKill('parent', 'AddAccountRelation', {
    ParentUserId: PARENT_UID,
    ChildUserId: CHILD_UID,
    RelationType: 'enterprise_group',
    PermissionCodes: ['CHECK_FINANCE_INFO'],
  });
  const RelationId = String(added.RelationId);
  await callAndKill('child', 'ConfirmRelation', {
    RelationId,
    ConfirmCode: 'child_agree',
    PermissionCodes: ['CHECK_FINANCE_INFO'],
  });
  const change = ['CHECK_TARGET_CONSUMPTION'];
  await callAndKill('parent', 'ModifyAccountRelation', {
    RelationId,
    RelationOperation: 'ADD',
    PermissionCodes: change,
  });
  const { body } = await emulator.call('child', 'GetAccountRelation', { RelationId });
  expect(body.Data.Status).toBe('CHANGE_CONFIRMING');
  await emulator.end('SIGTERM');
});

test('a kill amid calls loses none that was answered, and the turned clock neither', async () => {
  const data = newFolder();
  const emulator = await startEmulatorProcess({ TRIBUTARY_DATA: data });
  const { body: turned } = await emulator.control('clock', '{"advanceMs": 86400000}');
  const answered: string[] = [];
  const callers = Array.from({ length: 8 }, async (_, caller) => {
    for (let nth = 0; ; nth++) {
      const Uid = String(1_000_000_000_000_000 + caller * 10_000 + nth);
      const { status } = await emulator.call('operator', 'RegisterAccount', { Name: `guest${Uid}`, Uid });
      if (status === 200) answered.push(Uid);
    }
  });
  const ends = Promise.allSettled(callers);
  await expect.poll(() => answered.length, { interval: 1 }).toBeGreaterThan(40);
  const next = await killedAndRestarted(emulator, data);
  await ends;

  expect((await next.control('clock')).body.offsetMs).toBe(turned.offsetMs);
  const found = await Promise.all(answered.map((Uid) => next.call('operator', 'DescribeAccount', { Uid })));
  expect(found.map(({ body }) => String(body.Uid))).toEqual(answered);
  expect(readFileSync(next.envFile, 'utf8')).toContain(next.baseUrl);
  await next.end('SIGTERM');
});

test('an emulator whose engine is killed says so and ends', async () => {
  const data = newFolder();
  const emulator = await startEmulatorProcess({ TRIBUTARY_DATA: data });
  process.kill(engineOf(emulator), 'SIGKILL');
  const { code, stderr } = await emulator.ended;
  expect(code).toBe(1);
  expect(stderr).toBe('The embedded DynamoDB has ended, and the emulator with it.\n');
  await expectNoOrphans(emulator);
});
