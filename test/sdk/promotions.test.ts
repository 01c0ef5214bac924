import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inTurn } from '#test/support/breadth.ts';
import { type DirectoryClient, directoryClient, popClient, resourceManager, thrownBy } from '#test/support/clients.ts';
import { newFolder, type RunningEmulator, startEmulatorProcess } from '#test/support/emulatorProcess.ts';

const {
  CancelCreateCloudAccountRequest,
  CancelPromoteResourceAccountRequest,
  CreateCloudAccountRequest,
  CreateResourceAccountRequest,
  GetAccountRequest,
  PromoteResourceAccountRequest,
  ResendCreateCloudAccountEmailRequest,
  ResendPromoteResourceAccountEmailRequest,
} = resourceManager;

const nobody = '1999999999999999';
const noRecord = '00000000-0000-4000-8000-000000000000';
const requestId = expect.stringMatching(/^[0-9A-F-]{36}$/);
const seconds = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const email = 'someone@example.com';

let emulator: RunningEmulator;

beforeAll(async () => {
  emulator = await startEmulatorProcess({ TRIBUTARY_DATA: newFolder() });
});

beforeEach(async () => {
  await emulator.control('reset', '');
});

function account(role: 'PARENT' | 'CHILD') {
  const { baseUrl, env } = emulator;
  return { baseUrl, keyId: env[`${role}_AK`] ?? '', secret: env[`${role}_SK`] ?? '' };
}

/** The link in the newest mail to an address. */
async function newestLink(to = email): Promise<string> {
  const { body } = await emulator.control(`mail?${new URLSearchParams({ to })}`);
  return /^http\S+$/m.exec(body.at(-1)?.text ?? '')?.[0] ?? expect.fail(`there is a mail to ${to}`);
}

/** Confirms by a link as its page's form does; answers the HTTP status. */
async function confirm(link: string): Promise<number> {
  const { origin, pathname, searchParams } = new URL(link);
  const body = new URLSearchParams({ token: searchParams.get('token') ?? '' });
  return (await fetch(origin + pathname, { method: 'POST', body })).status;
}

const advance = (ms: number) => emulator.control('clock', JSON.stringify({ advanceMs: ms }));

type Row = readonly [status: number, code: string, message: string];

/** Expects a typed error of this status, code and message. */
async function expectError(call: Promise<unknown>, [statusCode, code, message]: Row): Promise<void> {
  const error = await thrownBy(call);
  expect(error).toMatchObject({ name: 'ClientError', code, statusCode, requestId });
  expect(String(error)).toContain(`${code}: code: ${statusCode}, ${message} request id: `);
}

const missing = (name: string, code = name): Row => [400, `MissingParameter.${code}`, `You must specify ${name}.`];
const noDirectory: Row = [
  404,
  'EntityNotExists.ResourceDirectory',
  'The resource directory for the account is not enabled. We recommend that you first enable the resource directory for the account.',
];
const noAccount: Row = [404, 'EntityNotExists.Account', 'This resource directory account does not exist.'];
const unfit: Row = [409, 'AccountTypeOrStatusMismatch', 'You cannot perform the action on the member account.'];
const used: Row = [409, 'InvalidParameter.Email.AlreadyUsed', 'The email has been used.'];
const recordUnknown: Row = [
  404,
  'EntityNotExists.AccountRecord',
  'This resource directory account recordId does not exist.',
];
const tooSoon: Row = [409, 'LimitExceeded.Frequency', 'The frequency of request exceeds limit.'];

const signatures = [
  ['ACS3', undefined],
  ['RPC 1.0', 'v2'],
] as const;

