import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Deps, openDeps } from '#lib/deps.ts';
import { signVolcengine } from '#test/auth/signers.ts';
import { DAY_MS, type Parties, proposal, relieve } from '#test/bss/parties.ts';
import { stored } from '#test/races/answers.ts';
import { turnOf } from '#test/support/breadth.ts';
import { testEndpoint } from '#test/support/engine.ts';
import { engineClient } from '#test/support/engineClient.ts';
import { masterKey, type Params, queryOf, type Signer } from '#test/support/estate.ts';
import {
  bytesOf,
  codeOf,
  mutationCases,
  mutations,
  places,
  requestWith,
  stageMutation,
  withHeader,
} from '#test/support/everyMutation.ts';
import { signedRequest } from '#test/support/everyOperation.ts';
import { examples } from '#test/support/examples.ts';
import type { SentRequest } from '#test/support/requests.ts';
import { restored } from '#test/support/snapshot.ts';

const PROCESSES = 4;
/** For how long a process that hears nothing tries, by a clock that its pauses alone turn. */
const DEAF_MS = 50;
const reused = 'IdempotentParameterMismatch';
const newToken = () => randomUUID();

/** A process over the estate's table that never learns that a transaction has committed. */
async function deafProcess({ deps, tableName }: Parties): Promise<Deps> {
  const client = engineClient(await testEndpoint());
  const { requestHandler } = client.config;
  const handle = requestHandler.handle.bind(requestHandler);
  requestHandler.handle = async (request, options) => {
    const answer = await handle(request, options);
    if (request.headers['x-amz-target']?.endsWith('TransactWriteItems')) throw new Error('the line went dead');
    return answer;
  };
  let wallMs = Date.now();
  const pause = async (upToMs: number) => {
    wallMs += upToMs;
  };
  const ports = { ...deps.ports, wallNow: () => wallMs, pause };
  return openDeps({ client, tableName, masterKey, ports, callMs: DEAF_MS });
}

/** A call of BSS, answered down to its bytes. */
function bss(
  estate: Parties,
  by: Signer,
  action: string,
  params: Params,
  headers: Readonly<Record<string, string>> = {},
) {
  const request = signedRequest(by, { action, version: '2017-12-14', query: queryOf(params) });
  return bytesOf(
    estate,
    Object.entries(headers).reduce((signed, [name, value]) => withHeader(signed, name, value), request),
  );
}

function asOperator(estate: Parties, action: string, params: Params) {
  return bytesOf(estate, signedRequest(estate.operator, { action, version: '2026-01-01', query: queryOf(params) }));
}

async function registered(estate: Parties): Promise<string[]> {
  return (await stored(estate, 'account')).map(({ uid }) => String(uid));
}

it('every product has mutations that are put to the test', () => {
  expect([...new Set(mutations.map(({ product }) => product.name))].toSorted()).toEqual(
    Object.keys(examples).toSorted(),
  );
});

/** A mutation meets every fifth kind of test, the next one the next. */
const STRIDE = 5;

