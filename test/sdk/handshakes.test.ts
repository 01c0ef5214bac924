import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inTurn } from '#test/support/breadth.ts';
import { type DirectoryClient, directoryClient, popClient, resourceManager, thrownBy } from '#test/support/clients.ts';
import { newFolder, type RunningEmulator, startEmulatorProcess } from '#test/support/emulatorProcess.ts';

const {
  AcceptHandshakeRequest,
  CancelHandshakeRequest,
  DeclineHandshakeRequest,
  GetAccountRequest,
  GetHandshakeRequest,
  InviteAccountToResourceDirectoryRequest,
  ListHandshakesForAccountRequest,
  ListHandshakesForResourceDirectoryRequest,
  RemoveCloudAccountRequest,
} = resourceManager;

const DAY_MS = 24 * 60 * 60 * 1000;
const noHandshake = 'h-0123456789abcdef';
const requestId = expect.stringMatching(/^[0-9A-F-]{36}$/);
const seconds = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

let emulator: RunningEmulator;

beforeAll(async () => {
  emulator = await startEmulatorProcess({ TRIBUTARY_DATA: newFolder() });
});

beforeEach(async () => {
  await emulator.control('reset', '');
});

const uidOf = (role: 'PARENT' | 'CHILD' | 'SIBLING' | 'MEMBER') => emulator.env[`${role}_UID`] ?? '';

function account(role: 'PARENT' | 'CHILD' | 'SIBLING') {
  const { baseUrl, env } = emulator;
  return { baseUrl, keyId: env[`${role}_AK`] ?? '', secret: env[`${role}_SK`] ?? '' };
}

/** An account with an address, and its key. */
async function registered(LegalName: string, Email: string) {
  const { body } = await emulator.call('operator', 'RegisterAccount', { Name: Email, LegalName, Email });
  const key = await emulator.call('operator', 'IssueAccessKey', { Uid: String(body.Uid) });
  return { baseUrl: emulator.baseUrl, keyId: key.body.AccessKeyId, secret: key.body.AccessKeySecret };
}

const advance = (ms: number) => emulator.control('clock', JSON.stringify({ advanceMs: ms }));

type Row = readonly [status: number, code: string, message: string];

/** Expects a typed error of this status, code and message. */
async function expectError(call: Promise<unknown>, [statusCode, code, message]: Row): Promise<void> {
  const error = await thrownBy(call);
  expect(error).toMatchObject({ name: 'ClientError', code, statusCode, requestId });
  expect(String(error)).toContain(`${code}: code: ${statusCode}, ${message} request id: `);
}

const missing = (name: string): Row => [400, `MissingParameter.${name}`, `You must specify ${name}.`];
const invalid = (name: string): Row => [400, `InvalidParameter.${name}`, `The ${name} is invalid.`];
const unknown: Row = [404, 'EntityNotExists.Handshake', 'The specified handshake does not exist.'];
const mismatch: Row = [409, 'HandshakeStatusMismatch', 'The invitation is invalid.'];
const noDirectory: Row = [
  404,
  'EntityNotExists.ResourceDirectory',
  'The resource directory for the account is not enabled. We recommend that you first enable the resource directory for the account.',
];
const elsewhere: Row = [
  409,
  'NotSupport.AccountInAnotherResourceDirectory',
  'Your account is a management account for another resource directory or a member of another resource directory.',
];
const otherEntity: Row = [
  409,
  'LegalEntityMismatch',
  'Your account does not have the same legal entity as the master account.',
];

const signatures = [
  ['ACS3', undefined],
  ['RPC 1.0', 'v2'],
] as const;

