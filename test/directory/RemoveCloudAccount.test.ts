import { expect, it } from 'vitest';
import { newMember } from '#lib/domain/directory/joining.ts';
import { join } from '#lib/store/directory/members.ts';
import { enter } from '#lib/store/directory/seats.ts';
import { commit, Stale } from '#lib/table/commit.ts';
import { newParties } from '#test/bss/parties.ts';
import {
  created,
  direct,
  directed,
  directInXml,
  directoryUnknown,
  isInvalid,
  lacks,
  memberUnfit,
  memberUnknown,
  newDirectoryEstate,
  nobody,
} from '#test/directory/calls.ts';
import { callOfParent, cloudMember, storedMember } from '#test/directory/members.ts';
import { serverRequestId } from '#test/support/refusals.ts';

it('a cloud account that is removed is in no list and found by nobody, and its account lives on', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const AccountId = await cloudMember(estate, 'Dev');
  expect(await directed(estate, parent, 'RemoveCloudAccount', { AccountId })).toStrictEqual({
    RequestId: serverRequestId,
  });
  expect(await direct(estate, parent, 'GetAccount', { AccountId })).toStrictEqual(memberUnknown);
  for (const action of ['ListAccounts', 'ListAccountsForParent']) {
    expect(await directed(estate, parent, action)).toMatchObject({ TotalCount: 0, Accounts: { Account: [] } });
  }
  expect(await estate.deps.accounts.find(AccountId)).toMatchObject({ uid: AccountId });
  expect(await storedMember(estate, AccountId)).toMatchObject({ status: 'left' });
});

it('it cannot be removed twice', async () => {
  const estate = await newDirectoryEstate();
  const AccountId = await cloudMember(estate, 'Dev');
  await directed(estate, estate.parent, 'RemoveCloudAccount', { AccountId });
  expect(await direct(estate, estate.parent, 'RemoveCloudAccount', { AccountId })).toStrictEqual(memberUnknown);
});

it('its name and its seat are free again', async () => {
  const estate = await newDirectoryEstate();
  const AccountId = await cloudMember(estate, 'Dev');
  for (let one = 1; one < 20; one++) await created(estate, `Member ${one}`);
  const again = { DisplayName: 'Dev' };
  expect((await direct(estate, estate.parent, 'CreateResourceAccount', again)).body.Code).toBe('LimitExceeded.Account');
  await directed(estate, estate.parent, 'RemoveCloudAccount', { AccountId });
  await created(estate, 'Dev');
});

it('who pays for it still does', async () => {
  const estate = await newDirectoryEstate();
  const { call, parent } = estate;
  const AccountId = await cloudMember(estate, 'Dev');
  const proposal = {
    RequestId: 'r',
    RelationType: 'enterprise_group',
    ParentUserId: parent.uid,
    ChildUserId: AccountId,
  };
  expect(
    (await call(parent, 'AddAccountRelation', { ...proposal, PermissionCodes: ['CHECK_FINANCE_INFO'] })).status,
  ).toBe(200);
  await directed(estate, parent, 'RemoveCloudAccount', { AccountId });
  const { relation } = await estate.deps.relations.accountAsChild(AccountId, estate.nowMs());
  expect(relation).toMatchObject({ parentUid: parent.uid, status: 'active' });
});

it('it can be a member again', async () => {
  const estate = await newDirectoryEstate();
  const { deps, parent } = estate;
  const uid = await cloudMember(estate, 'Dev');
  await directed(estate, parent, 'RemoveCloudAccount', { AccountId: uid });
  estate.advance(1000);
  const { version: _, ...left } = await storedMember(estate, uid);
  const directory = await deps.directories.get(parent.uid);
  const member = newMember({ ...left, directory }, estate.nowMs());
  const { seat } = member;
  await commit(deps.table, [
    ...enter(parent.uid, directory.memberQuota, { uid, seat, folderId: estate.rootFolderId }),
    ...join(member, 'create', callOfParent(estate), () => new Stale()),
  ]);
  const { Account } = await directed(estate, parent, 'GetAccount', { AccountId: uid });
  expect(Account).toMatchObject({ DisplayName: 'Dev', JoinTime: new Date(estate.nowMs()).toISOString() });
  expect(await directed(estate, parent, 'ListAccounts')).toMatchObject({ TotalCount: 1 });
});

it('a resource account is not removed', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev');
  const before = await estate.dump();
  expect(await direct(estate, estate.parent, 'RemoveCloudAccount', { AccountId })).toStrictEqual(memberUnfit);
  expect(await estate.dump()).toEqual(before);
});

it('its answer in XML has the request id alone', async () => {
  const estate = await newDirectoryEstate();
  const xml = await directInXml(estate, estate.parent, 'RemoveCloudAccount', {
    AccountId: await cloudMember(estate, 'Dev'),
  });
  expect(xml).toMatch(
    /<RemoveCloudAccountResponse><RequestId>[0-9A-F-]{36}<\/RequestId><\/RemoveCloudAccountResponse>$/,
  );
});

it('the member has to be named, and to be there', async () => {
  const estate = await newDirectoryEstate();
  const { child, parent } = estate;
  const call = (params: Record<string, number>) => direct(estate, parent, 'RemoveCloudAccount', params);
  expect(await call({})).toStrictEqual(lacks('AccountId'));
  expect(await call({ AccountId: 12 })).toStrictEqual(isInvalid('AccountId'));
  for (const AccountId of [nobody, child.uid, parent.uid]) {
    expect(await call({ AccountId })).toStrictEqual(memberUnknown);
  }
});

it('only the management account removes members', async () => {
  const estate = await newDirectoryEstate();
  const AccountId = await cloudMember(estate, 'Dev');
  await directed(estate, estate.sibling, 'InitResourceDirectory');
  expect(await direct(estate, estate.sibling, 'RemoveCloudAccount', { AccountId })).toStrictEqual(memberUnknown);
  expect(await direct(estate, estate.child, 'RemoveCloudAccount', { AccountId })).toStrictEqual(directoryUnknown);
  const stranger = await newParties();
  expect(await direct(stranger, stranger.parent, 'RemoveCloudAccount', { AccountId })).toStrictEqual(directoryUnknown);
});