describe.each(mutationCases)('%s with a token', (_, mutation, nth) => {
  const testInTurn = turnOf(nth, STRIDE);
  const begin = restored(() => stageMutation(mutation));

  for (const place of places) {
    testInTurn(`in the ${place} is answered again, byte for byte, and acts once`, async () => {
      const { estate, example } = await begin();
      const ClientToken = newToken();
      const first = await bytesOf(estate, requestWith(mutation, example, { ClientToken }, place));
      expect(first.status, first.text).toBe(200);
      const after = await estate.dump();
      // The operation may have revoked what other calls are signed with, never the key of its own caller.
      expect(await bytesOf(estate, requestWith(mutation, example, { ClientToken }, place))).toEqual(first);
      const elsewhere = requestWith(mutation, example, { ClientToken });
      expect(await bytesOf(estate, elsewhere, estate.anotherProcess())).toEqual(first);
      expect(await estate.dump()).toEqual(after);
    });
  }

  testInTurn('in the header Idempotency-Key likewise', async () => {
    const { estate, example } = await begin();
    const token = newToken();
    const request = () => withHeader(requestWith(mutation, example, {}), 'Idempotency-Key', token);
    const first = await bytesOf(estate, request());
    expect(first.status, first.text).toBe(200);
    const after = await estate.dump();
    expect(await bytesOf(estate, request())).toEqual(first);
    const asParameter = requestWith(mutation, example, { ClientToken: token });
    expect(await bytesOf(estate, asParameter, estate.anotherProcess())).toEqual(first);
    expect(await estate.dump()).toEqual(after);
  });

  testInTurn('is refused if another request had the token, and writes nothing', async () => {
    const { estate, example } = await begin();
    const ClientToken = newToken();
    const { by } = example;
    const invitation = proposal(by, estate.stranger, { PermissionCodes: ['CHECK_FINANCE_INFO'] });
    const earlier =
      by.uid === 0
        ? await asOperator(estate, 'RegisterAccount', { Name: 'another@test', ClientToken })
        : await bss(estate, by, 'AddAccountRelation', { ...invitation, ClientToken });
    expect(earlier.status, earlier.text).toBe(200);
    const before = await estate.dump();
    const request = requestWith(mutation, example, { ClientToken });
    expect(codeOf(await bytesOf(estate, request))).toBe(reused);
    expect(await estate.dump()).toEqual(before);
    const fresh = requestWith(mutation, example, { ClientToken: newToken() });
    expect(codeOf(await bytesOf(estate, fresh))).toBe('OK');
  });

  testInTurn('sent twenty times at once over four processes acts once and is answered equally', async () => {
    const { estate, example, rows } = await begin();
    const ClientToken = newToken();
    const processes = Array.from({ length: PROCESSES }, () => estate.anotherProcess());
    const requests = Array.from({ length: 20 }, () => requestWith(mutation, example, { ClientToken }));
    const answers = await Promise.all(
      requests.map((request, index) => bytesOf(estate, request, processes[index % PROCESSES])),
    );
    expect(answers[0]?.status, answers[0]?.text).toBe(200);
    expect(answers.filter((answer) => answer.text !== answers[0]?.text)).toEqual([]);
    const types = async () => (await estate.dump()).map(({ type }) => type).toSorted();
    const ofTwenty = await types();
    await rows.restore();
    await bytesOf(estate, requestWith(mutation, example, { ClientToken }));
    expect(ofTwenty).toEqual(await types());
  });

  testInTurn('whose answer was lost after it committed is given that answer', async () => {
    const { estate, example } = await begin();
    const ClientToken = newToken();
    const deaf = await deafProcess(estate);
    expect((await bytesOf(estate, requestWith(mutation, example, { ClientToken }), deaf)).status).toBe(503);
    expect(estate.logged.at(-1)).toMatchObject({ reason: 'OutcomeUnknown' });
    const lost = estate.logged.at(-1)?.['requestId'];
    const after = await estate.dump();
    const retried = await bytesOf(estate, requestWith(mutation, example, { ClientToken }));
    expect(retried.status, retried.text).toBe(200);
    expect(retried.headers['x-acs-request-id'] ?? retried.headers['x-tt-logid']).toBe(lost);
    expect(await bytesOf(estate, requestWith(mutation, example, { ClientToken }))).toEqual(retried);
    expect(await estate.dump()).toEqual(after);
  });

  testInTurn('costs one item more than without, and no round trip', async () => {
    const costOf = async (options: Params, header?: string): Promise<readonly SentRequest[]> => {
      const { estate, example } = await begin();
      const before = estate.requests.length;
      const request = requestWith(mutation, example, options);
      const sent = header === undefined ? request : withHeader(request, 'Idempotency-Key', header);
      expect((await bytesOf(estate, sent)).status).toBe(200);
      return estate.requests.slice(before);
    };
    const usual = await costOf({});
    expect(usual.at(-1)?.command).toBe('TransactWriteItemsCommand');
    const withItem = usual.map(({ command, items }) => ({
      command,
      items: command === 'TransactWriteItemsCommand' ? items + 1 : items,
    }));
    expect(await costOf({ ClientToken: newToken() })).toEqual(withItem);
    expect(await costOf({}, newToken())).toEqual(withItem);
  });
});

