import { describe, expect, it } from 'vitest';
import type { RawRequest } from '#lib/auth/authenticate.ts';
import { sha256Hex } from '#lib/auth/canonical.ts';
import { signVolcengine } from '#test/auth/signers.ts';
import {
  circumstancesOf,
  refusalOf,
  requestOf,
  vectorIn,
  verify,
  withAuthorization,
  withHeaders,
} from '#test/auth/vectors.ts';

const file = 'volcengine-hmac-sha256';
const post = vectorIn(file, 'openapi-delete-post-json');
const get = vectorIn(file, 'openapi-delete-get');
const withHost = vectorIn(file, 'sdk-core-list-post-json');
const temporary = vectorIn(file, 'openapi-sts-post-json');
const fromGo = vectorIn('reference', 'V3');

const good = circumstancesOf(post);
const request = requestOf(post);
const otherBody = Buffer.from('{"SubAccountID":1}');
const mismatch = { code: 'SignatureDoesNotMatch', status: 401, number: 100010 };
const respell = (from: string | RegExp, to: string) => withAuthorization(request, (text) => text.replace(from, to));

describe('a Volcengine request that is not what was signed is refused as SignatureDoesNotMatch', () => {
  it.each<[string, RawRequest]>([
    ['another action', { ...request, url: request.url.replace('Delete', 'Create') }],
    ['an added parameter', { ...request, url: `${request.url}&DryRun=true` }],
    ['a removed parameter', { ...request, url: '/?Action=DeleteFinancialRelation' }],
    ['another method', { ...request, method: 'PUT' }],
    ['another path', { ...request, url: request.url.replace('/?', '/billing?') }],
    ['another region in the scope', respell('cn-north-1', 'cn-beijing')],
    ['another service in the scope', respell('billing', 'iam')],
    ['a changed body with the old hash', { ...request, body: otherBody }],
    [
      'a changed body with a new hash',
      { ...withHeaders(request, { 'x-content-sha256': sha256Hex(otherBody) }), body: otherBody },
    ],
    ['no body', { ...request, body: new Uint8Array() }],
    ['a later date', withHeaders(request, { 'x-date': '20261122T032900Z' })],
  ])('%s', async (_, changed) => {
    expect(await refusalOf(changed, good)).toMatchObject(mismatch);
  });

  it('a body added to a request signed without one', async () => {
    const added = { ...requestOf(get), body: otherBody };
    expect(await refusalOf(added, circumstancesOf(get))).toMatchObject(mismatch);
    const hashed = withHeaders(added, { 'x-content-sha256': sha256Hex(otherBody) });
    expect(await refusalOf(hashed, circumstancesOf(get))).toMatchObject(mismatch);
  });

  it('an unsigned body hash that is not the body’s', async () => {
    const changed = withHeaders(requestOf(get), { 'x-content-sha256': sha256Hex(otherBody) });
    expect(await refusalOf(changed, circumstancesOf(get))).toMatchObject(mismatch);
  });

  it('a repeated parameter with another value', async () => {
    const changed = { ...requestOf(get), url: requestOf(get).url.replace('Arr=a', 'Arr=b') };
    expect(await refusalOf(changed, circumstancesOf(get))).toMatchObject(mismatch);
  });

  it('another signed host', async () => {
    const changed = withHeaders(requestOf(withHost), { host: 'billing.volcengineapi.com' });
    expect(await refusalOf(changed, circumstancesOf(withHost))).toMatchObject(mismatch);
  });

  it('another signed content type', async () => {
    const changed = withHeaders(requestOf(fromGo), { 'content-type': 'text/plain' });
    expect(await refusalOf(changed, circumstancesOf(fromGo))).toMatchObject(mismatch);
  });

  it('another secret', async () => {
    const keys = good.keys.map((key) => ({ ...key, accessKeySecret: 'other' }));
    expect(await refusalOf(request, { ...good, keys })).toMatchObject(mismatch);
  });
});

describe('a Volcengine request that is malformed is refused', () => {
  const authorizationError = ['InvalidAuthorization', 400, 100024] as const;
  const credentialError = ['InvalidCredential', 400, 100025] as const;
  it.each<[string, RawRequest, readonly [string, number, number]]>([
    ['without X-Date', withHeaders(request, { 'x-date': undefined }), ['MissingRequestInfo', 400, 100004]],
    [
      'with X-Date in another form',
      withHeaders(request, { 'x-date': '2026-11-22T03:28:59Z' }),
      ['InvalidTimestamp', 400, 100006],
    ],
    ['without a signature', respell(/, Signature=.*/, ''), ['MissingSignature', 401, 100005]],
    ['with a signature cut short', respell(/.$/, ''), authorizationError],
    ['without signed headers', respell(/ SignedHeaders=[^,]*,/, ''), authorizationError],
    ['with X-Date unsigned', respell(';x-date', ''), authorizationError],
    ['with an unknown field', respell(/$/, ', Extra=1'), authorizationError],
    ['with a broken escape', { ...request, url: `${request.url}%` }, authorizationError],
    ['of a scheme nobody knows', withAuthorization(request, () => 'Bearer token'), authorizationError],
    ['with nothing in Authorization', withAuthorization(request, () => 'HMAC-SHA256'), credentialError],
    ['without a credential', respell(/ Credential=[^,]*,/, ''), credentialError],
    ['with a credential cut short', respell(/\/request.*/, ''), credentialError],
    ['with another end of the scope', respell('/request', '/aws4_request'), credentialError],
    ['with another date in the scope', respell('/20261122/', '/20261121/'), credentialError],
    [
      'without Authorization',
      withHeaders(request, { authorization: undefined }),
      ['MissingAuthenticationToken', 401, 100003],
    ],
  ])('%s', async (_, changed, [code, status, number]) => {
    expect(await refusalOf(changed, { ...good, vendor: 'volcengine' })).toMatchObject({ code, status, number });
  });
});

