import { describe, expect, it } from 'vitest';
import type { RawRequest } from '#lib/auth/authenticate.ts';
import { percentEncode } from '#lib/auth/encoding.ts';
import { circumstancesOf, refusalOf, requestOf, vectorIn, verify, withHeaders } from '#test/auth/vectors.ts';

const inQuery = vectorIn('rpc-hmac-sha1', 'pop-promote-get');
const inForm = vectorIn('rpc-hmac-sha1', 'pop-promote-post');
const inBoth = vectorIn('rpc-hmac-sha1', 'generic-enroll-account-v2-query-and-body');
const withArray = vectorIn('rpc-hmac-sha1', 'bss-confirm-relation-v2-post');
const temporary = vectorIn('rpc-hmac-sha1', 'pop-sts-token-post');

const good = circumstancesOf(inQuery);
const request = requestOf(inQuery);
const mismatch = { code: 'SignatureDoesNotMatch', status: 400 };

function rewritten(source: RawRequest, from: string | RegExp, to: string): RawRequest {
  const url = source.url.replace(from, to);
  const body = Buffer.from(Buffer.from(source.body).toString().replace(from, to));
  expect(url !== source.url || !body.equals(source.body)).toBe(true);
  return { ...source, url, body };
}

describe('an RPC request that is not what was signed is refused as SignatureDoesNotMatch', () => {
  it.each<[string, RawRequest]>([
    ['a changed parameter', rewritten(request, 'AccountId=1', 'AccountId=2')],
    ['an added parameter', { ...request, url: `${request.url}&DryRun=true` }],
    ['a removed parameter', rewritten(request, '&Empty=', '')],
    ['another action', rewritten(request, 'PromoteResourceAccount', 'GetAccount')],
    ['another nonce', rewritten(request, /SignatureNonce=\w/, 'SignatureNonce=z')],
    ['another method', { ...request, method: 'POST' }],
    ['an unsigned duplicate in the query', { ...request, url: `${request.url}&Action=GetAccount` }],
    [
      'an unsigned duplicate in a form body',
      {
        ...withHeaders(request, { 'content-type': 'application/x-www-form-urlencoded' }),
        body: Buffer.from('AccountId=1'),
      },
    ],
  ])('%s', async (_, changed) => {
    expect(await refusalOf(changed, good)).toMatchObject(mismatch);
  });

  it.each<[string, RawRequest]>([
    ['a changed form parameter', rewritten(requestOf(inForm), 'some%2Bone', 'another')],
    ['an unsigned duplicate of a form parameter', { ...requestOf(inForm), url: '/?AccountId=1' }],
  ])('%s', async (_, changed) => {
    expect(await refusalOf(changed, circumstancesOf(inForm))).toMatchObject(mismatch);
  });

  it('two array members exchanged', async () => {
    const changed = rewritten(requestOf(withArray), 'Codes.1=A&PermissionCodes.2=B', 'Codes.1=B&PermissionCodes.2=A');
    expect(await refusalOf(changed, circumstancesOf(withArray))).toMatchObject(mismatch);
  });

  it('another secret', async () => {
    const keys = good.keys.map((key) => ({ ...key, accessKeySecret: 'other' }));
    expect(await refusalOf(request, { ...good, keys })).toMatchObject(mismatch);
  });
});

