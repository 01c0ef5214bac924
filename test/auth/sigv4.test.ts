import { describe, expect, it } from 'vitest';
import type { RawRequest } from '#lib/auth/authenticate.ts';
import { hmacSha256, hmacSha256Hex, sha256Hex } from '#lib/auth/canonical.ts';
import { circumstancesOf, refusalOf, requestOf, vectorIn, withAuthorization, withHeaders } from '#test/auth/vectors.ts';

const form = vectorIn('sigv4', 'curl-post-form');
const hashed = vectorIn('sigv4', 'curl-post-json-content-sha256');
const unsorted = vectorIn('sigv4', 'curl-get-unsorted-query-empty-bare-lower-case-plus');
const temporary = vectorIn('sigv4', 'smithy-post-json-session-token');
const unsigned = vectorIn('sigv4', 'curl-post-unsigned-payload');

const good = circumstancesOf(form);
const request = requestOf(form);
const otherBody = Buffer.from('RelationId=1');
const mismatch = { code: 'SignatureDoesNotMatch', status: 403 };
const respell = (from: string | RegExp, to: string) => withAuthorization(request, (text) => text.replace(from, to));

describe('a SigV4 request that is not what was signed is refused as SignatureDoesNotMatch', () => {
  it.each<[string, RawRequest]>([
    ['another path', { ...request, url: '/bss/RelieveAccountRelation' }],
    ['an added parameter', { ...request, url: `${request.url}?DryRun=true` }],
    ['another method', { ...request, method: 'PUT' }],
    ['another host', withHeaders(request, { host: 'api.example.com' })],
    ['a changed body', { ...request, body: otherBody }],
    ['no body', { ...request, body: new Uint8Array() }],
    ['another region in the scope', respell('/local/', '/other/')],
    ['another service in the scope', respell('/tributary/', '/s3/')],
    ['another date in the scope', respell('/20261122/', '/20261121/')],
  ])('%s', async (_, changed) => {
    expect(await refusalOf(changed, good)).toMatchObject(mismatch);
  });

  it('a changed body with the old hash or a new one', async () => {
    const changed = { ...requestOf(hashed), body: otherBody };
    expect(await refusalOf(changed, circumstancesOf(hashed))).toMatchObject(mismatch);
    const rehashed = withHeaders(changed, { 'x-amz-content-sha256': sha256Hex(otherBody) });
    expect(await refusalOf(rehashed, circumstancesOf(hashed))).toMatchObject(mismatch);
  });

  it('another signed content type', async () => {
    const changed = withHeaders(requestOf(hashed), { 'content-type': 'text/plain' });
    expect(await refusalOf(changed, circumstancesOf(hashed))).toMatchObject(mismatch);
  });

  it('a query of curl 7 in another order', async () => {
    const changed = { ...requestOf(unsorted), url: requestOf(unsorted).url.replace('b=2&a=1', 'a=1&b=2') };
    expect(await refusalOf(changed, circumstancesOf(unsorted))).toMatchObject(mismatch);
  });

  it('another secret', async () => {
    const keys = good.keys.map((key) => ({ ...key, accessKeySecret: 'other' }));
    expect(await refusalOf(request, { ...good, keys })).toMatchObject(mismatch);
  });
});

describe('a SigV4 request that is malformed is refused as IncompleteSignature', () => {
  it.each<[string, RawRequest]>([
    ['without X-Amz-Date', withHeaders(request, { 'x-amz-date': undefined })],
    ['with X-Amz-Date in another form', withHeaders(request, { 'x-amz-date': '2026-11-22T03:28:59Z' })],
    ['with X-Amz-Date unsigned', respell(';x-amz-date', '')],
    ['with Host unsigned', respell('host;', '')],
    ['with an x-amz-* header unsigned', withHeaders(request, { 'x-amz-target': 'ConfirmRelation' })],
    ['with an unsigned payload', requestOf(unsigned)],
    ['with Authorization cut short', respell(/.$/, '')],
    ['with nothing in Authorization', withAuthorization(request, () => 'AWS4-HMAC-SHA256')],
    ['with a credential cut short', respell('/aws4_request', '')],
    ['with an unknown field', respell(/$/, ', Extra=1')],
    ['with a broken escape', { ...request, url: `${request.url}?a=%` }],
  ])('%s', async (_, changed) => {
    expect(await refusalOf(changed, good)).toMatchObject({ code: 'IncompleteSignature', status: 400 });
  });
});

