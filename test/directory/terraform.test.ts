import { expect, it } from 'vitest';
import { newParties, type Parties } from '#test/bss/parties.ts';
import { newDirectoryEstate } from '#test/directory/calls.ts';
import { settle } from '#test/directory/deletions.ts';
import { cloudMember } from '#test/directory/members.ts';
import { type Form, isGone, type Provider, providerOf, readTags, taken } from '#test/directory/terraform.ts';

const manager = '2020-03-31';
const master = '2022-04-19';

/** What Terraform keeps of a resource; undefined if the provider drops it. */
type State = Record<string, unknown> | undefined;

/** The fields of `ResourceDirectory` that the provider reads. */
async function readDirectory(provider: Provider): Promise<State> {
  const answer = await provider('GetResourceDirectory', master);
  if (isGone(answer)) return undefined;
  const { CreateTime: _, ...directory } = taken(answer).ResourceDirectory;
  return directory;
}

async function readFolder(provider: Provider, FolderId: string): Promise<State> {
  const answer = await provider('GetFolder', manager, { FolderId });
  if (isGone(answer)) return undefined;
  const { FolderName, ParentFolderId } = taken(answer).Folder;
  return { FolderName, ParentFolderId, tags: await readTags(provider, master, 'Folder', FolderId) };
}

async function readAccount(provider: Provider, AccountId: string): Promise<State> {
  const answer = await provider('GetAccount', manager, { AccountId });
  if (isGone(answer)) return undefined;
  const { DisplayName, FolderId, JoinMethod, Status, Type } = taken(answer).Account;
  const { PayerAccountId = '' } = taken(
    await provider('GetPayerForAccount', manager, { RegionId: 'cn-hangzhou', AccountId }),
  );
  const tags = await readTags(provider, manager, 'Account', AccountId);
  return { DisplayName, FolderId, JoinMethod, Status, Type, payer: PayerAccountId, tags };
}

async function newProvider(): Promise<{ estate: Parties; provider: Provider }> {
  const estate = await newParties();
  return { estate, provider: providerOf(estate, estate.parent) };
}

async function create(provider: Provider, form: Form): Promise<string> {
  const { Account } = taken(await provider('CreateResourceAccount', manager, form));
  return Account.AccountId;
}

it('a resource_directory is made, read, switched, and destroyed; then it is gone', async () => {
  const { estate, provider } = await newProvider();
  expect(await readDirectory(provider)).toBeUndefined();
  const { ResourceDirectory } = taken(await provider('InitResourceDirectory', manager));
  const { ResourceDirectoryId, RootFolderId } = ResourceDirectory;
  const state = {
    ResourceDirectoryId,
    RootFolderId,
    MasterAccountId: String(estate.parent.uid),
    MasterAccountName: `login${estate.parent.uid}@test`,
    MemberAccountDisplayNameSyncStatus: 'Disabled',
    ControlPolicyStatus: 'Disabled',
    MemberDeletionStatus: 'Disabled',
    IdentityInformation: 'Acme',
  };
  expect(await readDirectory(provider)).toStrictEqual(state);

  expect(taken(await provider('EnableControlPolicy', manager)).EnablementStatus).toBe('Enabled');
  expect(await readDirectory(provider)).toStrictEqual({ ...state, ControlPolicyStatus: 'Enabled' });
  taken(await provider('DisableControlPolicy', manager));
  taken(await provider('SetMemberDisplayNameSyncStatus', master, { Status: 'Enabled' }));
  expect(await readDirectory(provider)).toStrictEqual({ ...state, MemberAccountDisplayNameSyncStatus: 'Enabled' });

  taken(await provider('DestroyResourceDirectory', manager));
  expect(await readDirectory(provider)).toBeUndefined();
  expect(isGone(await provider('DestroyResourceDirectory', manager))).toBe(true);
});

