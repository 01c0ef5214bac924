import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type Account,
  type DirectoryClient,
  directoryClient,
  popClient,
  resourceManager,
  thrownBy,
} from '#test/support/clients.ts';
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

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const nobody = '1999999999999999';
const noRecord = '06950264-3f0d-4ca9-82dd-6ee7a3d33d6b';

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

const advance = (advanceMs: number) => emulator.control('clock', JSON.stringify({ advanceMs }));

/** The links in the mails to an address, once there are so many. */
async function linksTo(address: string, count = 1): Promise<string[]> {
  const mails = async (): Promise<{ text: string }[]> => (await emulator.control(`mail?to=${address}`)).body;
  await expect.poll(mails).toHaveLength(count);
  return (await mails()).map(({ text }) => /http\S+token=\S+/.exec(text)?.[0] ?? '');
}

/** Presses the button of the page a link leads to. */
async function confirm(link: string): Promise<number> {
  const url = new URL(link);
  const body = new URLSearchParams({ token: url.searchParams.get('token') ?? '' });
  return (await fetch(`${url.origin}${url.pathname}`, { method: 'POST', body })).status;
}

/** Expects a typed error of this status and code, with the vendor's words. */
async function expectError(call: Promise<unknown>, statusCode: number, code: string, message: string): Promise<void> {
  const error = await thrownBy(call);
  expect(error).toMatchObject({ name: 'ClientError', code, statusCode });
  expect(String(error)).toContain(`${code}: code: ${statusCode}, ${message} request id: `);
}

const noDirectory = [
  404,
  'EntityNotExists.ResourceDirectory',
  'The resource directory for the account is not enabled. We recommend that you first enable the resource directory for the account.',
] as const;
const unfit = [409, 'AccountTypeOrStatusMismatch', 'You cannot perform the action on the member account.'] as const;
const emailUsed = [409, 'InvalidParameter.Email.AlreadyUsed', 'The email has been used.'] as const;

