import { createEmulator } from 'tributary';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';

let emulator;

beforeAll(async () => {
  emulator = await createEmulator();
});

afterAll(() => emulator.close());

// What a project does to timers and fetch in its tests is no matter to the emulator, which is a process of its own.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'Date'], now: Date.now() });
  return () => vi.useRealTimers();
});

test('a child that accepts is related, and either side sees it', async () => {
  const [parent, child] = await Promise.all([
    emulator.account({ legalName: 'Payer Ltd.' }),
    emulator.account({ legalName: 'Member Ltd.' }),
  ]);
  const PermissionCodes = ['CHECK_TARGET_CONSUMPTION'];
  const invited = await parent.call('AddAccountRelation', {
    RelationType: 'enterprise_group',
    ParentUserId: parent.uid,
    ChildUserId: child.uid,
    RequestId: 'first',
    PermissionCodes,
  });
  const { RelationId } = invited.body.Data;
  await child.call('ConfirmRelation', { RelationId, ConfirmCode: 'child_agree', RequestId: 'second', PermissionCodes });

  for (const account of [parent, child]) {
    const { body } = await account.call('GetAccountRelation', { RelationId });
    expect(body.Data.Status).toBe('RELATED');
  }
});

test('a stranger learns nothing of a relation', async () => {
  const stranger = await emulator.account();
  const answer = await stranger.call('GetAccountRelation', { RelationId: 51463 });
  expect(answer.status).toBeGreaterThanOrEqual(400);
});
