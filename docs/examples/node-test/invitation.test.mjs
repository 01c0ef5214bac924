import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createEmulator } from 'tributary';

let emulator;

before(async () => {
  emulator = await createEmulator();
});

after(() => emulator.close());

test('an invitation that nobody answers lapses after 15 days', async () => {
  const [parent, child] = await Promise.all([
    emulator.account({ legalName: 'Payer Ltd.' }),
    emulator.account({ legalName: 'Member Ltd.' }),
  ]);
  const invited = await parent.call('AddAccountRelation', {
    RelationType: 'enterprise_group',
    ParentUserId: parent.uid,
    ChildUserId: child.uid,
    RequestId: 'first',
    PermissionCodes: ['CHECK_TARGET_CONSUMPTION'],
  });
  assert.equal(invited.status, 200);
  const { RelationId } = invited.body.Data;

  await emulator.clock.advance({ days: 15 });
  const { body } = await child.call('GetAccountRelation', { RelationId });
  assert.equal(body.Data.Status, 'CONNECTION_MASTER_CANCEL');

  await emulator.run('expireInvitations');
  const events = await emulator.events.list();
  assert.deepEqual(
    events.filter(({ relationId }) => relationId === RelationId).map(({ type }) => type),
    ['invite', 'expire'],
  );
  await emulator.clock.reset();
});