describe('a token', () => {
  it('holds for one request, whatever that calls itself', async () => {
    const { estate, example } = await stageMutation(named('AddAccountRelation'));
    const ClientToken = newToken();
    const { by, params } = example;
    const first = await bss(estate, by, 'AddAccountRelation', { ...params, ClientToken });
    const renamed = { ...params, ClientToken, RequestId: 'another', PermissionCodes: undefined };
    const reordered = { ...renamed, PermissionCodes: ['FORBID_WITHDRAW_CASH', 'CHECK_FINANCE_INFO'] };
    expect(await bss(estate, by, 'AddAccountRelation', reordered)).toEqual(first);
    const fewer = { ...params, ClientToken, PermissionCodes: ['CHECK_FINANCE_INFO'] };
    expect(codeOf(await bss(estate, by, 'AddAccountRelation', fewer))).toBe(reused);
  });

  it('is the own matter of each caller', async () => {
    const { estate } = await stageMutation(named('AddAccountRelation'));
    const { child, parent, sibling, stranger } = estate;
    const ClientToken = newToken();
    const pairs = [
      [parent, child],
      [sibling, stranger],
    ] as const;
    for (const [by, of] of pairs) {
      const params = { ...proposal(by, of, { PermissionCodes: ['CHECK_FINANCE_INFO'] }), ClientToken };
      expect(codeOf(await bss(estate, by, 'AddAccountRelation', params))).toBe('OK');
    }
    expect(codeOf(await asOperator(estate, 'RegisterAccount', { Name: 'new@test', ClientToken }))).toBe('OK');
    expect(await stored(estate, 'relation')).toHaveLength(2);
  });

  it('is the same whichever key of the caller signs', async () => {
    const { estate } = await stageMutation(named('AddAccountRelation'));
    const { call, child, operator, parent } = estate;
    const { AccessKeyId, AccessKeySecret } = (await call(operator, 'IssueAccessKey', { Uid: parent.uid })).body;
    const params = { ...proposal(parent, child, { PermissionCodes: ['CHECK_FINANCE_INFO'] }), ClientToken: newToken() };
    const first = await bss(estate, parent, 'AddAccountRelation', params);
    const rotated = { uid: parent.uid, keyId: AccessKeyId, secret: AccessKeySecret };
    expect(await bss(estate, rotated, 'AddAccountRelation', params)).toEqual(first);
  });

  it('of an operator is a matter of its key: no other is told the secret that was issued under it', async () => {
    const { estate } = await stageMutation(named('IssueAccessKey'));
    const { call, child, operator } = estate;
    const { AccessKeyId, AccessKeySecret } = (await call(operator, 'IssueAccessKey', { Operator: true })).body;
    const params = { Uid: child.uid, ClientToken: newToken() };
    const first = (await call(operator, 'IssueAccessKey', params)).body;
    const another = { uid: 0, keyId: AccessKeyId, secret: AccessKeySecret };
    const other = (await call(another, 'IssueAccessKey', params)).body;
    expect(other.AccessKeyId).not.toBe(first.AccessKeyId);
    expect(other.AccessKeySecret).not.toBe(first.AccessKeySecret);
  });

  it("is forgotten after 24 hours of the domain's clock, not before", async () => {
    const { estate } = await stageMutation(named('RegisterAccount'));
    const params = { Name: 'new@test', ClientToken: newToken() };
    const first = await asOperator(estate, 'RegisterAccount', params);
    const count = (await registered(estate)).length;
    estate.advance(DAY_MS - 1);
    expect(await asOperator(estate, 'RegisterAccount', params)).toEqual(first);
    estate.advance(1);
    const second = await asOperator(estate, 'RegisterAccount', params);
    expect(JSON.parse(second.text).Uid).not.toBe(JSON.parse(first.text).Uid);
    expect(await asOperator(estate, 'RegisterAccount', params)).toEqual(second);
    expect(await registered(estate)).toHaveLength(count + 1);
  });

  it('outlives the relation it made: a late retry is answered, and relates nobody anew', async () => {
    const { estate, example } = await stageMutation(named('AddAccountRelation'));
    const { parent, sibling } = estate;
    const params = {
      ...proposal(parent, sibling, { PermissionCodes: ['CHECK_FINANCE_INFO'] }),
      ClientToken: newToken(),
    };
    const first = await bss(estate, example.by, 'AddAccountRelation', params);
    await relieve(estate, parent, JSON.parse(first.text).Data.RelationId);
    expect(await bss(estate, example.by, 'AddAccountRelation', params)).toEqual(first);
    expect(await stored(estate, 'relation')).toHaveLength(1);
  });

  it.each(['x'.repeat(65), 'with blank', 'ümlaut'])('%s is none, whatever carries it', async (token) => {
    const { estate, example } = await stageMutation(named('AddAccountRelation'));
    const before = await estate.dump();
    const { by, params } = example;
    const asParameter = JSON.parse(
      (await bss(estate, by, 'AddAccountRelation', { ...params, ClientToken: token })).text,
    );
    expect(asParameter).toMatchObject({ Reason: 'ParameterInvalid', Message: expect.stringContaining('ClientToken') });
    const inHeader = await bss(estate, by, 'AddAccountRelation', params, { 'Idempotency-Key': token });
    expect(JSON.parse(inHeader.text).Message).toContain('Idempotency-Key');
    expect(await estate.dump()).toEqual(before);
  });
});

