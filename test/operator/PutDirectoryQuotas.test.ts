import { expect, it } from 'vitest';
import { created, direct, newDirectoryEstate } from '#test/directory/calls.ts';
import type { Params } from '#test/support/estate.ts';
import { callerNotParty, invalid, serverRequestId } from '#test/support/refusals.ts';

it('a directory takes as many members and folders as it is given, from the same moment on', async () => {
  const estate = await newDirectoryEstate();
  const { call, operator, parent } = estate;
  const put = (params: Params) => call(operator, 'PutDirectoryQuotas', { Uid: parent.uid, ...params });
  const answer = (Members: number, Folders: number) => ({
    status: 200,
    body: { RequestId: serverRequestId, Uid: parent.uid, Members, Folders },
  });
  expect(await put({})).toStrictEqual(answer(20, 100));
  expect(await put({ Members: 21 })).toStrictEqual(answer(21, 100));
  for (let members = 0; members < 21; members++) await created(estate, `Member ${members}`);
  expect((await direct(estate, parent, 'CreateResourceAccount', { DisplayName: 'Dev' })).body.Code).toBe(
    'LimitExceeded.Account',
  );
  expect(await put({ Members: 22, Folders: 200 })).toStrictEqual(answer(22, 200));
  await created(estate, 'Dev');
});

it('a full row of seats stays within a quota that is raised over several rows', async () => {
  const estate = await newDirectoryEstate();
  const { call, operator, parent } = estate;
  const put = (Members: number) => call(operator, 'PutDirectoryQuotas', { Uid: parent.uid, Members });
  const fill = (count: number, from: number) => {
    const names = Array.from({ length: count }, (_, index) => `Member ${from + index}`);
    return Promise.all(
      names.map(async (DisplayName) => (await direct(estate, parent, 'CreateResourceAccount', { DisplayName })).status),
    );
  };
  await put(50);
  expect((await fill(54, 0)).filter((status) => status === 200)).toHaveLength(50);
  await put(53);
  expect((await fill(8, 100)).filter((status) => status === 200)).toHaveLength(3);
});

it('neither is ever lowered', async () => {
  const { call, operator, parent } = await newDirectoryEstate();
  const put = (params: Params) => call(operator, 'PutDirectoryQuotas', { Uid: parent.uid, ...params });
  expect(await put({ Members: 19 })).toEqual(
    invalid('QuotaLowered', 'Specified parameter Members is not valid: it is 20, and is only ever raised.'),
  );
  expect(await put({ Members: 30, Folders: 99 })).toEqual(
    invalid('QuotaLowered', 'Specified parameter Folders is not valid: it is 100, and is only ever raised.'),
  );
});

it('an account that manages no directory has no quotas', async () => {
  const { call, child, operator } = await newDirectoryEstate();
  expect(await call(operator, 'PutDirectoryQuotas', { Uid: child.uid, Members: 30 })).toEqual(
    invalid('DirectoryUnknown', 'Specified parameter Uid is not valid: the account manages no directory.'),
  );
});

it('what was raised is in the events of the directory, which its management account may read too', async () => {
  const { call, child, directoryId, operator, parent } = await newDirectoryEstate();
  await call(operator, 'PutDirectoryQuotas', { Uid: parent.uid, Members: 1000 });
  const asked = { Subject: 'directory', SubjectId: directoryId };
  for (const by of [operator, parent]) {
    expect((await call({ ...by, uid: 0 }, 'ListEvents', asked)).body.Events).toMatchObject([
      {
        Event: 'putQuotas',
        MemberQuotaBefore: 20,
        MemberQuotaAfter: 1000,
        FolderQuotaBefore: 100,
        FolderQuotaAfter: 100,
      },
      { Event: 'enable', From: 'nothing', To: 'enabled' },
    ]);
  }
  expect(await call({ ...child, uid: 0 }, 'ListEvents', asked)).toEqual(callerNotParty);
});

it('quotas that are put as they are leave no event', async () => {
  const { call, deps, directoryId, operator, parent } = await newDirectoryEstate();
  for (const quotas of [{}, { Members: 20 }, { Members: 20, Folders: 100 }]) {
    const { body } = await call(operator, 'PutDirectoryQuotas', { Uid: parent.uid, ...quotas });
    expect(body).toMatchObject({ Members: 20, Folders: 100 });
  }
  const events = await deps.ledger.ofSubject('directory', directoryId, 10);
  expect(events.map(({ event }) => event)).toEqual(['enable']);
});
