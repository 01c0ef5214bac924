import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Account, type BssClient, bss, bssClient, popClient, thrownBy } from '#test/support/clients.ts';
import { newFolder, type RunningEmulator, startEmulatorProcess } from '#test/support/emulatorProcess.ts';

const VERSION = '2017-12-14';
const OFFERED = ['SYNCHRONIZE_FINANCE_IDENTITY', 'CHECK_FINANCE_INFO'];
const ADDED = ['CHECK_TARGET_CONSUMPTION'];

let emulator: RunningEmulator;
let uids: { readonly parent: number; readonly child: number; readonly sibling: number };

beforeAll(async () => {
  emulator = await startEmulatorProcess({ TRIBUTARY_DATA: newFolder() });
  const uidOf = (role: string) => Number(emulator.env[`${role}_UID`]);
  uids = { parent: uidOf('PARENT'), child: uidOf('CHILD'), sibling: uidOf('SIBLING') };
});

beforeEach(async () => {
  await emulator.control('reset', '');
});

function account(role: 'PARENT' | 'CHILD'): Account {
  const { baseUrl, env } = emulator;
  return { baseUrl, keyId: env[`${role}_AK`] ?? '', secret: env[`${role}_SK`] ?? '' };
}

const requestId = expect.stringMatching(/^[0-9A-F-]{36}$/);
const epochMs = expect.any(Number);
const minute = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/);

describe.each([
  ['ACS3', undefined],
  ['RPC 1.0', 'v2'],
] as const)('@alicloud/bssopenapi20171214 signing with %s', (_, algorithm) => {
  let parent: BssClient;
  let child: BssClient;

  beforeAll(() => {
    parent = bssClient(account('PARENT'), algorithm);
    child = bssClient(account('CHILD'), algorithm);
  });

  const addition = (childUserId: number) =>
    new bss.AddAccountRelationRequest({
      relationType: 'enterprise_group',
      parentUserId: uids.parent,
      childUserId,
      childNick: '子账号 *~',
      requestId: 'my-request',
      permissionCodes: OFFERED,
    });

  const confirmation = (relationId: number, permissionCodes: string[]) =>
    new bss.ConfirmRelationRequest({ relationId, permissionCodes, confirmCode: 'child_agree', requestId: 'confirm' });

  async function invited(): Promise<number> {
    const { statusCode, body } = await parent.addAccountRelation(addition(uids.child));
    expect(statusCode).toBe(200);
    expect(body).toMatchObject({ code: '200', message: 'OK', success: true, requestId: 'my-request' });
    expect(body?.data?.hostId).toBe('127.0.0.1');
    return body?.data?.relationId ?? Number.NaN;
  }

  async function read(client: BssClient, relationId: number) {
    return (await client.getAccountRelation(new bss.GetAccountRelationRequest({ relationId }))).body?.data;
  }

  test('a relation is invited, confirmed, changed, listed and relieved', async () => {
    const relationId = await invited();
    expect(await read(child, relationId)).toMatchObject({
      id: relationId,
      parentUserId: uids.parent,
      childUserId: uids.child,
      type: 'enterprise_group',
      status: 'CONFIRMING',
      gmtModified: epochMs,
    });

    const confirmed = await child.confirmRelation(confirmation(relationId, OFFERED));
    expect(confirmed).toMatchObject({ statusCode: 200, body: { success: true, requestId: 'confirm' } });
    expect(await read(parent, relationId)).toMatchObject({ status: 'RELATED', startTime: epochMs });

    const change = { relationId, relationOperation: 'ADD', permissionCodes: ADDED, requestId: 'change' };
    const modified = await parent.modifyAccountRelation(new bss.ModifyAccountRelationRequest(change));
    expect(modified.body).toMatchObject({ success: true, requestId: 'change' });
    expect((await read(child, relationId))?.status).toBe('CHANGE_CONFIRMING');
    await child.confirmRelation(confirmation(relationId, [...OFFERED, ...ADDED]));
    expect((await read(child, relationId))?.status).toBe('RELATED');

    const query = new bss.QueryRelationListRequest({ userId: uids.parent, statusList: ['RELATED', 'CONFIRMING'] });
    const { body: list } = await parent.queryRelationList(query);
    expect(list).toMatchObject({ code: 'Success', success: true, requestId });
    expect(list?.data).toMatchObject({ pageNum: 1, pageSize: 20, totalCount: 1 });
    expect(list?.data?.financialRelationInfoList).toMatchObject([
      {
        relationId,
        relationType: 'FinancialManagement',
        state: 'RELATED',
        accountId: uids.child,
        accountType: 'MEMBER',
        accountName: 'child@demo',
        accountNickName: '子账号 *~',
        setupTime: minute,
        startTime: minute,
      },
    ]);

    const { body: held } = await child.queryPermissionList(new bss.QueryPermissionListRequest({ relationId }));
    expect(held?.data).toMatchObject({ masterId: uids.parent, memberId: uids.child, state: 'RELATED' });
    expect(held?.data?.permissionList).toHaveLength(3);
    expect(held?.data?.permissionList).toContainEqual(
      expect.objectContaining({ permissionCode: 'allow_synchronize_finance_identity', startTime: minute }),
    );

    const relief = new bss.RelieveAccountRelationRequest({ relationId, requestId: 'relieve' });
    expect((await parent.relieveAccountRelation(relief)).body).toMatchObject({ success: true, requestId: 'relieve' });
    expect(await read(child, relationId)).toMatchObject({ status: 'CONNECTION_CANCELED', endTime: epochMs });
  });

  test('an account of the same legal name is related at once', async () => {
    const { body } = await parent.addAccountRelation(addition(uids.sibling));
    expect((await read(parent, body?.data?.relationId ?? 0))?.status).toBe('RELATED');
  });

  test('a refusal is a ClientError with code, status and request id', async () => {
    const error = await thrownBy(child.confirmRelation(confirmation(51463, OFFERED)));
    expect(error).toMatchObject({
      name: 'ClientError',
      code: 'InvalidParameter',
      statusCode: 400,
      requestId,
      data: { Reason: 'RelationUnknown' },
    });
    expect(String(error)).toMatch(/InvalidParameter: code: 400, The specified relation does not exist\. request id: /);
  });

  test('a wrong secret and an unknown key are refused with the codes of the vendor', async () => {
    const asStranger = (changes: Partial<Account>) =>
      thrownBy(read(bssClient({ ...account('PARENT'), ...changes }, algorithm), 51463));
    const forged = await asStranger({ secret: 'not the secret' });
    expect(forged).toMatchObject({ name: 'ClientError', code: 'SignatureDoesNotMatch', statusCode: 400, requestId });
    const unknown = await asStranger({ keyId: 'TRIBNOSUCHKEY' });
    expect(unknown).toMatchObject({ code: 'InvalidAccessKeyId.NotFound', statusCode: 404, requestId });
  });
});