describe('a refused call with a token', () => {
  it('keeps nothing, and can be made once nothing stands against it', async () => {
    const { estate } = await stageMutation(named('AddAccountRelation'));
    const { call, child, operator, parent } = estate;
    await call(operator, 'PutAccountStanding', { Uid: parent.uid, Frozen: true });
    const before = await estate.dump();
    const params = { ...proposal(parent, child, { PermissionCodes: ['CHECK_FINANCE_INFO'] }), ClientToken: newToken() };
    const refused = await bss(estate, parent, 'AddAccountRelation', params);
    expect(JSON.parse(refused.text).Reason).toBe('ParentFrozen');
    expect(await estate.dump()).toEqual(before);
    await call(operator, 'PutAccountStanding', { Uid: parent.uid, Frozen: false });
    const done = await bss(estate, parent, 'AddAccountRelation', params);
    expect(codeOf(done)).toBe('OK');
    expect(await bss(estate, parent, 'AddAccountRelation', params)).toEqual(done);
  });
});

describe('the secret of an access key', () => {
  it.each([
    ['issued', {}],
    ['brought along', { AccessKeyId: 'BROUGHT', AccessKeySecret: 'a-secret-from-elsewhere' }],
  ])('that was %s is in the answers, and nowhere in the table', async (__, pair) => {
    const { estate } = await stageMutation(named('IssueAccessKey'));
    const params = { Uid: estate.child.uid, ClientToken: newToken(), ...pair };
    const first = await asOperator(estate, 'IssueAccessKey', params);
    const { AccessKeyId, AccessKeySecret } = JSON.parse(first.text);
    expect(AccessKeySecret.length).toBeGreaterThan(8);
    expect(await asOperator(estate, 'IssueAccessKey', params)).toEqual(first);
    const raw = JSON.stringify(await estate.dump());
    expect(raw).toContain(AccessKeyId);
    expect(raw).not.toContain(AccessKeySecret);
    expect(raw).not.toContain(Buffer.from(AccessKeySecret).toString('base64').replace(/=+$/, ''));
  });
});