describe('an RPC request that is malformed is refused', () => {
  it.each(['AccessKeyId', 'SignatureMethod', 'SignatureVersion', 'SignatureNonce', 'Timestamp'])(
    'without %s',
    async (name) => {
      const expected = { code: `Missing${name}`, status: 400, message: `${name} is mandatory for this action.` };
      const missing = rewritten(request, new RegExp(`\\b${name}=[^&]*&`), '');
      const empty = rewritten(request, new RegExp(`\\b${name}=[^&]*`), `${name}=`);
      expect(await refusalOf(missing, good)).toMatchObject(expected);
      expect(await refusalOf(empty, good)).toMatchObject(expected);
    },
  );

  it.each<[string, RawRequest]>([
    ['without a signature', rewritten(request, /&Signature=.*/, '')],
    ['with a signature cut short', rewritten(request, /Signature=.*/, 'Signature=t8AL')],
    ['with two signatures', { ...request, url: `${request.url}&Signature=t8AL` }],
    ['with a broken escape', { ...request, url: `${request.url}%` }],
    ['with a form that is not UTF-8', { ...requestOf(inForm), body: Uint8Array.of(0x61, 0x3d, 0xff) }],
    ['with a body that the signature cannot cover', { ...request, body: Buffer.from('{"AccountId":"1"}') }],
  ])('%s: IncompleteSignature', async (_, changed) => {
    expect(await refusalOf(changed, good)).toMatchObject({ code: 'IncompleteSignature', status: 400 });
  });

  it.each<[string, RawRequest, string]>([
    ['by another method', rewritten(request, 'Method=HMAC-SHA1', 'Method=HMAC-SHA256'), 'InvalidSignatureMethod'],
    [
      'of another version',
      rewritten(request, 'SignatureVersion=1.0', 'SignatureVersion=2.0'),
      'InvalidParameter.SignatureVersion',
    ],
    [
      'at a time in another form',
      rewritten(request, /Timestamp=[^&]*/, 'Timestamp=20261122T032859Z'),
      'InvalidTimeStamp.Format',
    ],
    ['not signed at all', { ...request, url: '/?Action=GetAccount&Version=2020-03-31' }, 'MissingAccessKeyId'],
  ])('%s', async (_, changed, code) => {
    expect(await refusalOf(changed, good)).toMatchObject({ code, status: 400 });
  });
});

describe('the access key of an RPC request', () => {
  it('that is unknown is not found', async () => {
    const refusal = await refusalOf(request, { ...good, keys: [] });
    expect(refusal).toMatchObject({ code: 'InvalidAccessKeyId.NotFound', status: 404 });
  });

  it('that is disabled is refused', async () => {
    const refusal = await refusalOf(request, { ...good, active: false });
    expect(refusal).toMatchObject({ code: 'InvalidAccessKeyId.Inactive', status: 400 });
  });

  it('that is temporary needs its own token', async () => {
    const sts = circumstancesOf(temporary);
    const removed = rewritten(requestOf(temporary), /&SecurityToken=[^&]*/, '');
    const changed = rewritten(requestOf(temporary), /SecurityToken=[^&]*/, 'SecurityToken=other');
    expect(await refusalOf(removed, sts)).toMatchObject({ code: 'MissingSecurityToken', status: 400 });
    expect(await refusalOf(changed, sts)).toMatchObject({
      code: 'InvalidSecurityToken.MismatchWithAccessKey',
      status: 400,
    });
  });
});

describe('an RPC request is accepted', () => {
  it('on any path, because the path is not signed', async () => {
    const moved = { ...request, url: request.url.replace('/?', '/resource-manager/PromoteResourceAccount?') };
    expect(await verify(moved, good)).toMatchObject({ scheme: 'rpc' });
  });

  it('with its form parameters in any order', async () => {
    const form = Buffer.from(requestOf(inBoth).body).toString().split('&').reverse().join('&');
    expect(await verify({ ...requestOf(inBoth), body: Buffer.from(form) }, circumstancesOf(inBoth))).toBeDefined();
  });
});

it('the string to sign in a refusal does not show the token', async () => {
  const sts = circumstancesOf(temporary);
  const keys = sts.keys.map((key) => ({ ...key, accessKeySecret: 'other' }));
  const refusal = await refusalOf(requestOf(temporary), { ...sts, keys });
  const token = keys[0]?.securityToken ?? '';
  expect(refusal?.message).toContain('SecurityToken%3D***%26');
  expect(refusal?.message).not.toContain(percentEncode(percentEncode(token)));
});

it('the string to sign in a refusal is cut off, however much was sent', async () => {
  const long = { ...request, url: `${request.url}&Note=${'x'.repeat(100_000)}` };
  const refusal = await refusalOf(long, good);
  expect(refusal).toMatchObject(mismatch);
  expect(refusal?.message.length).toBeLessThan(4500);
});
