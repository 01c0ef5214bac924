import { describe, expect, test } from 'vitest';
import { app } from '#functions/bss/GetAccountRelation.ts';
import type { MasterKey } from '#lib/auth/keyring.ts';
import { type Deps, openDeps } from '#lib/deps.ts';
import { type HttpEvent, httpHandler } from '#lib/lambda/httpHandler.ts';
import { signVolcengine } from '#test/auth/signers.ts';
import { testEndpoint } from '#test/support/engine.ts';
import { engineClient } from '#test/support/engineClient.ts';
import { type Estate, newEstate, type Signer, signedCall } from '#test/support/estate.ts';

const event: HttpEvent = {
  rawPath: '/bss/GetAccountRelation',
  rawQueryString: '',
  headers: { host: 'api.example.com' },
  isBase64Encoded: false,
  requestContext: { http: { method: 'POST', sourceIp: '203.0.113.7' } },
};

/** A signed call, as API Gateway passes it on. */
function signedEvent(by: Signer): HttpEvent {
  const [path, { headers }] = signedCall(by, 'GetAccountRelation', '2017-12-14', { RelationId: 5 });
  return { ...event, rawPath: '/', rawQueryString: path.slice('/?'.length), headers };
}

async function depsWith({ deps, tableName }: Estate, masterKey: MasterKey): Promise<Deps> {
  return openDeps({ client: engineClient(await testEndpoint()), tableName, masterKey, ports: deps.ports });
}

describe('where the master key cannot be read', () => {
  test('a call that needs none is answered, another with a fault in its dialect, and the next one reads again', async () => {
    const estate = await newEstate();
    const caller = await estate.account('Acme');
    let reads = 0;
    const masterKey = async () => {
      if (++reads <= 2) throw new Error('no key yet');
      return Buffer.alloc(32, 7);
    };
    const handler = httpHandler(app, await depsWith(estate, masterKey));
    const answered = async (request: HttpEvent) => {
      const { body, statusCode } = await handler(request);
      return { statusCode, code: JSON.parse(body).Code };
    };
    expect(await answered(event)).toEqual({ statusCode: 400, code: 'MissingAccessKeyId' });
    expect(reads).toBe(0);
    estate.logged.length = 0;
    expect(await answered(signedEvent(caller))).toEqual({ statusCode: 500, code: 'InternalError' });
    expect(estate.logged).toMatchObject([{ level: 'error', error: expect.stringContaining('no key yet') }]);
    expect(await answered(signedEvent(caller))).toMatchObject({ statusCode: 500 });
    expect(await answered(signedEvent(caller))).toMatchObject({ statusCode: 400, code: 'InvalidParameter' });
    expect(await answered(signedEvent(caller))).toMatchObject({ statusCode: 400, code: 'InvalidParameter' });
    expect(reads).toBe(3);
  });
});

test("a header of characters beyond bytes is the bytes it was sent as, and in nobody's way", async () => {
  const estate = await newEstate();
  const handler = httpHandler(app, estate.deps);
  const named = (request: HttpEvent) => ({ ...request, headers: { ...request.headers, 'user-agent': '工具 ✓' } });
  expect(await handler(named(event))).toMatchObject({
    statusCode: 400,
    body: expect.stringContaining('MissingAccessKeyId'),
  });
  const answer = await handler(named(signedEvent(await estate.account('Acme'))));
  expect(answer).toMatchObject({ statusCode: 400, body: expect.stringContaining('"InvalidParameter"') });
});

test('cookies, which the API takes out of the headers, are verified as the header they were sent in', async () => {
  const estate = await newEstate();
  const caller = await estate.account('Acme');
  const signed = signVolcengine({
    ...caller,
    nowMs: Date.now(),
    method: 'GET',
    path: '/',
    query: 'Action=GetAccountRelation&Version=2017-12-14',
    headers: { cookie: 'a=1; b=2' },
    body: new Uint8Array(),
  });
  const { cookie, ...headers } = Object.fromEntries(signed.headers);
  const http = { ...event.requestContext.http, method: 'GET' };
  const passedOn = {
    ...event,
    rawPath: '/',
    rawQueryString: signed.url.slice('/?'.length),
    headers,
    cookies: cookie?.split('; ') ?? [],
    requestContext: { http },
  };
  const handler = httpHandler(app, estate.deps);
  expect(await handler(passedOn)).toMatchObject({ body: expect.not.stringContaining('SignatureDoesNotMatch') });
  expect(await handler({ ...passedOn, cookies: ['a=1'] })).toMatchObject({
    body: expect.stringContaining('SignatureDoesNotMatch'),
  });
});

test.each([undefined, null, ''])('an event whose body is %s is a request without one', async (body) => {
  const { deps } = await newEstate();
  const { body: answer, statusCode } = await httpHandler(app, deps)({ ...event, ...(body !== undefined && { body }) });
  expect({ statusCode, code: JSON.parse(answer).Code }).toEqual({ statusCode: 400, code: 'MissingAccessKeyId' });
});
