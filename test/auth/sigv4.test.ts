import { describe, expect, it } from 'vitest';
import type { RawRequest } from '#lib/auth/authenticate.ts';
import { sha256Hex } from '#lib/auth/canonical.ts';
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
