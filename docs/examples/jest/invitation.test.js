const { createEmulator } = require('tributary');

let emulator;

beforeAll(async () => {
  emulator = await createEmulator();
});

afterAll(() => emulator.close());

test('Volcengine’s clients see what was done through Alibaba Cloud’s', async () => {
  const [parent, child] = await Promise.all([
    emulator.account({ legalName: 'A' }),
    emulator.account({ legalName: 'B' }),
  ]);
  await parent.call('AddAccountRelation', {
    RelationType: 'enterprise_group',
    ParentUserId: parent.uid,
    ChildUserId: child.uid,
    RequestId: 'first',
    PermissionCodes: ['CHECK_TARGET_CONSUMPTION'],
  });

  const { body } = await child.call('ListInvitation');
  expect(body.Result.List).toHaveLength(1);
  expect(body.Result.List[0].Relation.MajorAccountID).toBe(parent.uid);
});

test('a reset is as the start was', async () => {
  const before = await emulator.clock.now();
  await emulator.clock.advance({ days: 1 });
  await emulator.reset();
  expect(await emulator.events.list()).toEqual([]);
  expect((await emulator.clock.now()) - before).toBeLessThan(60_000);
});