describe.each([
  ['ACS3', undefined],
  ['RPC 1.0', 'v2'],
] as const)('@alicloud/resourcemanager20200331 signing with %s', (_, algorithm) => {
  let parent: DirectoryClient;

  beforeAll(() => {
    parent = directoryClient(account('PARENT'), algorithm);
  });

  const newAccount = async (displayName: string) =>
    (await parent.createResourceAccount(new CreateResourceAccountRequest({ displayName }))).body?.account?.accountId ??
    '';
  const promote = (accountId?: string, email?: string, by = parent) =>
    by.promoteResourceAccount(new PromoteResourceAccountRequest({ accountId, email }));
  const resend = (recordId?: string) =>
    parent.resendPromoteResourceAccountEmail(new ResendPromoteResourceAccountEmailRequest({ recordId }));
  const cancel = (recordId?: string) =>
    parent.cancelPromoteResourceAccount(new CancelPromoteResourceAccountRequest({ recordId }));
  const read = async (accountId: string) =>
    (await parent.getAccount(new GetAccountRequest({ accountId }))).body?.account;

  test('a resource account is created, promoted, and a cloud account once the owner of the address has confirmed', async () => {
    const accountId = await newAccount('Shop');
    const { body } = await promote(accountId, 'Owner@example.com');
    expect(body?.account).toMatchObject({ accountId, type: 'ResourceAccount', status: 'PromoteVerifying' });
    const [link = ''] = await linksTo('owner@example.com');
    expect((await read(accountId))?.status).toBe('PromoteVerifying');
    expect(await confirm(link)).toBe(200);
    expect(await read(accountId)).toMatchObject({
      accountName: 'Owner@example.com',
      status: 'PromoteSuccess',
      type: 'CloudAccount',
    });
    await expectError(promote(accountId, 'other@example.com'), ...unfit);
  });

  test('a promotion is asked for again by another mail, and the first link is good for nothing', async () => {
    const accountId = await newAccount('Shop');
    const first = (await promote(accountId, 'owner@example.com')).body?.account?.recordId;
    await expectError(resend(first), 409, 'LimitExceeded.Frequency', 'The frequency of request exceeds limit.');
    await advance(MINUTE_MS);
    const second = (await resend(first)).body?.account?.recordId;
    expect(second).not.toBe(first);
    const unknown = 'This resource directory account recordId does not exist.';
    await expectError(resend(first), 404, 'EntityNotExists.AccountRecord', unknown);
    const [old = '', link = ''] = await linksTo('owner@example.com', 2);
    await confirm(old);
    expect((await read(accountId))?.status).toBe('PromoteVerifying');
    await confirm(link);
    expect((await read(accountId))?.status).toBe('PromoteSuccess');
  });

  test('a promotion is cancelled, or expires after a day, and its address is free again', async () => {
    const accountId = await newAccount('Shop');
    const recordId = (await promote(accountId, 'owner@example.com')).body?.account?.recordId;
    await expectError(promote(await newAccount('Other'), 'OWNER@example.com'), ...emailUsed);
    await cancel(recordId);
    expect(await read(accountId)).toMatchObject({ status: 'PromoteCancelled', type: 'ResourceAccount' });
    await expectError(cancel(recordId), ...unfit);
    await promote(accountId, 'owner@example.com');
    const [, link = ''] = await linksTo('owner@example.com', 2);
    await advance(DAY_MS);
    expect((await read(accountId))?.status).toBe('PromoteExpired');
    await confirm(link);
    expect((await read(accountId))?.status).toBe('PromoteExpired');
    await promote(await newAccount('Third'), 'owner@example.com');
  });

  test('every refusal of a promotion is a typed error in the words of its page', async () => {
    const accountId = await newAccount('Shop');
    const child = directoryClient(account('CHILD'), algorithm);
    const gone = 'This resource directory account does not exist.';
    await expectError(
      promote(undefined, 'a@example.com'),
      400,
      'MissingParameter.AccountId',
      'You must specify AccountId.',
    );
    await expectError(promote('123', 'a@example.com'), 400, 'InvalidParameter.AccountId', 'The AccountId is invalid.');
    await expectError(promote(accountId), 400, 'MissingParameter.Email', 'You must specify Email.');
    await expectError(promote(accountId, 'x'), 400, 'InvalidParameter.Email', 'The Email is invalid.');
    await expectError(promote(nobody, 'a@example.com'), 404, 'EntityNotExists.Account', gone);
    await expectError(promote(accountId, 'a@example.com', child), ...noDirectory);
    await promote(accountId, 'a@example.com');
    await expectError(promote(accountId, 'b@example.com'), ...unfit);
    await expectError(promote(await newAccount('Other'), 'a@example.com'), ...emailUsed);
    await expectError(resend(), 400, 'MissingParameter.RecordId', 'You must specify RecordId.');
    const unknown = 'This resource directory account recordId does not exist.';
    for (const call of [resend, cancel])
      await expectError(call(noRecord), 404, 'EntityNotExists.AccountRecord', unknown);
  });

  test('a cloud account is created once its owner has confirmed, or cancelled before', async () => {
    const create = (displayName: string, email: string) =>
      parent.createCloudAccount(new CreateCloudAccountRequest({ displayName, email }));
    const asked = (await create('Shop', 'shop@example.com')).body?.account;
    expect(asked).toMatchObject({ accountName: 'shop@example.com', status: 'CreateVerifying', type: 'CloudAccount' });
    const accountId = asked?.accountId ?? '';
    const gone = 'This resource directory account does not exist.';
    await expectError(read(accountId), 404, 'EntityNotExists.Account', gone);
    await expectError(create('Other', 'shop@example.com'), ...emailUsed);
    await advance(MINUTE_MS);
    const again = new ResendCreateCloudAccountEmailRequest({ recordId: asked?.recordId });
    const recordId = (await parent.resendCreateCloudAccountEmail(again)).body?.account?.recordId;
    const [, link = ''] = await linksTo('shop@example.com', 2);
    expect(await confirm(link)).toBe(200);
    expect(await read(accountId)).toMatchObject({ status: 'CreateSuccess', type: 'CloudAccount', displayName: 'Shop' });
    await expectError(parent.cancelCreateCloudAccount(new CancelCreateCloudAccountRequest({ recordId })), ...unfit);
    const other = (await create('Other', 'other@example.com')).body?.account?.recordId;
    await parent.cancelCreateCloudAccount(new CancelCreateCloudAccountRequest({ recordId: other }));
    await create('Other', 'other@example.com');
  });
});

test('@alicloud/pop-core creates, promotes and confirms as well', async () => {
  const client = popClient(account('PARENT'), '2020-03-31', 'POST');
  type Answered = { Account: { AccountId: string; Status: string } };
  const { Account } = await client.request<Answered>('CreateResourceAccount', { DisplayName: 'Shop' });
  const { AccountId } = Account;
  await client.request('PromoteResourceAccount', { AccountId, Email: 'pop@example.com' });
  const [link = ''] = await linksTo('pop@example.com');
  await confirm(link);
  expect(await client.request('GetAccount', { AccountId })).toMatchObject({ Account: { Status: 'PromoteSuccess' } });
});