describe('a captured request', () => {
  it('does not act again under a header that was put to it', async () => {
    const { estate, example } = await stageMutation(named('AllocateCredit'));
    const captured = requestWith(named('AllocateCredit'), example, {});
    expect((await bytesOf(estate, captured)).status).toBe(200);
    const before = await estate.dump();
    const altered = withHeader(captured, 'Idempotency-Key', newToken());
    const replayed = await bytesOf(estate, altered, estate.anotherProcess());
    expect(JSON.parse(replayed.text).Reason).toBe('NonceUsed');
    expect(await estate.dump()).toEqual(before);
  });

  it('with a token of its own is not told the answer: its nonce was used', async () => {
    const { estate, example } = await stageMutation(named('IssueAccessKey'));
    for (const carrier of ['ClientToken', 'Idempotency-Key'] as const) {
      const token = newToken();
      const isParameter = carrier === 'ClientToken';
      const signed = requestWith(named('IssueAccessKey'), example, isParameter ? { ClientToken: token } : {});
      const captured = isParameter ? signed : withHeader(signed, carrier, token);
      expect((await bytesOf(estate, captured)).status).toBe(200);
      const replayed = await bytesOf(estate, captured, estate.anotherProcess());
      expect(JSON.parse(replayed.text).Reason).toBe('NonceUsed');
    }
  });

  it('without a nonce does not either, and is answered as it was', async () => {
    const { estate, example } = await stageMutation(named('AllocateCredit'));
    const { keyId, secret } = example.by;
    const query = new URLSearchParams([...new URLSearchParams(queryOf(example.params))].sort()).toString();
    const signing = { keyId, secret, nowMs: Date.now(), method: 'POST', path: '/operator/AllocateCredit' };
    const { headers, url } = signVolcengine({ ...signing, query, body: new Uint8Array() });
    const captured: ReturnType<typeof requestWith> = [url, { method: 'POST', headers }];
    const first = await bytesOf(estate, captured);
    expect(first.status, first.text).toBe(200);
    const before = await estate.dump();
    for (const process of [estate.deps, estate.anotherProcess()]) {
      const altered = withHeader(captured, 'Idempotency-Key', newToken());
      expect(await bytesOf(estate, altered, process)).toEqual(first);
    }
    expect(await estate.dump()).toEqual(before);
  });
});

describe("in Volcengine's dialect", () => {
  it('the query says the token beside a JSON body too', async () => {
    const mutation = named('CreateFinancialRelation');
    const { estate, example } = await stageMutation(mutation);
    const { keyId, secret } = example.by;
    const send = (ClientToken: string, params: Params) => {
      const body = Buffer.from(JSON.stringify(params));
      const query = `Action=${mutation.action}&ClientToken=${ClientToken}&Version=${mutation.product.version}`;
      const signing = {
        keyId,
        secret,
        nowMs: Date.now(),
        method: 'POST',
        path: '/',
        headers: { host: 'tributary.test' },
      };
      const { headers, url } = signVolcengine({ ...signing, query, body });
      return bytesOf(estate, [url, { method: 'POST', headers, body }]);
    };
    const token = newToken();
    const first = await send(token, example.params);
    expect(first.status, first.text).toBe(200);
    expect(await send(token, example.params)).toEqual(first);
    const other = await send(token, { ...example.params, AccountAlias: 'another' });
    expect({ status: other.status, code: codeOf(other) }).toEqual({ status: expect.any(Number), code: reused });
    expect(await stored(estate, 'relation')).toHaveLength(1);
  });
});

function named(action: string) {
  const mutation = mutations.find((one) => one.action === action);
  if (mutation === undefined) throw new Error(`there is no ${action}`);
  return mutation;
}
