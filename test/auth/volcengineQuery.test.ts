import { describe, expect, it } from 'vitest';
import type { RawRequest } from '#lib/auth/authenticate.ts';
import { signVolcengineQuery } from '#test/auth/signers.ts';
import { circumstancesOf, refusalOf, requestOf, vectorIn, verify } from '#test/auth/vectors.ts';

const vector = vectorIn('reference', 'V6');
const good = circumstancesOf(vector);
const request = requestOf(vector);
const nowMs = Date.parse('2026-11-22T03:29:01Z');
const key = { accessKeyId: 'AKIDEXAMPLE', accessKeySecret: 'secretExample' };
const signing = {
  keyId: key.accessKeyId,
  secret: key.accessKeySecret,
  nowMs,
  method: 'GET',
  path: '/',
  body: new Uint8Array(),
  params: { Action: 'ListInvitation', Version: '2022-01-01' },
  list: true,
};
const at = (offsetMs: number) => ({ keys: [key], nowMs: nowMs + offsetMs });
const rewrite = (from: string | RegExp, to: string): RawRequest => ({ ...request, url: request.url.replace(from, to) });

describe('a request signed in the query', () => {
  it('is accepted without a list of signed parameters: then all are', async () => {
    const signed = signVolcengineQuery({ ...signing, list: false });
    expect(await verify(signed, at(0))).toMatchObject({ scheme: 'volcengine', service: 'billing' });
    expect(await refusalOf({ ...signed, url: `${signed.url}&DryRun=true` }, at(0))).toMatchObject({ status: 401 });
    expect(await refusalOf({ ...signed, url: `${signed.url}&X-Signature=0` }, at(0))).toBeDefined();
  });

  it('covers a body unless it says X-NotSignBody', async () => {
    const signed = signVolcengineQuery({ ...signing, method: 'POST', body: Buffer.from('{}') });
    expect(await refusalOf(signed, at(0))).toBeUndefined();
    const changed = await refusalOf({ ...signed, body: Buffer.from('[]') }, at(0));
    expect(changed).toMatchObject({ code: 'SignatureDoesNotMatch', status: 401 });
  });

  it('with X-NotSignBody cannot carry a body', async () => {
    const refusal = await refusalOf({ ...request, body: Buffer.from('{}') }, good);
    expect(refusal).toMatchObject({ code: 'SignatureDoesNotMatch', status: 401, number: 100010 });
  });

  it.each<[string, RawRequest]>([
    ['an added parameter', rewrite('/?', '/?DryRun=true&')],
    ['a repeated parameter', rewrite('/?', '/?Action=ListInvitation&')],
    ['another action', rewrite('ListInvitation', 'ListFinancialRelation')],
    ['a signed parameter taken off the list', rewrite('Action%3BVersion', 'Action')],
    ['a parameter put on the list', rewrite('SignedQueries=', 'SignedQueries=Foo%3B')],
    ['a repeated list', rewrite('/?', '/?X-SignedQueries=Action&')],
    ['an unsigned validity', rewrite('/?', '/?X-Expires=604800&')],
    ['another region', rewrite('cn-north-1', 'cn-beijing')],
    ['another method', { ...request, method: 'POST' }],
  ])('is refused with %s', async (_, changed) => {
    expect(await refusalOf(changed, good)).toMatchObject({ code: 'SignatureDoesNotMatch', status: 401 });
  });

  it.each<[string, RawRequest, string, number]>([
    ['without X-Signature', rewrite(/&X-Signature=.*/, ''), 'MissingSignature', 401],
    ['with X-Signature cut short', rewrite(/.$/, ''), 'InvalidAuthorization', 400],
    ['without X-Credential', rewrite(/X-Credential=[^&]*&/, ''), 'InvalidCredential', 400],
    ['without X-Date', rewrite(/X-Date=[^&]*&/, ''), 'MissingRequestInfo', 400],
    ['without X-Algorithm', rewrite(/X-Algorithm=[^&]*&/, ''), 'InvalidAuthorization', 400],
    ['by another algorithm', rewrite('X-Algorithm=HMAC-SHA256', 'X-Algorithm=HMAC-SHA1'), 'InvalidAuthorization', 400],
    ['with another day in the scope', rewrite('%2F20240411', '%2F20240410'), 'InvalidCredential', 400],
    [
      'with signed headers that are no names',
      rewrite('SignedHeaders=', 'SignedHeaders=%3B'),
      'InvalidAuthorization',
      400,
    ],
    ['with a validity that is no number', rewrite('/?', '/?X-Expires=soon&'), 'InvalidAuthorization', 400],
    ['with a validity beyond a week', rewrite('/?', '/?X-Expires=604801&'), 'InvalidAuthorization', 400],
  ])('is refused %s', async (_, changed, code, status) => {
    expect(await refusalOf(changed, good)).toMatchObject({ code, status });
  });

  it('is valid for X-Expires seconds, and 15 minutes without it', async () => {
    const expired = { code: 'InvalidTimestamp', status: 400, number: 100006 };
    const short = signVolcengineQuery({ ...signing, params: { ...signing.params, 'X-Expires': '60' } });
    const long = signVolcengineQuery({ ...signing, params: { ...signing.params, 'X-Expires': '3600' } });
    expect(await refusalOf(short, at(60_000))).toBeUndefined();
    expect(await refusalOf(short, at(61_000))).toMatchObject(expired);
    expect(await refusalOf(long, at(3_600_000))).toBeUndefined();
    expect(await refusalOf(long, at(3_601_000))).toMatchObject(expired);
    expect(await refusalOf(long, at(-901_000))).toMatchObject(expired);
    expect(await refusalOf(signVolcengineQuery(signing), at(901_000))).toMatchObject(expired);
  });

  it('with temporary credentials carries its token, signed or not', async () => {
    const keys = [{ ...key, securityToken: 'token+1' }];
    const signed = signVolcengineQuery(signing);
    const withToken = { ...signed, url: `${signed.url}&X-Security-Token=token%2B1` };
    expect(await refusalOf(withToken, { ...at(0), keys })).toBeUndefined();
    expect(await refusalOf(signed, { ...at(0), keys })).toMatchObject({ code: 'InvalidSecretToken', status: 401 });
    expect(await refusalOf(withToken, at(0))).toMatchObject({ code: 'InvalidSecretToken', status: 401 });
  });
});
