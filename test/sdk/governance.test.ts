import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { contacts, defaultDomain, passwordPolicy, roles, services } from '#test/governance/calls.ts';
import { nineItems } from '#test/governance/enrolling.ts';
import { inTurn } from '#test/support/breadth.ts';
import {
  type Account,
  type AskAnything,
  bss,
  bssClient,
  directoryClient,
  genericClient,
  resourceManager,
  thrownBy,
} from '#test/support/clients.ts';
import { newFolder, type RunningEmulator, startEmulatorProcess } from '#test/support/emulatorProcess.ts';
import { sdkCore } from '#test/support/volcengineClients.ts';

const version = '2021-01-20';
const RequestId = expect.stringMatching(/^[0-9A-F-]{36}$/);
/** A role that every resource account has from the start. */
const given = '{"EnableRoles":[{"Name":"ResourceDirectoryAccountAccessRole"}]}';

let emulator: RunningEmulator;

beforeAll(async () => {
  emulator = await startEmulatorProcess({ TRIBUTARY_DATA: newFolder() });
});

beforeEach(async () => {
  await emulator.control('reset', '');
});

function account(role: 'PARENT' | 'CHILD'): Account {
  const { baseUrl, env } = emulator;
  return { baseUrl, keyId: env[`${role}_AK`] ?? '', secret: env[`${role}_SK`] ?? '' };
}

/** Asks how an enrolment stands, until it is over. The emulator takes the steps meanwhile. */
async function over(ask: AskAnything, AccountUid: number) {
  for (;;) {
    const body = await ask('GetEnrolledAccount', { AccountUid });
    if (['Finished', 'Failed', 'ScheduleFailed'].includes(body.Status)) return body;
    await emulator.control('events');
  }
}

/** Each signature and each place is in both halves. */
const halves = [
  [
    ['ACS3', 'query', undefined],
    ['RPC 1.0', 'form', 'v2'],
  ],
  [
    ['ACS3', 'form', undefined],
    ['RPC 1.0', 'query', 'v2'],
  ],
] as const;
const ways = inTurn(halves, 0).flat();

describe.each(ways)('@alicloud/openapi-client signing with %s, parameters in the %s', (_, place, algorithm) => {
  let ask: AskAnything;

  beforeAll(() => {
    ask = genericClient(account('PARENT'), version, place, algorithm);
  });

  test('a new account is enrolled with its own items and tags, and polled up to its end', async () => {
    const { BaselineId } = await ask('CreateAccountFactoryBaseline', { BaselineItems: nineItems() });
    const Config = '{"MinimumPasswordLength":20}';
    const AccountNamePrefix = 'test-account';
    const sent = {
      AccountNamePrefix,
      DisplayName: AccountNamePrefix,
      BaselineId,
      BaselineItems: [
        { Name: passwordPolicy, Config },
        { Name: services, Skip: true },
      ],
      Tag: '[{"Key":"env","Value":"dev"}]',
      RegionId: 'cn-hangzhou',
    };
    const answer = await ask('EnrollAccount', sent);
    expect(answer).toEqual({ RequestId, AccountUid: expect.any(Number) });
    const { AccountUid } = answer;
    const enrolled = await over(ask, AccountUid);
    expect(enrolled).toMatchObject({
      Status: 'Finished',
      Initialized: true,
      BaselineId,
      DisplayName: AccountNamePrefix,
    });
    expect(enrolled.Progress).toHaveLength(8);
    expect(enrolled.Inputs.Tag).toEqual([{ Key: 'env', Value: 'dev' }]);
    const item = { Name: passwordPolicy, Version: '1.0', Config, Skip: false };
    expect(enrolled.BaselineItems).toEqual(expect.arrayContaining([item, expect.objectContaining({ Skip: true })]));
    const { EnrolledAccounts } = await ask('ListEnrolledAccounts', { MaxResults: 5 });
    expect(EnrolledAccounts).toMatchObject([{ AccountUid, Status: 'Finished' }]);
  });

  test('existing accounts are enrolled, one by one and together', async () => {
    const uids = [emulator.env['RESOURCE_UID'], emulator.env['MEMBER_UID']].map(Number);
    for (const AccountUid of uids) {
      expect(await ask('EnrollAccount', { AccountUid })).toEqual({ RequestId, AccountUid });
      expect((await over(ask, AccountUid)).Status).toBe('Finished');
    }
    const Accounts = uids.map((AccountUid) => ({ AccountUid }));
    expect(await ask('BatchEnrollAccounts', { Accounts, BaselineItems: [{ Name: contacts }] })).toEqual({ RequestId });
    for (const AccountUid of uids) expect((await over(ask, AccountUid)).Progress).toHaveLength(3);
  });

  test('a failure has its reason', async () => {
    const sent = { AccountNamePrefix: 'dev', DisplayName: 'Dev', BaselineItems: [{ Name: roles, Config: given }] };
    const { AccountUid } = await ask('EnrollAccount', sent);
    const { ErrorInfo, Status } = await over(ask, AccountUid);
    expect(Status).toBe('Failed');
    expect(ErrorInfo).toMatchObject({ Code: 'EntityAlreadyExists.Role', Message: 'The role already exists.' });
  });

  test('a refusal is thrown with its code', async () => {
    const none = { AccountUid: 1_999_999_999_999_999 };
    expect(await thrownBy(ask('EnrollAccount', none))).toMatchObject({ code: 'InvalidUser.NotFound' });
    expect(await thrownBy(ask('GetEnrolledAccount', none))).toMatchObject({ code: 'InvalidBlueprint.NotFound' });
    const other = genericClient(account('CHILD'), version, place, algorithm);
    expect(await thrownBy(other('ListEnrolledAccounts'))).toMatchObject({
      code: 'InvalidUser.NotResourceDirectoryMaster',
    });
  });
});