describe.each(['GET', 'POST'] as const)('@alicloud/pop-core by %s', (method) => {
  type Body = Readonly<Record<string, unknown>>;
  type Ask = (action: string, params: object) => Promise<Body>;

  const asking =
    (role: 'PARENT' | 'CHILD'): Ask =>
    (action, params) =>
      popClient(account(role), VERSION, method).request<Body>(action, { RequestId: 'my-request', ...params });
  const parent = asking('PARENT');
  const child = asking('CHILD');

  /** The client makes BigNumbers of the longer integers; as text and back they are numbers again. */
  const plain = (body: Body) => JSON.parse(JSON.stringify(body, (_, value) => (isBig(value) ? Number(value) : value)));
  const isBig = (value: unknown) => typeof value === 'string' && /^\d{16}$/.test(value);

  const addition = (ChildUserId: number) => ({
    RelationType: 'enterprise_group',
    ParentUserId: uids.parent,
    ChildUserId,
    ChildNick: '子账号 *~',
    PermissionCodes: OFFERED,
  });

  const statusOf = async (RelationId: number) => plain(await child('GetAccountRelation', { RelationId })).Data.Status;

  test('a relation is invited, confirmed, changed, listed and relieved', async () => {
    const added = plain(await parent('AddAccountRelation', addition(uids.child)));
    expect(added).toMatchObject({ Code: '200', Message: 'OK', Success: true, RequestId: 'my-request' });
    const { RelationId } = added.Data;
    const confirm = (PermissionCodes: string[]) =>
      child('ConfirmRelation', { RelationId, ConfirmCode: 'child_agree', PermissionCodes });

    expect(await statusOf(RelationId)).toBe('CONFIRMING');
    expect(await confirm(OFFERED)).toMatchObject({ Success: true });
    expect(await statusOf(RelationId)).toBe('RELATED');
    const change = { RelationId, RelationOperation: 'ADD', PermissionCodes: ADDED };
    expect(await parent('ModifyAccountRelation', change)).toMatchObject({ Success: true });
    expect(await statusOf(RelationId)).toBe('CHANGE_CONFIRMING');
    await confirm([...OFFERED, ...ADDED]);

    const list = plain(await parent('QueryRelationList', { UserId: uids.parent, StatusList: ['RELATED'] }));
    expect(list).toMatchObject({ Code: 'Success', Success: true, RequestId: requestId });
    expect(list.Data).toMatchObject({ PageNum: 1, PageSize: 20, TotalCount: 1 });
    expect(list.Data.FinancialRelationInfoList).toMatchObject([
      { RelationId, AccountId: uids.child, AccountNickName: '子账号 *~', State: 'RELATED' },
    ]);
    const held = plain(await child('QueryPermissionList', { RelationId }));
    expect(held.Data).toMatchObject({ MasterId: uids.parent, MemberId: uids.child });
    expect(held.Data.PermissionList).toHaveLength(3);

    expect(await parent('RelieveAccountRelation', { RelationId })).toMatchObject({ Success: true });
    expect(await statusOf(RelationId)).toBe('CONNECTION_CANCELED');
  });

  test('an account of the same legal name is related at once', async () => {
    const { Data } = plain(await parent('AddAccountRelation', addition(uids.sibling)));
    const { Data: read } = plain(await parent('GetAccountRelation', { RelationId: Data.RelationId }));
    expect(read.Status).toBe('RELATED');
  });

  test('a refusal has code, status and request id', async () => {
    const error = await thrownBy(child('GetAccountRelation', { RelationId: 51463 }));
    expect(error).toMatchObject({
      name: 'InvalidParameterError',
      code: 'InvalidParameter',
      message: expect.stringMatching(/^The specified relation does not exist\., URL: http/),
      data: { Code: 'InvalidParameter', RequestId: requestId, Reason: 'RelationUnknown' },
      entry: { response: { statusCode: 400 } },
    });
  });

  test('a wrong secret and an unknown key are refused with the codes of the vendor', async () => {
    const asStranger = (changes: Partial<Account>) =>
      thrownBy(
        popClient({ ...account('PARENT'), ...changes }, VERSION, method).request('GetAccountRelation', {
          RelationId: 1,
        }),
      );
    const forged = await asStranger({ secret: 'not the secret' });
    expect(forged).toMatchObject({ code: 'SignatureDoesNotMatch', entry: { response: { statusCode: 400 } } });
    const unknown = await asStranger({ keyId: 'TRIBNOSUCHKEY' });
    expect(unknown).toMatchObject({ code: 'InvalidAccessKeyId.NotFound', entry: { response: { statusCode: 404 } } });
  });
});