it('a folder is made, tagged, renamed, and destroyed; then it is gone', async () => {
  const { provider } = await newProvider();
  const { RootFolderId } = taken(await provider('InitResourceDirectory', manager)).ResourceDirectory;
  const { FolderId } = taken(await provider('CreateFolder', manager, { FolderName: 'Apps' })).Folder;
  const state = { FolderName: 'Apps', ParentFolderId: RootFolderId, tags: {} };
  expect(await readFolder(provider, FolderId)).toStrictEqual(state);

  const bearer = { 'ResourceId.1': FolderId, ResourceType: 'Folder' };
  const added = { 'Tag.1.Key': 'Created', 'Tag.1.Value': 'TF', 'Tag.2.Key': 'For', 'Tag.2.Value': 'a test' };
  taken(await provider('TagResources', master, { ...bearer, ...added }));
  expect(await readFolder(provider, FolderId)).toStrictEqual({ ...state, tags: { Created: 'TF', For: 'a test' } });
  taken(await provider('UntagResources', master, { ...bearer, 'TagKey.1': 'Created', 'TagKey.2': 'For' }));
  taken(await provider('UpdateFolder', manager, { FolderId, NewFolderName: 'Tools' }));
  expect(await readFolder(provider, FolderId)).toStrictEqual({ ...state, FolderName: 'Tools' });

  taken(await provider('DeleteFolder', manager, { FolderId }));
  expect(await readFolder(provider, FolderId)).toBeUndefined();
  expect(isGone(await provider('DeleteFolder', manager, { FolderId }))).toBe(true);
});

it('an account that says nothing but its name is read as it was asked for: the next plan is empty', async () => {
  const { provider } = await newProvider();
  const { RootFolderId } = taken(await provider('InitResourceDirectory', manager)).ResourceDirectory;
  const AccountId = await create(provider, { DisplayName: 'tf dev' });
  expect(await readAccount(provider, AccountId)).toStrictEqual({
    DisplayName: 'tf dev',
    FolderId: RootFolderId,
    JoinMethod: 'created',
    Status: 'CreateSuccess',
    Type: 'ResourceAccount',
    payer: '',
    tags: {},
  });
});

it('an account with everything is made in the calls that the provider makes of it, and read as it was asked for', async () => {
  const { estate, provider } = await newProvider();
  taken(await provider('InitResourceDirectory', manager));
  const { FolderId } = taken(await provider('CreateFolder', manager, { FolderName: 'Apps' })).Folder;
  const AccountId = await create(provider, {
    DisplayName: 'dev',
    AccountNamePrefix: 'tf-dev',
    ParentFolderId: FolderId,
    PayerAccountId: String(estate.parent.uid),
    ResellAccountType: 'resell',
    // The provider names them otherwise than the vendor does, and tags afterwards.
    'Tags.1.Key': 'Created',
    'Tags.1.Value': 'TF',
  });
  expect(await readTags(provider, manager, 'Account', AccountId)).toEqual({});
  taken(await provider('UpdateAccount', manager, { AccountId, NewAccountType: 'ResourceAccount' }));
  const bearer = { 'ResourceId.1': AccountId, ResourceType: 'Account' };
  taken(await provider('TagResources', master, { ...bearer, 'Tag.1.Key': 'Created', 'Tag.1.Value': 'TF' }));
  const state = {
    DisplayName: 'dev',
    FolderId,
    JoinMethod: 'created',
    Status: 'CreateSuccess',
    Type: 'ResourceAccount',
    payer: String(estate.parent.uid),
    tags: { Created: 'TF' },
  };
  expect(await readAccount(provider, AccountId)).toStrictEqual(state);

  const other = taken(await provider('CreateFolder', manager, { FolderName: 'Tools' })).Folder.FolderId;
  taken(await provider('MoveAccount', manager, { AccountId, DestinationFolderId: other }));
  taken(await provider('UpdateAccount', manager, { AccountId, NewDisplayName: 'ops' }));
  taken(await provider('UpdatePayerForAccount', master, { AccountId, PayerAccountId: '' }));
  taken(await provider('UntagResources', master, { ...bearer, 'TagKey.1': 'Created' }));
  taken(await provider('TagResources', master, { ...bearer, 'Tag.1.Key': 'For', 'Tag.1.Value': 'a test' }));
  const changed = { ...state, DisplayName: 'ops', FolderId: other, payer: '', tags: { For: 'a test' } };
  expect(await readAccount(provider, AccountId)).toStrictEqual(changed);

  const payer = await create(provider, { DisplayName: 'payer' });
  taken(await provider('UpdatePayerForAccount', master, { AccountId, PayerAccountId: payer }));
  expect(await readAccount(provider, AccountId)).toStrictEqual({ ...changed, payer });
});