describe('a SigV4 signature in the query is told not to be taken, and', () => {
  const names = [
    'X-Amz-Algorithm',
    'X-Amz-Credential',
    'X-Amz-Date',
    'X-Amz-Expires',
    'X-Amz-SignedHeaders',
    'X-Amz-Signature',
  ];
  const presigned = (sent: readonly string[]) => ({
    ...withHeaders(request, { authorization: undefined, 'content-type': undefined }),
    url: `/?Action=ListInvitation&Version=2022-01-01&${sent.map((name) => `${name}=a`).join('&')}`,
    body: new Uint8Array(),
  });

  it.each([
    ...names.map((name) => [name, names.filter((other) => other !== name)] as const),
    ['X-Amz-Signature', names.with(5, 'X-Amz-Signatur')] as const,
    ['X-Amz-Credential', names.map((name) => name.toLowerCase())] as const,
  ])('to lack %s', async (name, sent) => {
    for (const vendor of ['alibaba', 'volcengine'] as const) {
      expect(await refusalOf(presigned(sent), { ...good, vendor })).toMatchObject({
        code: 'IncompleteSignature',
        status: 400,
        message: expect.stringContaining(`must include '${name}'`),
      });
    }
  });

  it('nothing else, if it is complete', async () => {
    const { message = '' } = (await refusalOf(presigned(names), good)) ?? {};
    expect(message).toContain("'Authorization' header");
    expect(message).not.toContain('must include');
  });
});

describe('the access key of a SigV4 request', () => {
  const invalid = { code: 'InvalidClientTokenId', status: 403 };

  it('that is unknown or disabled is invalid', async () => {
    expect(await refusalOf(request, { ...good, keys: [] })).toMatchObject(invalid);
    expect(await refusalOf(request, { ...good, active: false })).toMatchObject(invalid);
  });

  it('that is temporary needs its own token', async () => {
    const removed = withHeaders(requestOf(temporary), { 'x-amz-security-token': undefined });
    const changed = withHeaders(requestOf(temporary), { 'x-amz-security-token': 'other' });
    expect(await refusalOf(removed, circumstancesOf(temporary))).toMatchObject(invalid);
    expect(await refusalOf(changed, circumstancesOf(temporary))).toMatchObject(invalid);
  });
});

it('a SigV4 request 15 minutes and a second old has expired', async () => {
  const refusal = await refusalOf(request, { ...good, nowMs: good.nowMs + 899_000 });
  expect(refusal).toMatchObject({ code: 'RequestExpired', status: 400 });
});

