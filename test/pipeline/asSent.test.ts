import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { app as rpc } from '#infra/operations.ts';
import { receive, receiveRaw } from '#lib/auth/received.ts';
import { type HttpEvent, httpHandler } from '#lib/lambda/httpHandler.ts';
import { answerOf } from '#lib/pipeline/service.ts';
import { signVolcengine } from '#test/auth/signers.ts';
import { newParties } from '#test/bss/parties.ts';
import { type Estate, newEstate, responseOf, type Signer } from '#test/support/estate.ts';
import { signedRequest } from '#test/support/everyOperation.ts';

const json = 'application/json';
const form = 'application/x-www-form-urlencoded';
const inherited = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'];
const methods = ['TRACE', 'CONNECT', 'TRACK', 'get', 'PROPFIND', '', 'GET POST'];

async function answered(estate: Estate, sent: Partial<Parameters<typeof receive>[0]>) {
  const plain = { method: 'GET', path: '/', query: '', headers: new Map(), body: new Uint8Array(), sourceIp: '' };
  const response = responseOf(await answerOf(rpc, receive({ ...plain, ...sent }), estate.deps));
  return { status: response.status, body: await response.json() };
}

describe('no request is a fault, and each leaves its record', () => {
  test.each(inherited)('not one whose names are inherited by every object: %s', async (name) => {
    const estate = await newParties();
    const { logged, parent } = estate;
    logged.length = 0;
    const authorization = (text: string) => new Map([['authorization', [text]]]);
    expect(await answered(estate, { headers: authorization(name) })).toMatchObject({ status: 400 });
    expect(await answered(estate, { headers: authorization(`${name} Credential=a/b`) })).toMatchObject({ status: 400 });
    expect(await answered(estate, { query: `Action=${name}&Version=${name}` })).toMatchObject({ status: 404 });
    expect(await answered(estate, { path: `/${name}/${name}` })).toMatchObject({ status: 404 });
    expect(logged).toHaveLength(4);
    for (const [action, version] of [
      ['ListFinancialRelation', '2022-01-01'],
      ['QueryRelationList', '2017-12-14'],
    ] as const) {
      const query = `UserId=${parent.uid}&Status=${name}&StatusList.1=${name}&${name}=1&${name}.1.${name}=1`;
      expect((await estate.send(...signedRequest(parent, { action, version, query }))).status).toBe(400);
    }
    expect(logged.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test.each([
    { Limit: { toString: 1, valueOf: 1 } },
    { Limit: [{ toString: null }] },
    { Limit: [[{ toString: {} }]] },
    JSON.parse('{"__proto__": {"toString": 1}, "Limit": {"__proto__": {"toString": 1}}}'),
  ])('not one that names in query and body what no text can be made of: %o', async (params) => {
    const estate = await newParties();
    const { keyId, secret } = estate.parent;
    const body = Buffer.from(JSON.stringify(params));
    const query = 'Action=ListInvitation&Limit=1&Version=2022-01-01';
    const request = signVolcengine({ keyId, secret, nowMs: Date.now(), method: 'POST', path: '/', query, body });
    const response = responseOf(await answerOf(rpc, receiveRaw(request), estate.deps));
    expect(response.status).toBe(400);
    expect(estate.logged.at(-1)).toMatchObject({ level: 'info', reason: 'ParameterRepeated' });
  });

  test.each(methods)('not one of the method "%s", which the Fetch API may not hold', async (method) => {
    const estate = await newEstate();
    expect(await answered(estate, { method })).toMatchObject({ status: 405, body: { Code: 'UnsupportedHTTPMethod' } });
    const event: HttpEvent = {
      rawPath: '/',
      rawQueryString: '',
      headers: { host: 'API.example.com:8443' },
      isBase64Encoded: false,
      requestContext: { http: { method, sourceIp: '203.0.113.7' } },
    };
    expect(await httpHandler(rpc, estate.deps)(event)).toMatchObject({ statusCode: 405 });
    expect(estate.logged).toHaveLength(2);
  });

  test('not one of any bytes', async () => {
    const estate = await newEstate();
    const text = fc.string({ unit: 'binary', maxLength: 30 });
    const name = fc.constantFrom(
      'authorization',
      'content-type',
      'host',
      'x-acs-action',
      'x-amz-date',
      'x-date',
      'idempotency-key',
    );
    const value = fc.oneof(
      text,
      fc.constantFrom(
        'ACS3-HMAC-SHA256 Credential=a',
        'HMAC-SHA256 Credential=a/20260101/r/s/request',
        'AWS4-HMAC-SHA256 x',
        json,
        form,
      ),
    );
    const sent = fc.record({
      method: fc.oneof(fc.constantFrom('GET', 'POST'), text),
      path: fc.oneof(fc.constantFrom('/', '/bss/GetAccountRelation', '*', ''), text),
      query: fc.oneof(
        text,
        fc.constantFrom(
          'Action=GetAccountRelation&Version=2017-12-14',
          'X-Algorithm=HMAC-SHA256&X-Signature=a',
          'AccessKeyId=a&Signature=b',
        ),
      ),
      headers: fc
        .array(
          fc.tuple(
            name,
            value.map((one) => [one]),
          ),
          { maxLength: 4 },
        )
        .map((pairs) => new Map(pairs)),
      body: fc.uint8Array({ maxLength: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(sent, async (request) => {
        estate.logged.length = 0;
        const { status } = await answered(estate, request);
        expect(status).toBeGreaterThanOrEqual(400);
        expect(status).toBeLessThan(500);
        expect(estate.logged).toMatchObject([{ level: 'info', status }]);
      }),
      { numRuns: 500 },
    );
  });
});

test('whether a service is up is answered to anybody, and leaves no record', async () => {
  const { deps, logged } = await newEstate();
  const asked = (method: string) =>
    answerOf(rpc, receiveRaw({ method, url: '/health', headers: new Headers(), body: new Uint8Array() }), deps);
  const [get, head, post] = await Promise.all(['GET', 'HEAD', 'POST'].map(asked));
  expect([get?.status, get?.body]).toEqual([200, '{"status":"ok"}']);
  expect([head?.status, head?.body]).toEqual([200, '']);
  expect(post?.status).toBe(404);
  expect(logged).toHaveLength(1);
});

describe('what is wrong with a request is said:', () => {
  test.each(['/healthy', '/bss', '/bss/', '/bss/GetAccountRelation/', '/Billing/ListInvitation', '//', '/favicon.ico'])(
    'that there is nothing at %s',
    async (path) => {
      const estate = await newEstate();
      const { status, body } = await answered(estate, { path });
      expect(status).toBe(404);
      expect(body).toMatchObject({
        Code: 'InvalidApi.NotFound',
        Reason: 'PathUnknown',
        Message: expect.stringContaining(path),
      });
    },
  );

  test.each(['%', '%zz', 'a=%C3%28', 'Action=GetAccountRelation&Version=2017-12-14&Note=100%'])(
    'that the query %s is not readable, whoever signed it',
    async (query) => {
      const estate = await newParties();
      const unreadable = {
        status: 400,
        body: { Reason: 'QueryUnreadable', Message: expect.stringContaining('query') },
      };
      expect(await answered(estate, { query })).toMatchObject(unreadable);
      const [path, init] = signedRequest(estate.parent, { action: 'GetAccountRelation', version: '2017-12-14' });
      const response = await estate.send(`${path}?${query}`, init);
      expect({ status: response.status, body: await response.json() }).toMatchObject(unreadable);
    },
  );

  test('that an operation is unknown, whose name is not told back at length', async () => {
    const estate = await newEstate();
    for (const [action, version] of [
      ['A'.repeat(100_000), '2022-01-01'],
      ['ListInvitation', '2'.repeat(100_000)],
    ]) {
      for (const path of ['/', '/billing/X', `/billing/${action}`]) {
        const { status, body } = await answered(estate, { path, query: `Action=${action}&Version=${version}` });
        expect(status).toBe(404);
        expect(JSON.stringify(body).length).toBeLessThan(1000);
      }
    }
  });

  test('that a form is not', async () => {
    const estate = await newEstate();
    const headers = new Map([['content-type', [form]]]);
    const body = Buffer.from('Action=GetAccountRelation&Note=100%');
    expect(await answered(estate, { method: 'POST', headers, body })).toMatchObject({
      status: 415,
      body: { Reason: 'BodyUnreadable' },
    });
  });
});

describe('no answer repeats much of what somebody has made up:', () => {
  const long = 'a'.repeat(100_000);
  const limit = 4096;

  test.each([
    ['an action', `Action=${long}&Version=2022-01-01`],
    ['a version', `Action=ListInvitation&Version=${long}`],
    ['both, as if signed', `Action=${long}&Version=${long}&X-Algorithm=HMAC-SHA256`],
    [
      'an access key',
      `Action=GetAccountRelation&Version=2017-12-14&AccessKeyId=${long}&Signature=${'A'.repeat(27)}%3D&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&SignatureNonce=${long}&Timestamp=2026-01-01T00:00:00Z&Format=JSON`,
    ],
    [
      'an access key of the other vendor',
      `Action=ListInvitation&Version=2022-01-01&X-Algorithm=HMAC-SHA256&X-Credential=${long}/20260101/${long}/billing/request&X-Signature=${'a'.repeat(64)}&X-Date=20260101T000000Z`,
    ],
    ['both, as if signed by RPC', `Action=${long}&Version=${long}&AccessKeyId=a&Signature=b`],
  ])('not of %s', async (_, query) => {
    const estate = await newEstate();
    for (const path of ['/', '/billing/ListInvitation', `/billing/${long}`]) {
      const { status, body } = await answered(estate, { path, query });
      expect([400, 401, 404]).toContain(status);
      expect(JSON.stringify(body).length).toBeLessThan(limit);
    }
  });

  test('not of a parameter that query and body name', async () => {
    const { deps, parent } = await newParties();
    const { keyId, secret } = parent;
    const body = Buffer.from(JSON.stringify({ [long]: 2 }));
    const query = `Action=ListInvitation&Version=2022-01-01&${long}=1`;
    const request = signVolcengine({ keyId, secret, nowMs: Date.now(), method: 'POST', path: '/', query, body });
    const answer = await answerOf(rpc, receiveRaw(request), deps);
    expect(answer.status).toBe(400);
    expect(answer.body.length).toBeLessThan(limit);
  });
});

test.each(['text/plain', 'multipart/form-data; boundary=x', json, undefined])(
  'a form that names its operation, and is sent as %s, is told to be unreadable',
  async (type) => {
    const estate = await newEstate();
    const headers = new Map(type === undefined ? [] : [['content-type', [type]]]);
    const body = Buffer.from('Action=GetAccountRelation&Version=2017-12-14&AccessKeyId=a&Signature=b');
    expect(await answered(estate, { method: 'POST', headers, body })).toMatchObject({
      status: 415,
      body: { Reason: 'BodyUnreadable', Message: expect.stringContaining(type ?? 'none') },
    });
  },
);

describe('a signature holds for one meaning of a body:', () => {
  const wire = { action: 'CreateFinancialRelation', version: '2022-01-01' };

  function signed({ keyId, secret }: Signer, text: string, type: string, isTypeSigned: boolean) {
    const body = Buffer.from(text);
    const query = `Action=${wire.action}&Version=${wire.version}`;
    const headers = isTypeSigned ? { 'content-type': type } : {};
    const request = signVolcengine({
      keyId,
      secret,
      nowMs: Date.now(),
      method: 'POST',
      path: '/',
      body,
      query,
      headers,
    });
    request.headers.set('content-type', type);
    return request;
  }

  async function outcomeOf(estate: Estate, request: ReturnType<typeof signed>) {
    const response = responseOf(await answerOf(rpc, receiveRaw(request), estate.deps));
    const { ResponseMetadata } = JSON.parse(await response.text());
    return ResponseMetadata.Error?.Code ?? 'OK';
  }

  test.each([json, form, 'text/plain', 'application/octet-stream'])(
    'JSON is JSON under the unsigned type %s',
    async (type) => {
      const estate = await newParties();
      const { parent, child } = estate;
      const text = ` \r\n\t${JSON.stringify({ SubAccountID: child.uid, Relation: 4, AuthListStr: '1' })}`;
      expect(await outcomeOf(estate, signed(parent, text, type, false))).toBe('OK');
    },
  );

  test('under a signed type it is what that says', async () => {
    const estate = await newParties();
    const { parent, child } = estate;
    const text = JSON.stringify({ SubAccountID: child.uid, Relation: 4, AuthListStr: '1' });
    expect(await outcomeOf(estate, signed(parent, text, form, true))).toBe('MissingParameter');
    expect(await outcomeOf(estate, signed(parent, text, 'text/plain', true))).toBe('ParamInvalid');
    expect(await outcomeOf(estate, signed(parent, text, json, true))).toBe('OK');
  });

  test('no other type makes anything else of the bytes than the sender meant', () => {
    const blanks = fc.string({ unit: fc.constantFrom(' ', '\n', '\t', '\r'), maxLength: 4 });
    fc.assert(
      fc.property(
        blanks,
        fc.constantFrom('', '\u{FEFF}'),
        fc.object(),
        fc.constantFrom(form, json, 'a/b', ''),
        (blank, mark, value, type) => {
          const text = mark + blank + JSON.stringify(value);
          const headers = new Headers({ 'content-type': type });
          const { content } = receiveRaw({ method: 'POST', url: '/', headers, body: Buffer.from(text) });
          expect(content).toBe('json');
        },
      ),
    );
  });
});

describe('numbers that JavaScript cannot hold', () => {
  test.each([
    '20261126123456789012',
    '9007199254740993',
    '-20261126123456789012',
    '1.10',
    '0.1000000000000000055511',
    '1.0',
    '1e3',
    '-0',
    '1.00000000000000000001',
    '0.99999999999999999999',
    '1e-400',
  ])('are kept digit by digit where a text is expected: %s', async (digits) => {
    const estate = await newParties();
    const body = `{"RelationId":1, "RequestId":${digits}, "Note":"\\"9007199254740993"}`;
    const request = { action: 'GetAccountRelation', version: '2017-12-14', body, contentType: json };
    const { parent, child } = estate;
    const relation = {
      RelationType: 'enterprise_group',
      RequestId: 'r',
      ParentUserId: parent.uid,
      ChildUserId: child.uid,
    };
    const { body: added } = await estate.call(parent, 'AddAccountRelation', {
      ...relation,
      PermissionCodes: ['CHECK_FINANCE_INFO'],
    });
    const known = { ...request, body: body.replace('"RelationId":1', `"RelationId":${added.Data.RelationId}`) };
    const response = await estate.send(...signedRequest(parent, known));
    expect(await response.json()).toMatchObject({ Code: '200', RequestId: digits });
  });

  test.each([
    '9007199254740993',
    '1e400',
    '20261126123456789012',
    '1738376485192612.0000001',
    '1738376485192612.0',
    '1.738376485192612E15',
    '0.99999999999999999999',
    '1e3',
    '1.5E0',
    '1.0000000000000001E15',
    '9.007199254740993E15',
  ])('are refused where a number is: %s', async (number) => {
    const estate = await newParties();
    const body = `{"RelationId":${number}}`;
    const request = { action: 'GetAccountRelation', version: '2017-12-14', body, contentType: json };
    const response = await estate.send(...signedRequest(estate.parent, request));
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status: 400,
      body: { Reason: 'ParameterInvalid' },
    });
  });
});