it('20 tags of an account are read over several pages, to an end that the provider sees', async () => {
  const { provider } = await newProvider();
  taken(await provider('InitResourceDirectory', manager));
  const AccountId = await create(provider, { DisplayName: 'dev' });
  const pairs = Array.from({ length: 20 }, (_, index) => [`k${index}`, `v${index}`] as const);
  const form = Object.fromEntries(
    pairs.flatMap(([key, value], index) => [
      [`Tag.${index + 1}.Key`, key],
      [`Tag.${index + 1}.Value`, value],
    ]),
  );
  taken(await provider('TagResources', master, { 'ResourceId.1': AccountId, ResourceType: 'Account', ...form }));
  expect(await readTags(provider, manager, 'Account', AccountId)).toEqual(Object.fromEntries(pairs));
});

it('the list of accounts that the data source reads has what it filters by, whether or not there is a member', async () => {
  const { provider } = await newProvider();
  taken(await provider('InitResourceDirectory', manager));
  const form = { PageNumber: '1', PageSize: '50', IncludeTags: 'true' };
  expect(taken(await provider('ListAccounts', master, form)).Accounts.Account).toEqual([]);
  const AccountId = await create(provider, { DisplayName: 'dev' });
  const { Accounts, TotalCount } = taken(await provider('ListAccounts', master, form));
  expect(TotalCount).toBe(1);
  expect(Accounts.Account).toMatchObject([
    { AccountId, Status: 'CreateSuccess', DeletionStatus: '', Tags: { Tag: [] } },
  ]);
});

it('a member that has been taken out is gone: GetAccount answers 404, whatever else the provider would ask', async () => {
  const estate = await newDirectoryEstate();
  const provider = providerOf(estate, estate.parent);
  const uid = String(await cloudMember(estate, 'Dev'));
  expect(await readAccount(provider, uid)).toMatchObject({ Type: 'CloudAccount', payer: '', tags: {} });
  taken(await provider('RemoveCloudAccount', manager, { AccountId: uid }));
  expect(await readAccount(provider, uid)).toBeUndefined();
});

it('no operation that the provider calls is unknown, for a 404 would drop what it manages', async () => {
  const { provider } = await newProvider();
  const calls = [
    ['GetResourceDirectory', master],
    ['ListAccounts', master],
    ['TagResources', master],
    ['UntagResources', master],
    ['ListTagResources', master],
    ['UpdatePayerForAccount', master],
    ['SetMemberDisplayNameSyncStatus', master],
    ['ListTagResources', manager],
    ['EnableControlPolicy', manager],
    ['DisableControlPolicy', manager],
    ['GetAccount', manager],
    ['GetPayerForAccount', manager],
    ['GetFolder', manager],
  ] as const;
  for (const [action, version] of calls) {
    expect((await provider(action, version)).body.Code, action).not.toBe('InvalidApi.NotFound');
  }
});