describe('the legal spellings of a SigV4 request', () => {
  const [{ accessKeyId: keyId, accessKeySecret: secret } = { accessKeyId: '', accessKeySecret: '' }] = good.keys;
  const date = '20261122T032901Z';
  const accepted = { ...good, nowMs: Date.parse('2026-11-22T03:29:01Z') };

  /** A request whose sender signs `signed` where it sends `sent`. */
  function spelt(sent: Partial<Spelling>, signed: Partial<Spelling> = {}): RawRequest {
    const plain: Spelling = { path: '/', query: '', headers: [['x-amz-date', date]], body: '' };
    const [wire, text] = [
      { ...plain, ...sent },
      { ...plain, ...sent, ...signed },
    ];
    const all: [string, string][] = [['host', 'a.example'], ...text.headers];
    const names = [...new Set(all.map(([name]) => name))].toSorted();
    const lines = names.map(
      (name) => `${name}:${all.flatMap(([other, value]) => (other === name ? [value] : [])).join(',')}\n`,
    );
    const canonical = ['POST', text.path, text.query, lines.join(''), names.join(';'), sha256Hex(text.body)].join('\n');
    const scope = `${date.slice(0, 8)}/local/tributary/aws4_request`;
    const key = scope.split('/').reduce((chain: string | Buffer, part) => hmacSha256(chain, part), `AWS4${secret}`);
    const signature = hmacSha256Hex(key, ['AWS4-HMAC-SHA256', date, scope, sha256Hex(canonical)].join('\n'));
    const authorization = `AWS4-HMAC-SHA256 Credential=${keyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
    const headers = new Headers([['host', 'a.example'], ...wire.headers, ...(wire.unsigned ?? [])]);
    headers.set('authorization', authorization);
    return {
      method: 'POST',
      url: `${wire.path}${wire.query && `?${wire.query}`}`,
      headers,
      body: Buffer.from(wire.body),
    };
  }
  interface Spelling {
    path: string;
    query: string;
    headers: [name: string, value: string][];
    unsigned?: [name: string, value: string][];
    body: string;
  }
  const dated = (...more: [string, string][]): [string, string][] => [['x-amz-date', date], ...more];

  it.each<[string, RawRequest]>([
    ['a Date instead of an X-Amz-Date', spelt({ headers: [['date', 'Sun, 22 Nov 2026 03:29:01 GMT']] })],
    ['a Date as Python writes it', spelt({ headers: [['date', 'Sun, 22 Nov 2026 03:29:01 -0000']] })],
    ['a Date that is not signed', spelt({ headers: [], unsigned: [['date', 'Sun, 22 Nov 2026 03:29:01 GMT']] })],
    ['an unsigned hash of the body', spelt({ body: '{}', unsigned: [['x-amz-content-sha256', sha256Hex('{}')]] })],
    ['a header of several values', spelt({ headers: dated(['x-note', 'b'], ['x-note', 'a']) })],
    ['a header of one value with a comma', spelt({ headers: dated(['x-note', 'b, a']) })],
    [
      'blanks around and within a value',
      spelt({ headers: dated(['x-note', ' a \t  b ']) }, { headers: dated(['x-note', 'a b']) }),
    ],
    [
      'a value that ends in a byte which some take for a blank',
      spelt(
        { headers: dated(['x-note', Buffer.from('voilà').toString('latin1')]) },
        { headers: dated(['x-note', 'voilà']) },
      ),
    ],
    ['a path encoded once more', spelt({ path: '/a%20b/c' }, { path: '/a%2520b/c' })],
    ['a path as it is sent', spelt({ path: '/a%20b/c' })],
    [
      'a path without its dot segments',
      spelt({ path: '/x/../bss/./GetAccountRelation' }, { path: '/bss/GetAccountRelation' }),
    ],
    ['a path without the dot segment it ends in', spelt({ path: '/bss/x/.' }, { path: '/bss/x' })],
    ['a path without the two it ends in', spelt({ path: '/bss/x/..' }, { path: '/bss' })],
    ['a path that ends in a dot segment, and so in a slash', spelt({ path: '/bss/x/..' }, { path: '/bss/' })],
    ['a path without its doubled slashes', spelt({ path: '//bss///x/' }, { path: '/bss/x/' })],
    ['a query in the escapes it is sent in, sorted', spelt({ query: 'b=x+y&a' }, { query: 'a=&b=x+y' })],
  ])('%s', async (_, changed) => {
    expect(await refusalOf(changed, accepted)).toBeUndefined();
  });

  it('an unsigned hash that is not the body’s is refused', async () => {
    const changed = spelt({ body: '{}', unsigned: [['x-amz-content-sha256', sha256Hex('[]')]] });
    expect(await refusalOf(changed, accepted)).toMatchObject(mismatch);
  });

  it('a path that is another when it is encoded once more is refused', async () => {
    expect(await refusalOf(spelt({ path: '/a/b' }, { path: '/a/../b' }), accepted)).toMatchObject(mismatch);
  });
});
