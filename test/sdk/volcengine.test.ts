import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Account } from '#test/support/clients.ts';
import { newFolder, type RunningEmulator, startEmulatorProcess } from '#test/support/emulatorProcess.ts';
import { type Ask, type Envelope, openApi, openApiQuery, sdkCore } from '#test/support/volcengineClients.ts';

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

function account(role: 'PARENT' | 'CHILD' | 'SIBLING', baseUrl = emulator.baseUrl): Account {
  const { env } = emulator;
  return { baseUrl, keyId: env[`${role}_AK`] ?? '', secret: env[`${role}_SK`] ?? '' };
}

const requestId = expect.stringMatching(/^\d{14}[\dA-F]{20}$/);
const invitation = () => ({ SubAccountID: uids.child, Relation: 4, AccountAlias: '研发 *~', AuthListStr: '1,3,5' });

/** The only relation an account has. */
async function only(ask: Ask): Promise<Envelope['Result']> {
  const { Result } = await ask('ListFinancialRelation', {});
  expect(Result.Total).toBe(1);
  return Result.List[0];
}

describe.each([
  ['@volcengine/openapi', openApi],
  ['@volcengine/sdk-core', sdkCore],
] as const)('%s', (_, clientOf) => {
  let parent: Ask;
  let child: Ask;

  beforeAll(() => {
    parent = clientOf(account('PARENT'));
    child = clientOf(account('CHILD'));
  });

  async function succeed(ask: Ask, action: string, input: object): Promise<void> {
    const { ResponseMetadata, Result } = await ask(action, input);
    expect(ResponseMetadata).toMatchObject({ RequestId: requestId, Action: action, Service: 'billing' });
    expect(ResponseMetadata.Error).toBeUndefined();
    expect(Result).toMatchObject({ IsSuccess: true });
  }

  test('a relation is created, accepted, changed, listed, deleted and cleaned up', async () => {
    await succeed(parent, 'CreateFinancialRelation', invitation());
    const { Result: received } = await child('ListInvitation', {});
    const [{ Relation: invited }] = received.List;
    expect(received.List).toMatchObject([{ InvitationType: 1, Relation: { Status: 100, AccountAlias: '研发 *~' } }]);
    const { MajorAccountID, Relation, RelationID, SubAccountID } = invited;
    const accept = { Action: 2, InvitationType: 1, RelationID, MajorAccountID, Relation };
    await succeed(child, 'HandleInvitation', accept);

    const filter = {
      AccountIDSearchList: [String(uids.child)],
      Relation: ['4'],
      Status: ['200'],
      Limit: 100,
      Offset: 0,
    };
    const { Result: listed } = await parent('ListFinancialRelation', filter);
    expect(listed).toMatchObject({ Total: 1, Limit: 100, Offset: 0 });
    const parties = { MajorAccountID: uids.parent, SubAccountID: uids.child };
    expect(listed.List).toMatchObject([{ RelationID, ...parties, Status: 200, AuthInfo: [{ AuthList: [1, 3, 5] }] }]);

    await succeed(parent, 'UpdateAuth', { RelationID, AuthListStr: '1,2' });
    const { AuthInfo } = await only(child);
    expect(AuthInfo).toMatchObject([{ AuthStatus: 200 }, { AuthList: [1, 2], AuthStatus: 100 }]);
    const pending = { InvitationType: 2, RelationID, AuthID: AuthInfo[1].AuthID };
    await succeed(child, 'HandleInvitation', { ...pending, Action: 3 });
    await succeed(parent, 'UpdateAuth', { RelationID, AuthListStr: '2' });
    const again = { InvitationType: 2, RelationID, AuthID: (await only(parent)).AuthInfo[1].AuthID };
    await succeed(parent, 'CancelInvitation', again);

    const ended = { SubAccountID: String(SubAccountID), RelationID, Relation };
    await succeed(parent, 'DeleteFinancialRelation', ended);
    expect((await only(child)).Status).toBe(500);
    await succeed(parent, 'CleanUpFinancialRelation', ended);
    expect((await parent('ListFinancialRelation', {})).Result).toMatchObject({ List: [], Total: 0 });
  });

  test('an account of the same company is in trusteeship at once', async () => {
    await succeed(parent, 'CreateFinancialRelation', { SubAccountID: uids.sibling, Relation: 1 });
    const sibling = clientOf(account('SIBLING'));
    expect(await only(sibling)).toMatchObject({ Relation: 1, Status: 200, Filiation: 2, AuthInfo: [] });
  });
});