it('an account is destroyed by force: checked, deleted with nothing to waive, polled to its end, and gone', async () => {
  const { estate, provider } = await newProvider();
  await provider('InitResourceDirectory', manager);
  await provider('SetMemberDeletionPermission', manager, { Status: 'Enabled' });
  const AccountId = await create(provider, { DisplayName: 'Dev', PayerAccountId: String(estate.parent.uid) });
  taken(await provider('CheckAccountDelete', manager, { AccountId }));
  await settle(estate);
  const { AccountDeletionCheckResultInfo: check } = taken(
    await provider('GetAccountDeletionCheckResult', manager, { AccountId }),
  );
  expect(check).toMatchObject({ Status: 'PreCheckComplete', AllowDelete: 'true' });
  expect(check.AbandonableChecks ?? []).toEqual([]);
  // The provider sends the list of what is to be waived as a text, and an empty one if there is nothing.
  taken(await provider('DeleteAccount', manager, { AccountId, AbandonableCheckId: '' }));
  const statusOf = async () =>
    taken(await provider('GetAccountDeletionStatus', manager, { AccountId })).RdAccountDeletionStatus.Status;
  expect(await statusOf()).toBe('Checking');
  await settle(estate);
  expect(await statusOf()).toBe('Success');
  expect(await readAccount(provider, AccountId)).toBeUndefined();
  expect(isGone(await provider('DeleteAccount', manager, { AccountId, AbandonableCheckId: '' }))).toBe(true);
  taken(await provider('DestroyResourceDirectory', manager));
});

/** The fields of an invitation that the provider keeps; `mismatch` where it takes the answer for an accepted one. */
async function readHandshake(provider: Provider, HandshakeId: string): Promise<State | 'mismatch'> {
  const answer = await provider('GetHandshake', manager, { HandshakeId });
  if (isGone(answer)) return undefined;
  if (answer.body.Code === 'HandshakeStatusMismatch') return 'mismatch';
  const { Note, Status, TargetEntity, TargetType } = taken(answer).Handshake;
  return { Note, Status, TargetEntity, TargetType };
}

it('a handshake is sent, accepted by the other key, and destroyed: the member is taken out, and gone', async () => {
  const { estate, provider } = await newProvider();
  const invitee = providerOf(estate, estate.sibling);
  await provider('InitResourceDirectory', manager);
  const asked = { TargetEntity: String(estate.sibling.uid), TargetType: 'Account', Note: 'please join' };
  const { Handshake } = taken(await provider('InviteAccountToResourceDirectory', manager, asked));
  const { HandshakeId } = Handshake;
  expect(await readHandshake(provider, HandshakeId)).toEqual({ ...asked, Status: 'Pending' });
  expect(await readHandshake(invitee, HandshakeId)).toEqual({ ...asked, Status: 'Pending' });
  taken(await invitee('AcceptHandshake', manager, { HandshakeId }));
  expect(await readHandshake(invitee, HandshakeId)).toBe('mismatch');
  expect(await readHandshake(provider, HandshakeId)).toEqual({ ...asked, Status: 'Accepted' });
  // Destroying what was accepted goes on from the mismatch to the member.
  const cancelled = await provider('CancelHandshake', manager, { HandshakeId });
  expect(cancelled).toMatchObject({ status: 409, body: { Code: 'HandshakeStatusMismatch' } });
  const AccountId = asked.TargetEntity;
  expect(isGone(await provider('GetAccount', manager, { AccountId }))).toBe(false);
  taken(await provider('RemoveCloudAccount', manager, { AccountId }));
  expect(isGone(await provider('GetAccount', manager, { AccountId }))).toBe(true);
});

it('a handshake that waits is destroyed at once, and gone', async () => {
  const { estate, provider } = await newProvider();
  await provider('InitResourceDirectory', manager);
  const asked = { TargetEntity: String(estate.sibling.uid), TargetType: 'Account' };
  const { Handshake } = taken(await provider('InviteAccountToResourceDirectory', manager, asked));
  const { HandshakeId } = Handshake;
  taken(await provider('CancelHandshake', manager, { HandshakeId }));
  expect(await readHandshake(provider, HandshakeId)).toMatchObject({ Status: 'Cancelled' });
  expect(await provider('CancelHandshake', manager, { HandshakeId })).toMatchObject({ status: 409 });
  expect(isGone(await provider('CancelHandshake', manager, { HandshakeId: 'h-0123456789abcdef' }))).toBe(true);
});
