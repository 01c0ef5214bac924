import { expect, it } from 'vitest';
import { START_MS, stand } from '#test/bss/parties.ts';
import { created, directed, foldered, isInvalid, newDirectoryEstate } from '#test/directory/calls.ts';
import { inMaster, master, masterInXml } from '#test/directory/master.ts';
import { cloudMember, rootKey } from '#test/directory/members.ts';
import { refused, serverRequestId } from '#test/support/refusals.ts';

it('GetResourceDirectory has the status of names that are shown, and one name for that of control policies', async () => {
  const estate = await newDirectoryEstate();
  const { directoryId, parent, rootFolderId } = estate;
  expect(await master(estate, parent, 'GetResourceDirectory')).toStrictEqual({
    RequestId: serverRequestId,
    ResourceDirectory: {
      ResourceDirectoryId: directoryId,
      MasterAccountId: String(parent.uid),
      MasterAccountName: `login${parent.uid}@test`,
      RootFolderId: rootFolderId,
      CreateTime: new Date(START_MS).toISOString(),
      MemberAccountDisplayNameSyncStatus: 'Disabled',
      ControlPolicyStatus: 'Disabled',
      MemberDeletionStatus: 'Disabled',
      IdentityInformation: 'Acme',
    },
  });
});

it('GetAccount says whether a member has a telephone, and is the same beside that', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev');
  const params = { AccountId, IncludeTags: true };
  const { Account } = await directed(estate, estate.parent, 'GetAccount', params);
  expect((await master(estate, estate.parent, 'GetAccount', params)).Account).toStrictEqual({
    ...Account,
    HasSecureMobilePhone: false,
  });
});

it('both lists of members have the names of accounts, and no deletion under way', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId, AccountName } = await created(estate, 'Dev');
  estate.advance(1);
  const uid = await cloudMember(estate, 'Ops');
  const added = [
    { AccountId, AccountName, DeletionStatus: '' },
    { AccountId: String(uid), AccountName: `cloud${uid}@test`, DeletionStatus: '' },
  ];
  for (const action of ['ListAccounts', 'ListAccountsForParent']) {
    const { Accounts } = await directed(estate, estate.parent, action);
    const later = await master(estate, estate.parent, action);
    expect(later).toMatchObject({ TotalCount: 2, PageNumber: 1, PageSize: 10 });
    const expected = Accounts.Account.map((account: object, index: number) => ({ ...account, ...added[index] }));
    expect(later.Accounts.Account).toStrictEqual(expected);
  }
});

it('ListAccounts finds members by a part of their names', async () => {
  const estate = await newDirectoryEstate();
  await created(estate, 'Billing-Prod');
  await created(estate, 'Dev');
  const body = await master(estate, estate.parent, 'ListAccounts', { QueryKeyword: 'PROD' });
  expect(body.TotalCount).toBe(1);
  expect(body.Accounts.Account).toMatchObject([{ DisplayName: 'Billing-Prod' }]);
});

it('pages of ListAccounts by tokens have no gaps and do not overlap, also while members leave', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const uids = [];
  for (const name of ['a1', 'b2', 'c3', 'd4', 'e5']) {
    uids.push(await cloudMember(estate, name));
    estate.advance(1);
  }
  const page = async (NextToken?: string) =>
    master(estate, parent, 'ListAccounts', { MaxResults: 2, NextToken, PageNumber: 9 });
  const namesIn = ({ Accounts }: { Accounts: { Account: { DisplayName: string }[] } }) =>
    Accounts.Account.map(({ DisplayName }) => DisplayName);
  const first = await page();
  expect(first).toMatchObject({ TotalCount: 5, NextToken: expect.any(String) });
  expect(first).not.toHaveProperty('PageNumber');
  expect(first.NextToken.length).toBeLessThanOrEqual(256);
  await directed(estate, parent, 'RemoveCloudAccount', { AccountId: uids[0] ?? 0 });
  const second = await page(first.NextToken);
  const third = await page(second.NextToken);
  expect([first, second, third].map(namesIn)).toEqual([['a1', 'b2'], ['c3', 'd4'], ['e5']]);
  expect(third).not.toHaveProperty('NextToken');
  expect(third.TotalCount).toBe(4);
});

it('a token finds the page without a size, which is of ten, and keeps to its filter', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  for (let index = 0; index < 13; index++) await created(estate, `Dev ${index}`, { 'Tag.1.Key': 'team' });
  const filter = { QueryKeyword: 'dev', 'Tag.1.Key': 'team' };
  const first = await master(estate, parent, 'ListAccounts', { ...filter, MaxResults: 1 });
  const { NextToken } = first;
  expect(first.TotalCount).toBe(13);
  const second = await master(estate, parent, 'ListAccounts', { ...filter, NextToken });
  expect(second.Accounts.Account).toHaveLength(10);
  expect(await inMaster(estate, parent, 'ListAccounts', { NextToken })).toStrictEqual(isInvalid('NextToken'));
});