describe('the access key of a Volcengine request', () => {
  it('that is unknown or disabled is invalid', async () => {
    const expected = { code: 'InvalidAccessKey', status: 401, number: 100009 };
    const message = 'The accesskey [AKIDEXAMPLE] included in the request is invalid.';
    expect(await refusalOf(request, { ...good, keys: [] })).toMatchObject({ ...expected, message });
    expect(await refusalOf(request, { ...good, active: false })).toMatchObject(expected);
  });

  it('that is temporary needs its own token', async () => {
    const expected = { code: 'InvalidSecretToken', status: 401, number: 100026 };
    for (const token of [undefined, 'other']) {
      const changed = withHeaders(requestOf(temporary), { 'x-security-token': token });
      expect(await refusalOf(changed, circumstancesOf(temporary))).toMatchObject(expected);
    }
    const refusal = await refusalOf(withHeaders(request, { 'x-security-token': 'other' }), good);
    expect(refusal).toMatchObject(expected);
  });
});

describe('the legal spellings of a Volcengine request', () => {
  const signing = { keyId: 'AKIDEXAMPLE', secret: 'secretExample', nowMs: good.nowMs, method: 'GET', body: otherBody };

  it.each(['z=1&Arr=b&Arr=a', 'Arr=a&z=1&Arr=b'])(
    'repeated names may be signed in the order sent: %s',
    async (query) => {
      const signed = signVolcengine({
        ...signing,
        path: '/',
        query,
        signedQuery: query.split('&').sort(byNameOnly).join('&'),
      });
      expect(await verify(signed, good)).toMatchObject({ scheme: 'volcengine' });
    },
  );

  it.each(['80', '443'])('the host may be signed without :%s', async (port) => {
    const signed = signVolcengine({ ...signing, path: '/', query: 'A=1', headers: { host: 'a.example' } });
    expect(await refusalOf(withHeaders(signed, { host: `a.example:${port}` }), good)).toBeUndefined();
    expect(await refusalOf(withHeaders(signed, { host: 'a.example:8080' }), good)).toMatchObject(mismatch);
  });

  it('the region may be empty, as the Python client sends it', async () => {
    const signed = signVolcengine({ ...signing, path: '/billing/X', query: 'A=1', region: '' });
    expect(await verify(signed, good)).toMatchObject({ region: '', service: 'billing' });
  });

  it('signed headers may be listed in any order, which is the order they are signed in', async () => {
    const names = ['host', 'x-date', 'x-content-sha256', 'content-type'];
    const headers = { host: 'a.example', 'x-content-sha256': sha256Hex(otherBody), 'content-type': 'application/json' };
    const signed = signVolcengine({ ...signing, method: 'POST', path: '/', query: 'A=1', headers, order: names });
    expect(signed.headers.get('authorization')).toContain(`SignedHeaders=${names.join(';')},`);
    expect(await refusalOf(signed, good)).toBeUndefined();
    const sorted = withAuthorization(signed, (text) => text.replace(names.join(';'), names.toSorted().join(';')));
    expect(await refusalOf(sorted, good)).toMatchObject(mismatch);
  });

  it('blanks within a signed header may be signed as they are sent', async () => {
    const signed = signVolcengine({ ...signing, path: '/', query: '', headers: { 'x-note': 'a   b' } });
    expect(await refusalOf(signed, good)).toBeUndefined();
  });

  it('runs of blanks in a signed header count as one', async () => {
    const signed = signVolcengine({ ...signing, path: '/', query: '', headers: { 'x-note': 'a b' } });
    expect(await refusalOf(withHeaders(signed, { 'x-note': 'a \t  b' }), good)).toBeUndefined();
  });

  it('the same request may come twice: there is no nonce', async () => {
    expect(await verify(request, good)).not.toHaveProperty('nonce');
  });
});

function byNameOnly(a: string, b: string): number {
  const [left = '', right = ''] = [a.split('=')[0], b.split('=')[0]];
  return left < right ? -1 : Number(left > right);
}