describe('a refusal is surfaced', () => {
  const unknown = { SubAccountID: 2_000_000_000, RelationID: 'rel7336772146369925420', Relation: 1 };
  const message = 'The relationship between the invited associated account and the operation account does not exist!';
  const error = { CodeN: 0, Code: 'OperationDenied.AccountRelationNotExist', Message: message };
  const forged = () => ({ ...account('PARENT'), secret: 'not the secret' });

  test('by @volcengine/openapi in what it resolves to', async () => {
    const refused = await openApi(account('PARENT'))('DeleteFinancialRelation', unknown);
    expect(refused.ResponseMetadata).toMatchObject({ RequestId: requestId, Region: 'cn-north-1', Error: error });
    expect(refused.Result).toBeUndefined();
    const mismatch = await openApi(forged())('ListInvitation', {});
    expect(mismatch.ResponseMetadata.Error).toMatchObject({ CodeN: 100010, Code: 'SignatureDoesNotMatch' });
    const absent = await openApi(account('PARENT'))('GetFinancialRelation', {});
    expect(absent.ResponseMetadata.Error).toMatchObject({ CodeN: 100008, Code: 'InvalidActionOrVersion' });
  });

  test('by @volcengine/sdk-core as an exception with status and body', async () => {
    const refusal = sdkCore(account('PARENT'))('DeleteFinancialRelation', unknown);
    await expect(refusal).rejects.toMatchObject({
      name: 'ApiException',
      message: 'HTTP 400: Bad Request',
      status: 400,
      data: { ResponseMetadata: { RequestId: requestId, Region: 'cn-beijing', Error: error } },
    });
    await expect(sdkCore(forged())('ListInvitation', {})).rejects.toMatchObject({
      status: 401,
      data: { ResponseMetadata: { Error: { Code: 'SignatureDoesNotMatch' } } },
    });
  });
});

test('@volcengine/openapi asks by GET too, a list of one like a value of its own', async () => {
  const parent = openApi(account('PARENT'));
  await parent('CreateFinancialRelation', invitation());
  const ask = openApiQuery(account('PARENT'));
  for (const Status of [['100'], ['100', '200']]) {
    const { Result } = await ask('ListFinancialRelation', { Status, AccountIDSearchList: [uids.child], Limit: 5 });
    expect(Result).toMatchObject({ Total: 1, Limit: 5, List: [{ Status: 100 }] });
  }
});

describe('an answer that is lost on its way', () => {
  /** Passes everything on, but cuts the connection at the first answer that comes back. */
  let cutter: Server;
  let baseUrl = '';
  let cuts = 0;
  let requests = 0;
  const sockets = new Set<Socket>();

  beforeAll(async () => {
    cutter = createServer((client) => {
      const server = connect(Number(new URL(emulator.baseUrl).port), '127.0.0.1');
      for (const socket of [client, server]) {
        sockets.add(socket);
        socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
      }
      client.on('data', (chunk) => {
        if (chunk.toString('latin1').startsWith('POST ')) requests++;
        server.write(chunk);
      });
      server.on('data', (chunk) => {
        if (cuts === 0) client.write(chunk);
        else {
          cuts--;
          client.resetAndDestroy();
        }
      });
      client.on('close', () => server.destroy());
      server.on('close', () => client.destroy());
    });
    cutter.listen(0, '127.0.0.1');
    await once(cutter, 'listening');
    const address = cutter.address();
    baseUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });

  afterAll(() => {
    cutter.close();
    for (const socket of sockets) socket.destroy();
  });

  async function cutOnce(ask: Ask, action: string, input: object): Promise<void> {
    cuts = 1;
    requests = 0;
    const { Result } = await ask(action, input);
    expect({ requests, cuts, IsSuccess: Result.IsSuccess }).toEqual({ requests: 2, cuts: 0, IsSuccess: true });
  }

  test('is asked for again by @volcengine/sdk-core, which succeeds; the call has acted once', async () => {
    const parent = sdkCore(account('PARENT', baseUrl));
    const child = sdkCore(account('CHILD', baseUrl));
    await cutOnce(parent, 'CreateFinancialRelation', invitation());
    const { MajorAccountID, Relation, RelationID, SubAccountID } = await only(parent);
    await cutOnce(child, 'HandleInvitation', { Action: 2, InvitationType: 1, RelationID, MajorAccountID, Relation });
    await cutOnce(parent, 'UpdateAuth', { RelationID, AuthListStr: '2' });
    const { AuthInfo } = await only(parent);
    await cutOnce(parent, 'CancelInvitation', { InvitationType: 2, RelationID, AuthID: AuthInfo[1].AuthID });
    await cutOnce(parent, 'DeleteFinancialRelation', { SubAccountID, RelationID, Relation });
    await cutOnce(parent, 'CleanUpFinancialRelation', { SubAccountID, RelationID, Relation });
    const { body } = await emulator.call('operator', 'ListEvents', { RelationId: RelationID.slice('rel'.length) });
    const events = body.Events.map(({ Action }: { Action: string }) => Action);
    expect(events.toReversed()).toEqual([
      'CreateFinancialRelation',
      'HandleInvitation',
      'UpdateAuth',
      'CancelInvitation',
      'DeleteFinancialRelation',
      'CleanUpFinancialRelation',
    ]);
  });
});