test('an account is enrolled with a payer, promoted, parted from its payer, enrolled again and deleted, over the clients of both vendors', async () => {
  const { baseUrl, control, env } = emulator;
  const parentUid = Number(env['PARENT_UID']);
  const factory = genericClient(account('PARENT'), version, 'query');
  const directory = directoryClient(account('PARENT'));
  const relations = bssClient(account('PARENT'));
  const billing = sdkCore(account('PARENT'));

  const domain = { Name: defaultDomain, Config: '{"DefaultDomainName":"team-a.onaliyun.com"}' };
  const wanted = { AccountNamePrefix: 'team-a', DisplayName: 'Team A', PayerAccountUid: parentUid };
  const { AccountUid } = await factory('EnrollAccount', { ...wanted, BaselineItems: [domain] });
  expect(await over(factory, AccountUid)).toMatchObject({ Status: 'Finished', PayerAccountUid: parentUid });

  // The relation to the payer, in either dialect.
  const { body } = await relations.queryRelationList(new bss.QueryRelationListRequest({ userId: parentUid }));
  const [shown] = body?.data?.financialRelationInfoList ?? [];
  expect(shown).toMatchObject({ accountId: AccountUid, relationType: 'FinancialTrusteeship', state: 'RELATED' });
  const { Result } = await billing('ListFinancialRelation', { AccountIDSearchList: [String(AccountUid)] });
  expect(Result.List).toMatchObject([
    { SubAccountID: AccountUid, MajorAccountID: parentUid, Relation: 1, Status: 200 },
  ]);

  const { GetAccountRequest, PromoteResourceAccountRequest, UpdateAccountRequest } = resourceManager;
  const accountId = String(AccountUid);
  const email = 'team-a@example.com';
  await directory.promoteResourceAccount(new PromoteResourceAccountRequest({ accountId, email }));
  const mails = (await control(`mail?${new URLSearchParams({ to: email })}`)).body;
  const link = new URL(/^http\S+$/m.exec(mails.at(-1)?.text ?? '')?.[0] ?? expect.fail('a mail was sent'));
  const token = new URLSearchParams({ token: link.searchParams.get('token') ?? '' });
  expect((await fetch(baseUrl + link.pathname, { method: 'POST', body: token })).status).toBe(200);
  const promoted = await directory.getAccount(new GetAccountRequest({ accountId }));
  expect(promoted.body?.account).toMatchObject({ type: 'CloudAccount' });

  const [{ RelationID, Relation }] = Result.List;
  await billing('DeleteFinancialRelation', { SubAccountID: accountId, RelationID, Relation });
  expect(await factory('GetEnrolledAccount', { AccountUid })).not.toHaveProperty('PayerAccountUid');

  const { BaselineId } = await factory('CreateAccountFactoryBaseline', { BaselineItems: [{ Name: services }] });
  await factory('EnrollAccount', { AccountUid, BaselineId });
  expect(await over(factory, AccountUid)).toMatchObject({ Status: 'Finished', BaselineId });

  await directory.updateAccount(new UpdateAccountRequest({ accountId, newAccountType: 'ResourceAccount' }));
  const permitted = new resourceManager.SetMemberDeletionPermissionRequest({ status: 'Enabled' });
  await directory.setMemberDeletionPermission(permitted);
  await directory.deleteAccount(new resourceManager.DeleteAccountRequest({ accountId }));
  await control('events');
  expect(await thrownBy(factory('GetEnrolledAccount', { AccountUid }))).toMatchObject({
    code: 'InvalidBlueprint.NotFound',
  });
  // Its domain is free for the next.
  const { AccountUid: next } = await factory('EnrollAccount', {
    AccountNamePrefix: 'next',
    DisplayName: 'Next',
    BaselineItems: [domain],
  });
  expect((await over(factory, next)).Status).toBe('Finished');
});
