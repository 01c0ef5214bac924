import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { send } from '#infra/local/send.ts';
import { operations } from '#infra/operations.ts';
import { bundled } from '#test/infra/packaged.ts';
import { type Account, bss, bssClient, popClient } from '#test/support/clients.ts';

const OFFERED = ['SYNCHRONIZE_FINANCE_IDENTITY', 'CHECK_FINANCE_INFO'];

let child: ChildProcess;
let demo: NodeJS.Dict<string>;
let logged = '';

beforeAll(async () => {
  await bundled();
  const { NODE_OPTIONS, VITEST, ...inherited } = process.env;
  child = spawn(process.execPath, ['--import', 'tsx', 'infra/offline.ts', '--built'], {
    cwd: new URL('../..', import.meta.url),
    env: { ...inherited, PORT: '0', TRIBUTARY_DATA: ':memory:' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const envFile = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      logged += chunk.toString();
      const file = /^Tributary ready on \S+\n.*: (.+)\n/m.exec(logged)?.[1];
      if (file !== undefined) resolve(file);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', () => reject(new Error(`npm run offline ended: ${logged}`)));
  });
  demo = parseEnv(readFileSync(envFile, 'utf8'));
});

afterAll(async () => {
  child.kill('SIGTERM');
  if (child.exitCode === null) await once(child, 'exit');
});

const uidOf = (role: string) => Number(demo[`${role}_UID`]);

function account(role: string): Account {
  return { baseUrl: demo['BASE_URL'] ?? '', keyId: demo[`${role}_AK`] ?? '', secret: demo[`${role}_SK`] ?? '' };
}

describe('through Lambda events and the built bundles', () => {
  test.each([
    ['ACS3', undefined],
    ['RPC 1.0', 'v2'],
  ] as const)(
    'the vendor SDK, signing with %s, adds, confirms, reads, modifies, lists and relieves',
    async (_, algorithm) => {
      const parent = bssClient(account('PARENT'), algorithm);
      const member = bssClient(account('CHILD'), algorithm);
      const added = await parent.addAccountRelation(
        new bss.AddAccountRelationRequest({
          relationType: 'enterprise_group',
          parentUserId: uidOf('PARENT'),
          childUserId: uidOf('CHILD'),
          childNick: '子账号 *~ +/%',
          requestId: 'add me',
          permissionCodes: OFFERED,
        }),
      );
      expect(added.body).toMatchObject({ success: true, requestId: 'add me' });
      const relationId = added.body?.data?.relationId ?? Number.NaN;
      const confirmation = { relationId, confirmCode: 'child_agree', permissionCodes: OFFERED, requestId: 'confirm' };
      const confirmed = await member.confirmRelation(new bss.ConfirmRelationRequest(confirmation));
      expect(confirmed.body).toMatchObject({ success: true });
      const read = () => member.getAccountRelation(new bss.GetAccountRelationRequest({ relationId }));
      expect((await read()).body?.data).toMatchObject({ id: relationId, status: 'RELATED' });
      const change = { relationId, relationOperation: 'ADD', permissionCodes: ['CHECK_TARGET_CONSUMPTION'] };
      await parent.modifyAccountRelation(new bss.ModifyAccountRelationRequest({ ...change, requestId: 'modify' }));
      expect((await read()).body?.data?.status).toBe('CHANGE_CONFIRMING');
      const permissionCodes = [...OFFERED, ...change.permissionCodes];
      await member.confirmRelation(new bss.ConfirmRelationRequest({ ...confirmation, permissionCodes }));
      const listing = new bss.QueryRelationListRequest({ userId: uidOf('PARENT'), statusList: ['RELATED'] });
      expect((await parent.queryRelationList(listing)).body?.data?.financialRelationInfoList).toMatchObject([
        { relationId, accountNickName: '子账号 *~ +/%' },
      ]);
      const request = new bss.RelieveAccountRelationRequest({ relationId, requestId: 'relieve' });
      expect((await parent.relieveAccountRelation(request)).body).toMatchObject({ success: true });
      expect((await read()).body?.data?.status).toBe('CONNECTION_CANCELED');
    },
  );

  test.each(['GET', 'POST'] as const)("the vendor's older SDK lists by %s", async (method) => {
    const client = popClient(account('PARENT'), '2017-12-14', method);
    const answer = await client.request('QueryRelationList', { UserId: uidOf('PARENT'), StatusList: ['RELATED'] });
    expect(answer).toMatchObject({ Success: true, Data: { PageNum: 1 } });
  });

  test.each([
    ['GetAccountRelation', 'PARENT', { RelationId: '5' }, 400],
    ['ListFinancialRelation', 'PARENT', {}, 200],
    ['ListRegisteredAccounts', 'OPERATOR', {}, 200],
  ] as const)(
    '%s answers at its direct path too, from a bundle of its own',
    async (action, role, parameters, status) => {
      const operation = operations.find((one) => one.action === action) ?? expect.fail('there is the operation');
      const { baseUrl, keyId, secret } = account(role);
      const url = `${baseUrl}/${operation.product.name}/${action}`;
      expect((await send({ url, keyId, secret }, operation, parameters)).status).toBe(status);
      // What the other process has written may arrive after its answer.
      await expect.poll(() => logged).toContain(`ANY /${operation.product.name}/${action}`);
    },
  );

  test.each([
    ['/bss/MadeUp', 404, { Code: 'InvalidApi.NotFound' }],
    ['/nowhere?Action=GetAccountRelation&Version=2017-12-14', 400, { Code: 'MissingAccessKeyId' }],
  ] as const)("the path %s, which is nobody's, is answered in the dialect all the same", async (path, status, body) => {
    const response = await fetch(`${demo['BASE_URL']}${path}`);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject(body);
  });

  test('whether it is up is answered to anybody', async () => {
    const response = await fetch(`${demo['BASE_URL']}/health`);
    expect({ status: response.status, body: await response.text() }).toEqual({ status: 200, body: '{"status":"ok"}' });
  });

  test('each call leaves its line', async () => {
    await expect
      .poll(() => logged)
      .toMatch(/"requestId":"[^"]+","method":"POST","path":"\/","product":"bss","action":"ConfirmRelation"/);
    expect(logged).toMatch(/"roundTrips":\d/);
    expect(logged).not.toContain(account('PARENT').secret);
  });
});