it('ListAccounts refuses what is no size and no token', async () => {
  const estate = await newDirectoryEstate();
  const list = (params: Record<string, string | number>) => inMaster(estate, estate.parent, 'ListAccounts', params);
  for (const MaxResults of [0, 101, 'ten']) expect(await list({ MaxResults })).toStrictEqual(isInvalid('MaxResults'));
  expect(await list({ NextToken: 'x' })).toStrictEqual(isInvalid('NextToken'));
  const longest = 'The maximum length of NextToken (256 characters) is exceeded.';
  expect(await list({ NextToken: 'x'.repeat(257) })).toStrictEqual(isInvalid('NextToken', 'NextToken.Length', longest));
});

it('CreateFolder takes tags, which ListFoldersForParent shows and finds by', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const tag = { 'Tag.1.Key': 'team', 'Tag.1.Value': 'a' };
  const { Folder } = await master(estate, parent, 'CreateFolder', { FolderName: 'Apps', ...tag });
  expect(Folder).not.toHaveProperty('Tags');
  estate.advance(1);
  await foldered(estate, 'Tools');
  const listed = await master(estate, parent, 'ListFoldersForParent');
  expect(listed.Folders.Folder).toMatchObject([
    { FolderName: 'Apps', Tags: { Tag: [{ Key: 'team', Value: 'a' }] } },
    { FolderName: 'Tools', Tags: { Tag: [] } },
  ]);
  for (const filter of [tag, { 'Tag.1.Key': 'team' }]) {
    expect(await master(estate, parent, 'ListFoldersForParent', filter)).toMatchObject({
      TotalCount: 1,
      Folders: { Folder: [{ FolderName: 'Apps' }] },
    });
  }
  const other = await master(estate, parent, 'ListFoldersForParent', { 'Tag.1.Key': 'team', 'Tag.1.Value': 'b' });
  expect(other).toMatchObject({ TotalCount: 0, Folders: { Folder: [] } });
  const earlier = await directed(estate, parent, 'ListFoldersForParent', { 'Tag.1.Key': 'none' });
  expect(earlier.TotalCount).toBe(2);
  expect(earlier.Folders.Folder[0]).not.toHaveProperty('Tags');
  expect(await masterInXml(estate, parent, 'ListFoldersForParent')).toContain(
    '<Tags><Tag><Key>team</Key><Value>a</Value></Tag></Tags></Folder>',
  );
});

it('a folder of the earlier version takes no tags: it does not know the parameter', async () => {
  const estate = await newDirectoryEstate();
  await directed(estate, estate.parent, 'CreateFolder', { FolderName: 'Apps', 'Tag.1.Key': 'team' });
  const { Folders } = await master(estate, estate.parent, 'ListFoldersForParent');
  expect(Folders.Folder).toMatchObject([{ FolderName: 'Apps', Tags: { Tag: [] } }]);
});

it('a dry run of CreateResourceAccount creates nothing', async () => {
  const estate = await newDirectoryEstate();
  const dry = await inMaster(estate, estate.parent, 'CreateResourceAccount', { DisplayName: 'Dev', DryRun: true });
  expect(dry.body.Reason).toBe('DryRunPassed');
  expect((await master(estate, estate.parent, 'ListAccounts')).TotalCount).toBe(0);
});

it('CreateResourceAccount has its own words for an overdrawn payer and for resellers', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  await stand(estate, parent.uid, { availableBalance: -1 });
  const create = (params: Record<string, string | number>) =>
    inMaster(estate, parent, 'CreateResourceAccount', { DisplayName: 'Dev', ...params });
  const code = 'PaymentAccountCreditIdentityTypeError';
  const message = 'The identity of the payment account is not credit.';
  expect(await create({ PayerAccountId: parent.uid })).toStrictEqual(
    refused('ParentOverdrawnAtLinking', code, message, 409),
  );
  const reselling = 'The current account does not support setting the resellAccountType for members.';
  expect(await create({ ResellAccountType: 'non_resell' })).toStrictEqual(
    refused('ResellingUnsupported', 'NotSupport.SettingResellAccountType', reselling, 409),
  );
});

it('UpdateAccount has its own words for a missing address and for a key of the root user', async () => {
  const estate = await newDirectoryEstate();
  const update = (AccountId: number) =>
    inMaster(estate, estate.parent, 'UpdateAccount', { AccountId, NewAccountType: 'ResourceAccount' });
  expect(await update(await cloudMember(estate, 'Dev'))).toStrictEqual(
    refused('SecurityContactMissing', 'MissingSecurityInfo', 'Security information is missing.', 409),
  );
  const uid = await cloudMember(estate, 'Ops', { email: 'ops@example.com' });
  await rootKey(estate, uid);
  expect(await update(uid)).toStrictEqual(
    refused('RootKeyInUse', 'PrimaryAkInUse', 'The account has the primary AK in use.', 409),
  );
});
