import { expect, it } from 'vitest';
import { getFactory } from '#lib/store/governance/factories.ts';
import { directed, newDirectoryEstate } from '#test/directory/calls.ts';
import { invalid, malformed, missing, serverRequestId } from '#test/support/refusals.ts';

it('an account factory is ready until an operator says otherwise, and from the same moment on as it says', async () => {
  const { call, deps, operator, parent } = await newDirectoryEstate();
  const status = async () => (await getFactory(deps.table, parent.uid)).status;
  expect(await status()).toBe('ready');
  const statuses = [
    ['StructureMissing', 'structureMissing'],
    ['Missing', 'missing'],
    ['Suspended', 'suspended'],
    ['Deploying', 'deploying'],
    ['Ready', 'ready'],
  ] as const;
  for (const [Status, kept] of statuses) {
    expect(await call(operator, 'PutAccountFactory', { Uid: parent.uid, Status })).toStrictEqual({
      status: 200,
      body: { RequestId: serverRequestId, Uid: parent.uid, Status },
    });
    expect(await status()).toBe(kept);
  }
});

it('a directory that follows a destroyed one has a factory that is ready', async () => {
  const estate = await newDirectoryEstate();
  const { call, deps, operator, parent } = estate;
  await call(operator, 'PutAccountFactory', { Uid: parent.uid, Status: 'Missing' });
  await directed(estate, parent, 'DestroyResourceDirectory');
  await directed(estate, parent, 'InitResourceDirectory');
  expect((await getFactory(deps.table, parent.uid)).status).toBe('ready');
});

it('what was put is in the events of the directory', async () => {
  const { call, directoryId, operator, parent } = await newDirectoryEstate();
  await call(operator, 'PutAccountFactory', { Uid: parent.uid, Status: 'Suspended' });
  const { body } = await call(operator, 'ListEvents', { Subject: 'directory', SubjectId: directoryId });
  expect(body.Events[0]).toMatchObject({ Event: 'putFactory', StatusBefore: 'ready', StatusAfter: 'suspended' });
});

it('a status that is put again leaves no event', async () => {
  const { call, deps, directoryId, operator, parent } = await newDirectoryEstate();
  for (const Status of ['Ready', 'Suspended', 'Suspended']) {
    const { body } = await call(operator, 'PutAccountFactory', { Uid: parent.uid, Status });
    expect(body).toMatchObject({ Status });
  }
  const events = await deps.ledger.ofSubject('directory', directoryId, 10);
  expect(events.map(({ event }) => event)).toEqual(['putFactory', 'enable']);
});

it('of statuses that are put at once, each event says which the factory had before', async () => {
  const { call, directoryId, operator, parent } = await newDirectoryEstate();
  const statuses = ['Missing', 'Suspended', 'Deploying', 'StructureMissing'];
  await Promise.all(statuses.map((Status) => call(operator, 'PutAccountFactory', { Uid: parent.uid, Status })));
  const { body } = await call(operator, 'ListEvents', { Subject: 'directory', SubjectId: directoryId });
  const puts: Record<string, string>[] = body.Events.filter(({ Event }: { Event: string }) => Event === 'putFactory');
  expect(puts).toHaveLength(statuses.length);
  // Each status is put once, and so is before another once at most.
  const before = puts.map(({ StatusBefore }) => StatusBefore);
  expect(new Set(before).size).toBe(before.length);
});

it('an account without a directory has no factory, and a status is one of five', async () => {
  const { call, child, operator, parent } = await newDirectoryEstate();
  expect(await call(operator, 'PutAccountFactory', { Uid: child.uid, Status: 'Ready' })).toEqual(
    invalid('DirectoryUnknown', 'Specified parameter Uid is not valid: the account manages no directory.'),
  );
  expect(await call(operator, 'PutAccountFactory', { Uid: parent.uid, Status: 'ready' })).toEqual(malformed('Status'));
  expect(await call(operator, 'PutAccountFactory', { Uid: parent.uid })).toEqual(missing('Status'));
});
