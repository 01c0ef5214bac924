import { beforeAll, describe, expect, test } from 'vitest';
import {
  type Account,
  type DirectoryClient,
  directoryClient,
  resourceManager,
  thrownBy,
} from '#test/support/clients.ts';
import { newFolder, type RunningEmulator, startEmulatorProcess } from '#test/support/emulatorProcess.ts';

const {
  CheckAccountDeleteRequest,
  CreateResourceAccountRequest,
  DeleteAccountRequest,
  GetAccountDeletionCheckResultRequest,
  GetAccountDeletionStatusRequest,
  GetAccountRequest,
  SetMemberDeletionPermissionRequest,
} = resourceManager;

const requestId = expect.stringMatching(/^[0-9A-F-]{36}$/);

let emulator: RunningEmulator;

beforeAll(async () => {
  emulator = await startEmulatorProcess({ TRIBUTARY_DATA: newFolder() });
});

function account(role: 'PARENT' | 'MEMBER'): Account {
  const { baseUrl, env } = emulator;
  return { baseUrl, keyId: env[`${role}_AK`] ?? '', secret: env[`${role}_SK`] ?? '' };
}

describe.each([
  ['ACS3', undefined],
  ['RPC 1.0', 'v2'],
] as const)('@alicloud/resourcemanager20200331 signing with %s', (_, algorithm) => {
  let parent: DirectoryClient;
  const permit = (status: string, by = parent) =>
    by.setMemberDeletionPermission(new SetMemberDeletionPermissionRequest({ status }));
  const createdUid = async (displayName: string) => {
    const { body } = await parent.createResourceAccount(new CreateResourceAccountRequest({ displayName }));
    return body?.account?.accountId ?? '';
  };
  const statusOf = async (accountId: string) =>
    (await parent.getAccountDeletionStatus(new GetAccountDeletionStatusRequest({ accountId }))).body
      ?.rdAccountDeletionStatus;

  beforeAll(async () => {
    parent = directoryClient(account('PARENT'), algorithm);
    await permit('Enabled');
  });

  test('a member is checked, deleted with what is abandoned, and told of when it is gone', async () => {
    const accountId = await createdUid(`Dev ${algorithm}`);
    await emulator.call('operator', 'PutAccountStanding', { Uid: accountId, AvailableBalance: '5' });
    const checked = await parent.checkAccountDelete(new CheckAccountDeleteRequest({ accountId }));
    expect(checked.body).toMatchObject({ requestId });
    // Has the rest of the stream delivered.
    await emulator.control('events');
    const result = await parent.getAccountDeletionCheckResult(new GetAccountDeletionCheckResultRequest({ accountId }));
    const info = result.body?.accountDeletionCheckResultInfo;
    expect(info).toMatchObject({
      status: 'PreCheckComplete',
      allowDelete: 'true',
      abandonableChecks: [{ checkId: 'NON_SP_balance', checkName: 'Balance', description: expect.any(String) }],
    });
    const abandonableCheckId = info?.abandonableChecks?.flatMap(({ checkId }) => checkId ?? []) ?? [];
    const deleted = await parent.deleteAccount(new DeleteAccountRequest({ accountId, abandonableCheckId }));
    expect(deleted.body).toMatchObject({ requestId, deletionType: '0' });
    expect(['Checking', 'Deleting', 'Success']).toContain((await statusOf(accountId))?.status);
    await emulator.control('events');
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/);
    expect(await statusOf(accountId)).toMatchObject({
      accountId,
      createTime: time,
      deletionTime: time,
      deletionType: '0',
      status: 'Success',
    });
    expect(await thrownBy(parent.getAccount(new GetAccountRequest({ accountId })))).toMatchObject({
      code: 'EntityNotExists.Account',
      statusCode: 404,
    });
  });

  test('a deletion that something stands against says why', async () => {
    const accountId = await createdUid(`Busy ${algorithm}`);
    await emulator.call('operator', 'PutAccountStanding', { Uid: accountId, OpenOrders: '1' });
    await parent.deleteAccount(new DeleteAccountRequest({ accountId }));
    await emulator.control('events');
    expect(await statusOf(accountId)).toMatchObject({
      status: 'CheckFailed',
      failReasonList: [{ name: 'Orders', description: 'The account has orders that are not finished.' }],
    });
  });

  test('refusals have their codes', async () => {
    const accountId = await createdUid(`Kept ${algorithm}`);
    const check = parent.getAccountDeletionCheckResult(new GetAccountDeletionCheckResultRequest({ accountId }));
    expect(await thrownBy(check)).toMatchObject({ code: 'EntityNotExists.CheckAccount', statusCode: 409 });
    const member = directoryClient(account('MEMBER'), algorithm);
    const denied = { code: 'MemberAccountAccessDenied', statusCode: 403 };
    expect(await thrownBy(permit('Disabled', member))).toMatchObject(denied);
    expect((await permit('Disabled')).body).toMatchObject({ memberDeletionStatus: 'Disabled' });
    const forbidden = { code: 'NoLicense.ResourceDirectory', statusCode: 409 };
    expect(await thrownBy(parent.deleteAccount(new DeleteAccountRequest({ accountId })))).toMatchObject(forbidden);
    await permit('Enabled');
  });
});
