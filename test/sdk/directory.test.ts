import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type Account,
  bss,
  bssClient,
  type DirectoryClient,
  directoryClient,
  popClient,
  resourceManager,
  thrownBy,
} from '#test/support/clients.ts';
import { newFolder, type RunningEmulator, startEmulatorProcess } from '#test/support/emulatorProcess.ts';

const {
  CreateFolderRequest,
  CreateResourceAccountRequest,
  GetAccountRequest,
  GetPayerForAccountRequest,
  ListAccountsForParentRequest,
  ListAccountsRequest,
  MoveAccountRequest,
  PromoteResourceAccountRequest,
  RemoveCloudAccountRequest,
  UpdateAccountRequest,
} = resourceManager;

const nobody = '1999999999999999';
const requestId = expect.stringMatching(/^[0-9A-F-]{36}$/);

let emulator: RunningEmulator;
let ids: { readonly parent: string; readonly child: string; readonly resource: string; readonly member: string };

beforeAll(async () => {
  emulator = await startEmulatorProcess({ TRIBUTARY_DATA: newFolder() });
  const idOf = (role: string) => emulator.env[`${role}_UID`] ?? '';
  ids = { parent: idOf('PARENT'), child: idOf('CHILD'), resource: idOf('RESOURCE'), member: idOf('MEMBER') };
});

beforeEach(async () => {
  await emulator.control('reset', '');
});

function account(role: 'PARENT' | 'CHILD' | 'MEMBER'): Account {
  const { baseUrl, env } = emulator;
  return { baseUrl, keyId: env[`${role}_AK`] ?? '', secret: env[`${role}_SK`] ?? '' };
}

async function rootKeyOf(uid: string): Promise<Account> {
  const { body } = await emulator.call('operator', 'IssueAccessKey', { Uid: uid, Root: 'true' });
  return { baseUrl: emulator.baseUrl, keyId: body.AccessKeyId, secret: body.AccessKeySecret };
}

/** Expects a typed error of this status, code and message. */
async function expectError(call: Promise<unknown>, statusCode: number, code: string, message: string): Promise<void> {
  const error = await thrownBy(call);
  expect(error).toMatchObject({ name: 'ClientError', code, statusCode, requestId });
  expect(String(error)).toContain(`${code}: code: ${statusCode}, ${message} request id: `);
}

const noDirectory = [
  404,
  'EntityNotExists.ResourceDirectory',
  'The resource directory for the account is not enabled. We recommend that you first enable the resource directory for the account.',
] as const;
const noAccount = [404, 'EntityNotExists.Account', 'This resource directory account does not exist.'] as const;
const noFolder = [404, 'EntityNotExists.Folder', 'The resource directory folder does not exist.'] as const;
const unfit = [409, 'AccountTypeOrStatusMismatch', 'You cannot perform the action on the member account.'] as const;