// By default promotions.test.ts has the other.
describe.each(inTurn(signatures, 0))('@alicloud/resourcemanager20200331 signing with %s', (_, algorithm) => {
  let parent: DirectoryClient;
  let sibling: DirectoryClient;
  let child: DirectoryClient;

  beforeAll(() => {
    parent = directoryClient(account('PARENT'), algorithm);
    sibling = directoryClient(account('SIBLING'), algorithm);
    child = directoryClient(account('CHILD'), algorithm);
  });

  const invite = async (given: object = {}, by = parent) => {
    const target = { targetEntity: uidOf('SIBLING'), targetType: 'Account', ...given };
    const request = new InviteAccountToResourceDirectoryRequest(target);
    const { body } = await by.inviteAccountToResourceDirectory(request);
    return body?.handshake ?? expect.fail('an invitation is answered');
  };
  const get = async (handshakeId = '', by = parent) =>
    (await by.getHandshake(new GetHandshakeRequest({ handshakeId }))).body?.handshake;
  const accept = async (handshakeId = '', by = sibling) =>
    (await by.acceptHandshake(new AcceptHandshakeRequest({ handshakeId }))).body?.handshake;
  const decline = async (handshakeId = '', by = sibling) =>
    (await by.declineHandshake(new DeclineHandshakeRequest({ handshakeId }))).body?.handshake;
  const cancel = async (handshakeId = '', by = parent) =>
    (await by.cancelHandshake(new CancelHandshakeRequest({ handshakeId }))).body?.handshake;

  test('an account is invited, accepts, and is a member until it is removed', async () => {
    const handshake = await invite({ note: 'Please join.', tag: [{ key: 'team', value: 'a' }] });
    expect(handshake).toMatchObject({
      handshakeId: expect.stringMatching(/^h-\w{16}$/),
      masterAccountId: uidOf('PARENT'),
      masterAccountName: 'parent@demo',
      resourceDirectoryId: 'rd-Demo01',
      targetEntity: uidOf('SIBLING'),
      targetType: 'Account',
      note: 'Please join.',
      status: 'Pending',
      createTime: seconds,
      modifyTime: handshake.createTime,
      expireTime: seconds,
    });
    expect(Date.parse(handshake.expireTime ?? '') - Date.parse(handshake.createTime ?? '')).toBe(14 * DAY_MS);
    const { handshakeId } = handshake;
    expect(await get(handshakeId)).toStrictEqual(
      expect.not.objectContaining({ masterAccountRealName: expect.anything() }),
    );
    expect(await get(handshakeId, sibling)).toMatchObject({
      masterAccountRealName: 'Demo Group Ltd.',
      invitedAccountRealName: 'Demo Group Ltd.',
    });
    expect(await accept(handshakeId)).toMatchObject({ handshakeId, status: 'Accepted' });
    expect(await get(handshakeId)).toMatchObject({
      status: 'Accepted',
      targetEntity: uidOf('SIBLING'),
      note: 'Please join.',
    });
    await expectError(get(handshakeId, sibling), mismatch);
    const asked = { accountId: uidOf('SIBLING'), includeTags: true };
    const { body } = await parent.getAccount(new GetAccountRequest(asked));
    expect(body?.account).toMatchObject({
      displayName: 'sibling@demo',
      folderId: 'r-Demo01',
      joinMethod: 'invited',
      status: 'InviteSuccess',
      type: 'CloudAccount',
      tags: [{ key: 'team', value: 'a' }],
    });
    await expectError(invite(), elsewhere);
    await expectError(cancel(handshakeId), mismatch);
    await parent.removeCloudAccount(new RemoveCloudAccountRequest({ accountId: uidOf('SIBLING') }));
    expect(await invite()).toMatchObject({ status: 'Pending' });
  });

  test('it declines, or the inviter withdraws, or it expires and is forgotten', async () => {
    const declined = await invite();
    expect(await decline(declined.handshakeId)).toMatchObject({ status: 'Declined' });
    const cancelled = await invite();
    expect(await cancel(cancelled.handshakeId)).toMatchObject({ status: 'Cancelled' });
    const expired = await invite();
    await advance(14 * DAY_MS);
    for (const { handshakeId } of [declined, cancelled, expired]) {
      await expectError(accept(handshakeId), mismatch);
      await expectError(decline(handshakeId), mismatch);
      await expectError(cancel(handshakeId), mismatch);
    }
    expect(await get(expired.handshakeId)).toMatchObject({ status: 'Expired', modifyTime: expired.expireTime });
    await advance(30 * DAY_MS);
    for (const { handshakeId } of [declined, cancelled, expired]) {
      await expectError(get(handshakeId), unknown);
      await expectError(get(handshakeId, sibling), unknown);
    }
  });

  test('an address is invited, told by mail, and accepted by whoever comes to have it', async () => {
    const { handshakeId = '' } = await invite({ targetEntity: 'new@example.com', targetType: 'Email' });
    const { body: mails } = await emulator.control('mail?to=new%40example.com');
    expect(mails).toHaveLength(1);
    expect(mails[0].text).toContain(handshakeId);
    const invitee = directoryClient(await registered('Demo Group Ltd.', 'new@example.com'), algorithm);
    const list = await invitee.listHandshakesForAccount(new ListHandshakesForAccountRequest({}));
    expect(list.body).toMatchObject({ totalCount: 1, pageNumber: 1, pageSize: 10 });
    expect(list.body?.handshakes?.handshake).toMatchObject([{ handshakeId, status: 'Pending' }]);
    expect(await accept(handshakeId, invitee)).toMatchObject({ status: 'Accepted', targetEntity: 'new@example.com' });
  });

  test('the directory lists what it has sent, by pages, and nothing with its wrapper', async () => {
    const list = async (given: object, by = parent) =>
      (await by.listHandshakesForResourceDirectory(new ListHandshakesForResourceDirectoryRequest(given))).body;
    expect(await list({})).toMatchObject({ totalCount: 0, handshakes: { handshake: [] } });
    const first = await invite();
    await decline(first.handshakeId);
    const second = await invite();
    const ids = [first.handshakeId, second.handshakeId];
    for (const pageNumber of [1, 2]) {
      const page = await list({ pageNumber, pageSize: 1 });
      expect(page).toMatchObject({ totalCount: 2, pageNumber, pageSize: 1 });
      expect(page?.handshakes?.handshake).toMatchObject([{ handshakeId: ids[pageNumber - 1] }]);
    }
    await expectError(list({}, sibling), noDirectory);
    const received = await sibling.listHandshakesForAccount(new ListHandshakesForAccountRequest({ pageSize: 1 }));
    expect(received.body).toMatchObject({ totalCount: 2, handshakes: { handshake: [{ status: 'Declined' }] } });
  });

  test('who is invited has to be somebody, of the same company and in no directory', async () => {
    await expectError(invite({ targetEntity: '' }), missing('TargetEntity'));
    await expectError(invite({ targetType: '' }), missing('TargetType'));
    await expectError(invite({ targetType: 'Phone' }), invalid('TargetType'));
    await expectError(invite({ targetEntity: '1999999999999999' }), invalid('TargetEntity'));
    await expectError(invite({ targetType: 'Email' }), invalid('TargetEntity'));
    const tooLong: Row = [400, 'InvalidParameter.Note.Length', 'The length of the invitation note exceeds the limit.'];
    await expectError(invite({ note: 'x'.repeat(1025) }), tooLong);
    await expectError(invite({}, child), noDirectory);
    await expectError(invite({ targetEntity: uidOf('CHILD') }), otherEntity);
    for (const role of ['PARENT', 'MEMBER'] as const)
      await expectError(invite({ targetEntity: uidOf(role) }), elsewhere);
    const other = directoryClient(await registered('Other Company Ltd.', 'other@example.com'), algorithm);
    await expectError(invite({ targetEntity: 'other@example.com', targetType: 'Email' }), otherEntity);
    const { handshakeId } = await invite();
    const again: Row = [409, 'EntityAlreadyExists.Handshake', 'Handshakes with the same target entity already exist.'];
    await expectError(invite(), again);
    for (const call of [get, accept, decline, cancel]) {
      await expectError(call(handshakeId, other), unknown);
      await expectError(call(noHandshake), unknown);
      await expectError(call(''), missing('HandshakeId'));
      await expectError(call('h-1'), invalid('HandshakeId'));
    }
  });

  test('twenty invitations of a day are as many as there may be', async () => {
    for (let nth = 0; nth < 20; nth++) await invite({ targetEntity: `new${nth}@example.com`, targetType: 'Email' });
    await expectError(invite(), [
      409,
      'LimitExceeded.InvitationRate',
      'The number of invitations sent exceeds the limit.',
    ]);
  });
});

describe.each(['GET', 'POST'] as const)('@alicloud/pop-core by %s', (method) => {
  test('invites, lists and accepts', async () => {
    const client = (role: 'PARENT' | 'SIBLING') => popClient(account(role), '2020-03-31', method);
    const target = { TargetEntity: uidOf('SIBLING'), TargetType: 'Account', Note: 'a & b' };
    const invited = await client('PARENT').request('InviteAccountToResourceDirectory', target);
    expect(invited).toMatchObject({ Handshake: { ...target, Status: 'Pending' } });
    const listed = await client('SIBLING').request('ListHandshakesForAccount', { PageSize: 50 });
    expect(listed).toMatchObject({ TotalCount: 1, Handshakes: { Handshake: [target] } });
    const { body } = await emulator.call('parent', 'ListHandshakesForResourceDirectory');
    const [{ HandshakeId }] = body.Handshakes.Handshake;
    const accepted = await client('SIBLING').request('AcceptHandshake', { HandshakeId });
    expect(accepted).toMatchObject({ Handshake: { HandshakeId, Status: 'Accepted' } });
  });
});