// By default handshakes.test.ts has the other.
describe.each(inTurn(signatures, 1))('@alicloud/resourcemanager20200331 signing with %s', (_, algorithm) => {
  let parent: DirectoryClient;
  let child: DirectoryClient;

  beforeAll(() => {
    parent = directoryClient(account('PARENT'), algorithm);
    child = directoryClient(account('CHILD'), algorithm);
  });

  const create = async (displayName = 'Dev'): Promise<string> => {
    const { body } = await parent.createResourceAccount(new CreateResourceAccountRequest({ displayName }));
    return body?.account?.accountId ?? '';
  };
  const read = async (accountId: string) =>
    (await parent.getAccount(new GetAccountRequest({ accountId }))).body?.account;
  const promote = async (given: object, by = parent) =>
    (await by.promoteResourceAccount(new PromoteResourceAccountRequest(given))).body?.account;
  const createCloud = async (given: object, by = parent) =>
    (await by.createCloudAccount(new CreateCloudAccountRequest(given))).body?.account;
  const families = {
    promotion: {
      ask: async () => promote({ accountId: await create(), email }),
      resend: async (recordId: string, by = parent) => {
        const request = new ResendPromoteResourceAccountEmailRequest({ recordId });
        return (await by.resendPromoteResourceAccountEmail(request)).body?.account;
      },
      cancel: async (recordId: string, by = parent) =>
        (await by.cancelPromoteResourceAccount(new CancelPromoteResourceAccountRequest({ recordId }))).body,
    },
    creation: {
      ask: () => createCloud({ displayName: 'Cloud', email }),
      resend: async (recordId: string, by = parent) => {
        const request = new ResendCreateCloudAccountEmailRequest({ recordId });
        return (await by.resendCreateCloudAccountEmail(request)).body?.account;
      },
      cancel: async (recordId: string, by = parent) =>
        (await by.cancelCreateCloudAccount(new CancelCreateCloudAccountRequest({ recordId }))).body,
    },
  } as const;

  test('a resource account is created, promoted and confirmed by the mail, and is a cloud account then', async () => {
    const accountId = await create();
    expect(await promote({ accountId, email })).toMatchObject({
      accountId,
      accountName: email,
      displayName: 'Dev',
      joinMethod: 'created',
      joinTime: seconds,
      modifyTime: seconds,
      recordId: expect.stringMatching(/^[\da-f-]{36}$/),
      status: 'PromoteVerifying',
      type: 'ResourceAccount',
    });
    expect(await read(accountId)).toMatchObject({ status: 'PromoteVerifying', type: 'ResourceAccount' });
    expect(await confirm(await newestLink())).toBe(200);
    expect(await read(accountId)).toMatchObject({ status: 'PromoteSuccess', type: 'CloudAccount', accountName: email });
    expect(await confirm(await newestLink())).toBe(410);
    await expectError(promote({ accountId, email: 'other@example.com' }), unfit);
  });

  test('a promotion is cancelled, and another expires when the clock is turned', async () => {
    const accountId = await create();
    const first = await promote({ accountId, email });
    expect(await families.promotion.cancel(first?.recordId ?? '')).toEqual({ requestId });
    expect(await read(accountId)).toMatchObject({ status: 'PromoteCancelled', type: 'ResourceAccount' });
    expect(await confirm(await newestLink())).toBe(410);
    await promote({ accountId, email });
    await advance(24 * 60 * 60 * 1000);
    expect(await read(accountId)).toMatchObject({ status: 'PromoteExpired', type: 'ResourceAccount' });
    expect(await confirm(await newestLink())).toBe(410);
  });

  test('a cloud account is created once the mail is confirmed, and is no member before', async () => {
    const asked = await createCloud({ displayName: 'Cloud', email, payerAccountId: emulator.env['PARENT_UID'] });
    const accountId = asked?.accountId ?? '';
    expect(asked).toMatchObject({ accountName: email, status: 'CreateVerifying', type: 'CloudAccount' });
    expect(asked).not.toHaveProperty('joinTime');
    await expectError(read(accountId), noAccount);
    expect(await confirm(await newestLink())).toBe(200);
    expect(await read(accountId)).toMatchObject({ status: 'CreateSuccess', type: 'CloudAccount', accountName: email });
  });

  test.each(['promotion', 'creation'] as const)(
    'the mail of a %s is sent anew after a minute, for a new record',
    async (kind) => {
      const { ask, resend } = families[kind];
      const first = (await ask())?.recordId ?? '';
      const link = await newestLink();
      await expectError(resend(first), tooSoon);
      await advance(60_000);
      const second = (await resend(first))?.recordId ?? '';
      expect(second).not.toBe(first);
      await expectError(resend(first), recordUnknown);
      expect(await confirm(link)).toBe(410);
      expect(await confirm(await newestLink())).toBe(200);
      await expectError(resend(second), unfit);
    },
  );

  test.each(['promotion', 'creation'] as const)(
    'records of a %s are refused as the vendor’s tables have it',
    async (kind) => {
      const other = kind === 'promotion' ? families.creation : families.promotion;
      for (const way of ['resend', 'cancel'] as const) {
        const call = families[kind][way];
        await expectError(call(''), missing('RecordId'));
        await expectError(call(noRecord, child), noDirectory);
        await expectError(call(noRecord), recordUnknown);
        const recordId = (await other.ask())?.recordId ?? '';
        await expectError(call(recordId), unfit);
        await other.cancel(recordId);
        await emulator.control('reset', '');
      }
    },
  );

  test('a promotion is refused as each row of the vendor’s table says', async () => {
    await expectError(promote({ email }), missing('AccountId'));
    await expectError(promote({ accountId: '123', email }), [
      400,
      'InvalidParameter.AccountId',
      'The AccountId is invalid.',
    ]);
    await expectError(promote({ accountId: nobody }), missing('Email'));
    await expectError(promote({ accountId: nobody, email: 'x' }), [
      400,
      'InvalidParameter.Email',
      'The Email is invalid.',
    ]);
    await expectError(promote({ accountId: nobody, email }), noAccount);
    await expectError(promote({ accountId: nobody, email }, child), noDirectory);
    const accountId = await create();
    await promote({ accountId, email });
    await expectError(promote({ accountId, email: 'other@example.com' }), unfit);
    await expectError(promote({ accountId: await create('Other'), email }), used);
  });

  test('a creation is refused as the rows of the vendor’s table say', async () => {
    const given = { displayName: 'Cloud', email };
    await expectError(createCloud({ email }), missing('DisplayName', 'Account.DisplayName'));
    await expectError(createCloud({ displayName: 'Cloud' }), missing('Email'));
    await expectError(createCloud(given, child), noDirectory);
    const folder: Row = [404, 'EntityNotExists.Folder', 'The resource directory folder does not exist.'];
    await expectError(createCloud({ ...given, parentFolderId: 'fd-0123456789' }), folder);
    await createCloud(given);
    await expectError(createCloud({ ...given, displayName: 'Other' }), used);
    const name: Row = [
      409,
      'InvalidParameter.Account.DisplayName.AlreadyUsed',
      'The displayname of account has been used.',
    ];
    await expectError(createCloud({ ...given, email: 'other@example.com' }), name);
  });
});

describe.each(['GET', 'POST'] as const)('@alicloud/pop-core by %s', (method) => {
  test('promotes an account, and tells what it is refused for', async () => {
    const client = popClient(account('PARENT'), '2020-03-31', method);
    const { Account: created } = await client.request<{ Account: { AccountId: string } }>('CreateResourceAccount', {
      DisplayName: 'Dev',
    });
    const { AccountId } = created;
    const promoted = await client.request('PromoteResourceAccount', { AccountId, Email: email });
    expect(promoted).toMatchObject({ Account: { Status: 'PromoteVerifying', AccountName: email } });
    expect(await confirm(await newestLink())).toBe(200);
    expect(await client.request('GetAccount', { AccountId })).toMatchObject({
      Account: { Status: 'PromoteSuccess', Type: 'CloudAccount', AccountName: email },
    });
    const error = await thrownBy(client.request('PromoteResourceAccount', { AccountId, Email: 'other@example.com' }));
    expect(error).toMatchObject({ code: 'AccountTypeOrStatusMismatch', data: { RequestId: requestId } });
  });
});