describe.each([
  ['ACS3', undefined],
  ['RPC 1.0', 'v2'],
] as const)('@alicloud/resourcemanager20200331 signing with %s', (_, algorithm) => {
  let parent: DirectoryClient;
  let child: DirectoryClient;

  beforeAll(() => {
    parent = directoryClient(account('PARENT'), algorithm);
    child = directoryClient(account('CHILD'), algorithm);
  });

  const read = async (accountId: string) =>
    (await parent.getAccount(new GetAccountRequest({ accountId }))).body?.account;
  const update = (accountId: string, change: object, by = parent) =>
    by.updateAccount(new UpdateAccountRequest({ accountId, ...change }));
  const move = (accountId: string, destinationFolderId: string) =>
    parent.moveAccount(new MoveAccountRequest({ accountId, destinationFolderId }));
  const remove = (accountId: string) => parent.removeCloudAccount(new RemoveCloudAccountRequest({ accountId }));
  const payerOf = async (accountId: string) =>
    (await parent.getPayerForAccount(new GetPayerForAccountRequest({ accountId }))).body?.payerAccountId;

  test('members are listed, of the directory and of a folder, by pages, keyword and tags', async () => {
    const { body } = await parent.listAccounts(new ListAccountsRequest({ pageSize: 1, includeTags: true }));
    expect(body).toMatchObject({ requestId, totalCount: 2, pageNumber: 1, pageSize: 1 });
    expect(body?.accounts?.account).toMatchObject([
      {
        accountId: ids.resource,
        displayName: 'Workload',
        joinMethod: 'created',
        status: 'CreateSuccess',
        type: 'ResourceAccount',
        resourceDirectoryPath: expect.stringMatching(/^rd-\w{6}\/r-\w{6}\/fd-\w{10}\/\d{16}$/),
        tags: { tag: [] },
      },
    ]);
    const next = await parent.listAccounts(new ListAccountsRequest({ pageSize: 1, pageNumber: 2 }));
    expect(next.body?.accounts?.account).toMatchObject([{ accountId: ids.member, type: 'CloudAccount' }]);

    const inRoot = await parent.listAccountsForParent(new ListAccountsForParentRequest({}));
    expect(inRoot.body).toMatchObject({ totalCount: 0, accounts: { account: [] } });
    const tag = [{ key: 'team', value: 'a' }];
    const created = { displayName: 'Tagged', tag };
    await parent.createResourceAccount(new CreateResourceAccountRequest(created));
    const sought = { queryKeyword: 'TAG', tag, includeTags: true };
    const found = await parent.listAccountsForParent(new ListAccountsForParentRequest(sought));
    expect(found.body).toMatchObject({
      totalCount: 1,
      accounts: { account: [{ displayName: 'Tagged', tags: { tag } }] },
    });
  });

  test('a member is renamed, switched, moved and removed', async () => {
    const renamed = await update(ids.member, { newDisplayName: 'Crew', newAccountType: 'ResourceAccount' });
    expect(renamed.body?.account).toMatchObject({
      displayName: 'Crew',
      type: 'ResourceAccount',
      status: 'SwitchSuccess',
    });
    await update(ids.member, { newAccountType: 'CloudAccount' });

    const made = await parent.createFolder(new CreateFolderRequest({ folderName: 'New' }));
    const folderId = made.body?.folder?.folderId ?? '';
    await move(ids.member, folderId);
    expect(await read(ids.member)).toMatchObject({
      folderId,
      location: 'root/New',
      resourceDirectoryPath: expect.stringContaining(`/${folderId}/${ids.member}`),
    });
    await remove(ids.member);
    await expectError(read(ids.member), ...noAccount);
  });

  test('who pays is told alike by the directory and by the billing product, until the relation ends', async () => {
    const created = { displayName: 'Paid', payerAccountId: ids.parent };
    const { body } = await parent.createResourceAccount(new CreateResourceAccountRequest(created));
    const accountId = body?.account?.accountId ?? '';
    expect(await payerOf(accountId)).toBe(ids.parent);
    expect(await payerOf(ids.member)).toBeUndefined();

    const billing = bssClient(account('PARENT'), algorithm);
    const query = new bss.QueryRelationListRequest({ userId: Number(ids.parent) });
    const [relation] = (await billing.queryRelationList(query)).body?.data?.financialRelationInfoList ?? [];
    expect(relation).toMatchObject({
      accountId: Number(accountId),
      relationType: 'FinancialTrusteeship',
      state: 'RELATED',
    });
    const { body: volcengine } = await emulator.call('parent', 'ListFinancialRelation');
    expect(volcengine.Result.List).toMatchObject([
      { RelationID: `rel${relation?.relationId}`, SubAccountID: Number(accountId), Status: 200 },
    ]);

    const relief = { relationId: relation?.relationId ?? 0, requestId: 'relieve' };
    await billing.relieveAccountRelation(new bss.RelieveAccountRelationRequest(relief));
    expect(await payerOf(accountId)).toBeUndefined();
  });

  test('an account without a directory is told so, by every operation', async () => {
    const one = { accountId: ids.member };
    const calls = [
      child.listAccounts(new ListAccountsRequest({})),
      child.listAccountsForParent(new ListAccountsForParentRequest({})),
      child.updateAccount(new UpdateAccountRequest({ ...one, newDisplayName: 'Crew' })),
      child.moveAccount(new MoveAccountRequest({ ...one, destinationFolderId: 'r-Demo01' })),
      child.removeCloudAccount(new RemoveCloudAccountRequest(one)),
      child.getPayerForAccount(new GetPayerForAccountRequest(one)),
      directoryClient(account('MEMBER'), algorithm).listAccounts(new ListAccountsRequest({})),
    ];
    await Promise.all(calls.map((call) => expectError(call, ...noDirectory)));
  });

  test('an account that is no member is told of as none, and one that is not named or malformed as such', async () => {
    for (const accountId of [nobody, ids.child, ids.parent]) {
      await expectError(read(accountId), ...noAccount);
      await expectError(payerOf(accountId), ...noAccount);
      await expectError(remove(accountId), ...noAccount);
      await expectError(move(accountId, 'r-Demo01'), ...noAccount);
      await expectError(update(accountId, { newDisplayName: 'Crew' }), ...noAccount);
    }
    const missing = [400, 'MissingParameter.AccountId', 'You must specify AccountId.'] as const;
    const invalid = [400, 'InvalidParameter.AccountId', 'The AccountId is invalid.'] as const;
    for (const call of [payerOf, remove, (id: string) => move(id, 'r-Demo01')]) {
      await expectError(call(''), ...missing);
      await expectError(call('123'), ...invalid);
    }
  });

  test('a folder is refused that is missing, malformed or not there', async () => {
    const list = (parentFolderId: string) =>
      parent.listAccountsForParent(new ListAccountsForParentRequest({ parentFolderId }));
    await expectError(list('fd-1'), 400, 'InvalidParameter.ParentFolderId', 'The ParentFolderId is invalid.');
    await expectError(list('fd-0123456789'), ...noFolder);
    const destination = 'DestinationFolderId';
    await expectError(move(ids.member, ''), 400, `MissingParameter.${destination}`, `You must specify ${destination}.`);
    await expectError(
      move(ids.member, 'r-1'),
      400,
      `InvalidParameter.${destination}`,
      `The ${destination} is invalid.`,
    );
    await expectError(move(ids.member, 'fd-0123456789'), ...noFolder);
  });

  test('a resource account is not removed', async () => {
    await expectError(remove(ids.resource), ...unfit);
  });

  test('what stands in the way of another name or type is told by its own code', async () => {
    const used = 'The displayname of account has been used.';
    const taken = update(ids.member, { newDisplayName: 'Workload' });
    await expectError(taken, 409, 'InvalidParameter.Account.DisplayName.AlreadyUsed', used);
    const either = 'Either display name or account type must be specified.';
    await expectError(update(ids.member, {}), 409, 'MissingDisplayNameOrAccountType', either);

    const root = directoryClient(await rootKeyOf(ids.parent), algorithm);
    const asRoot = update(ids.resource, { newAccountType: 'CloudAccount' }, root);
    const asUser = 'Please use the RAM user or role of the Management Account.';
    await expectError(asRoot, 409, 'CallerIdentityError', asUser);

    await rootKeyOf(ids.member);
    const inUse = 'The root user has an AccessKey pair in use.';
    const toResource = { newAccountType: 'ResourceAccount' };
    await expectError(update(ids.member, toResource), 409, 'PrimaryAkInUse', inUse);

    await update(ids.resource, { newAccountType: 'CloudAccount' });
    const insecure =
      'The current member is not configured with a secure email or mobile phone, and the switchover fails.';
    await expectError(update(ids.resource, toResource), 409, 'MissingSecurityInfo', insecure);

    const { body } = await parent.createResourceAccount(new CreateResourceAccountRequest({ displayName: 'New' }));
    const accountId = body?.account?.accountId ?? '';
    await parent.promoteResourceAccount(new PromoteResourceAccountRequest({ accountId, email: 'new@example.com' }));
    const mismatch = 'The type or status of the member account cannot satisfy the current operation.';
    await expectError(update(accountId, { newAccountType: 'CloudAccount' }), 409, 'AccountTypeMismatch', mismatch);
  });
});

describe.each(['GET', 'POST'] as const)('@alicloud/pop-core by %s', (method) => {
  test('lists members and tells what it is refused for', async () => {
    const client = popClient(account('PARENT'), '2020-03-31', method);
    expect(await client.request('ListAccounts', { PageSize: 1, 'Tag.1.Key': 'none' })).toMatchObject({
      TotalCount: 0,
      Accounts: { Account: [] },
    });
    const listed = await client.request('ListAccounts', { PageNumber: 2, PageSize: 1, RegionId: 'cn-hangzhou' });
    expect(listed).toMatchObject({ Accounts: { Account: [{ AccountId: ids.member, Status: 'CreateSuccess' }] } });
    const error = await thrownBy(client.request('RemoveCloudAccount', { AccountId: ids.resource }));
    expect(error).toMatchObject({ code: 'AccountTypeOrStatusMismatch', data: { RequestId: requestId } });
  });
});
