import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BssClient, bss, bssClient, popClient } from '#test/support/clients.ts';
import { newEstate } from '#test/support/estate.ts';
import { described } from '#test/support/openApi.ts';

interface Scripted {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Outcome = { readonly requestsSent: number; readonly types?: Readonly<Record<string, string>> } & (
  | { readonly kind: 'resolved'; readonly value: unknown }
  | { readonly kind: 'thrown'; readonly error: Readonly<Record<string, unknown>> }
);

interface Case {
  readonly client: string;
  readonly call: string;
  readonly case: string;
  readonly response: Scripted;
  readonly outcome: Outcome;
}

const BSS = '@alicloud/bssopenapi20171214';
const POP = '@alicloud/pop-core';
const SIGNED_BY_RPC = " (signatureAlgorithm 'v2')";

const { cases }: { cases: Case[] } = JSON.parse(
  readFileSync(new URL('../vectors/sdk-responses.json', import.meta.url), 'utf8'),
);
const casesOf = (name: string) => cases.filter(({ client }) => client.startsWith(`${name} `));

let script: Scripted = { status: 200, headers: {}, body: '{}' };
let requests: { readonly authorization: string | undefined }[] = [];
const server = createServer((request, response) => {
  requests.push({ authorization: request.headers.authorization });
  request.resume().on('end', () => response.writeHead(script.status, script.headers).end(script.body));
});
let baseUrl = '';

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  baseUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const key = () => ({ baseUrl, keyId: 'K', secret: 'S' });

const bssCalls: Readonly<Record<string, (client: BssClient) => Promise<unknown>>> = {
  AddAccountRelation: (client) => client.addAccountRelation(new bss.AddAccountRelationRequest({})),
  ConfirmRelation: (client) => client.confirmRelation(new bss.ConfirmRelationRequest({})),
  GetAccountRelation: (client) => client.getAccountRelation(new bss.GetAccountRelationRequest({})),
  ModifyAccountRelation: (client) => client.modifyAccountRelation(new bss.ModifyAccountRelationRequest({})),
  QueryPermissionList: (client) => client.queryPermissionList(new bss.QueryPermissionListRequest({})),
  QueryRelationList: (client) => client.queryRelationList(new bss.QueryRelationListRequest({})),
  RelieveAccountRelation: (client) => client.relieveAccountRelation(new bss.RelieveAccountRelationRequest({})),
};

/** What the typed client makes of the scripted answer, its transport headers left out. */
async function byBss(call: string): Promise<unknown> {
  const isRpc = call.endsWith(SIGNED_BY_RPC);
  const ask = bssCalls[call.replace(SIGNED_BY_RPC, '')];
  if (ask === undefined) throw new Error(`no way to call ${call}`);
  const { headers, ...rest } = Object(await ask(bssClient(key(), isRpc ? 'v2' : undefined)));
  return rest;
}

const byPop = (call: string) => popClient(key(), '2020-03-31', 'POST').request(call, {});

type Seen = { readonly value: unknown } | { readonly error: unknown };

async function seen(ask: (call: string) => Promise<unknown>, call: string, response: Scripted): Promise<Seen> {
  script = response;
  requests = [];
  return ask(call).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce((inner, name) => Object(inner)[name], value);
const classOf = (value: unknown) => Object(value).constructor.name;

function expectOutcome(actual: Seen, { outcome }: Case): void {
  expect(requests).toHaveLength(outcome.requestsSent);
  if (outcome.kind === 'resolved') {
    expect('value' in actual ? asJson(actual.value) : actual).toEqual(outcome.value);
    for (const [path, type] of Object.entries(outcome.types ?? {})) {
      const value = 'value' in actual ? at(actual.value, path) : undefined;
      expect(type === 'BigNumber' ? classOf(value) : typeof value).toBe(type);
    }
    return;
  }
  if (!('error' in actual)) throw new Error(`resolved to ${JSON.stringify(actual)}`);
  const found = Object.keys(outcome.error).map((path) => {
    if (path === 'class') return [path, classOf(actual.error)];
    const value = at(actual.error, path);
    return [path, path === 'message' ? String(value).replace(/(?<=URL: )http\S+/, '<request URL>') : value];
  });
  expect(Object.fromEntries(found)).toEqual(outcome.error);
}

describe.each([BSS, POP])('the recorded answers to %s', (name) => {
  test('are of the version that is installed', () => {
    const { version } = createRequire(import.meta.url)(`${name}/package.json`);
    expect([...new Set(casesOf(name).map(({ client }) => client))]).toEqual([`${name} ${version}`]);
  });

  test.each(casesOf(name))('$call, $case: it makes of them what was recorded', async (recorded) => {
    expectOutcome(await seen(name === BSS ? byBss : byPop, recorded.call, recorded.response), recorded);
    const isAcs3 = name === BSS && !recorded.call.endsWith(SIGNED_BY_RPC);
    for (const { authorization = '' } of requests) expect(authorization.startsWith('ACS3-')).toBe(isAcs3);
  });
});

describe('our answers', () => {
  const successes: { readonly call: string; readonly status: number; readonly body: object }[] = [];
  const failures: typeof successes = [];

  beforeAll(async () => {
    const estate = await newEstate();
    const parent = await estate.account('Parent Ltd.');
    const child = await estate.account('Child Ltd.');
    const PermissionCodes = ['CHECK_FINANCE_INFO'];
    const ask = async (by: typeof parent, call: string, params: Parameters<typeof estate.call>[2]) => {
      const { status, body } = await estate.call(by, call, { RequestId: 'mine', ...params });
      (status === 200 ? successes : failures).push({ call, status, body });
      return body.Data;
    };
    const parties = { ParentUserId: parent.uid, ChildUserId: child.uid, RelationType: 'enterprise_group' };
    const { RelationId } = await ask(parent, 'AddAccountRelation', { ...parties, PermissionCodes });
    await ask(parent, 'AddAccountRelation', { ...parties, PermissionCodes });
    await ask(child, 'ConfirmRelation', { RelationId, ConfirmCode: 'child_agree', PermissionCodes });
    await ask(parent, 'ModifyAccountRelation', { RelationId, RelationOperation: 'ADD', PermissionCodes });
    await ask(parent, 'QueryRelationList', { UserId: parent.uid });
    await ask(child, 'QueryPermissionList', { RelationId });
    await ask(parent, 'RelieveAccountRelation', { RelationId });
    await ask(parent, 'RelieveAccountRelation', { RelationId });
    await ask(child, 'GetAccountRelation', { RelationId });
    await ask({ ...child, secret: 'not the secret' }, 'GetAccountRelation', { RelationId });
    await ask({ ...child, keyId: 'NOSUCHKEY' }, 'GetAccountRelation', { RelationId });
    await ask(child, 'GetAccountRelation', {});
  });

  const headers = { 'content-type': 'application/json;charset=utf-8' };
  const scripted = ({ status, body }: { status: number; body: object }) => ({
    status,
    headers,
    body: JSON.stringify(body),
  });

  test('of success resolve in either client, of every operation', async () => {
    expect(new Set(successes.map(({ call }) => call))).toEqual(new Set(Object.keys(bssCalls)));
    for (const success of successes) {
      const typed = await seen(byBss, success.call, scripted(success));
      expect(typed).toMatchObject({ value: { statusCode: 200, body: { success: true, data: expect.anything() } } });
      expect(await seen(byPop, success.call, scripted(success))).toMatchObject({ value: { Success: true } });
    }
  });

  test('of failure are thrown by either client, with their code', async () => {
    expect(failures).toHaveLength(5);
    for (const failure of failures) {
      const thrown = { error: { code: at(failure.body, 'Code'), data: failure.body } };
      expect(await seen(byBss, failure.call, scripted(failure))).toMatchObject(thrown);
      expect(await seen(byPop, failure.call, scripted(failure))).toMatchObject(thrown);
    }
  });

  test('are as the OpenAPI document says', () => {
    const { answerFaults } = described();
    for (const { body, call, status } of [...successes, ...failures]) {
      expect(answerFaults(`/bss/${call}`, status, body)).toEqual([]);
    }
  });

  test.each(['AddAccountRelation', 'GetAccountRelation', 'QueryRelationList'])(
    'to %s have no field, and no type of a field, that the recorded ones have not',
    (call) => {
      const recorded = casesOf(BSS).find((one) => one.call === call && one.case.startsWith('success'));
      const ours = successes.find((success) => success.call === call);
      const known = new Set(fieldsOf(JSON.parse(recorded?.response.body ?? '{}')));
      expect(fieldsOf(ours?.body).filter((field) => !known.has(field))).toEqual([]);
    },
  );

  test('of failure have the fields of the recorded ones, and our Reason', () => {
    const recorded = casesOf(BSS).find((one) => one.case === 'SignatureDoesNotMatch');
    const known = new Set([...fieldsOf(JSON.parse(recorded?.response.body ?? '{}')), 'Reason string']);
    for (const { body } of failures) expect(fieldsOf(body).filter((field) => !known.has(field))).toEqual([]);
  });
});

/** Every field there is, as its path and the type it has. */
function fieldsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((member) => fieldsOf(member, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [`${path} ${typeof value}`];
  return Object.entries(value).flatMap(([name, inner]) => fieldsOf(inner, path === '' ? name : `${path}.${name}`));
}
