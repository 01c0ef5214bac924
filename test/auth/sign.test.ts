import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentEncode } from '#lib/auth/encoding.ts';
import { signAcs3 } from '#lib/auth/sign.ts';
import { refusalOf, requestOf, vectorIn, verify } from '#test/auth/vectors.ts';

const key = { accessKeyId: 'AKIDEXAMPLE', accessKeySecret: 'secretExample' };
const nowMs = Date.parse('2026-11-22T03:29:01.250Z');
const call = {
  method: 'POST',
  url: '/?RelationId=51463',
  headers: { Host: '127.0.0.1:4600' },
  body: new Uint8Array(),
  keyId: key.accessKeyId,
  secret: key.accessKeySecret,
  action: 'ConfirmRelation',
  version: '2017-12-14',
  nonce: 'nonce-1',
  nowMs,
};

describe('signing a call', () => {
  it('gives the headers the vendor client gives', () => {
    const vector = vectorIn('acs3-hmac-sha256', 'bss-add-account-relation-post-query');
    const { method, url, headers, body } = requestOf(vector);
    const signed = signAcs3({
      ...call,
      method,
      url,
      body,
      headers: { host: '127.0.0.1:18080', 'x-acs-credentials-provider': 'static_ak' },
      action: 'AddAccountRelation',
      nonce: vector.expect.nonce ?? '',
      nowMs: Date.parse(vector.now) - 2000,
    });
    expect(signed['authorization']).toBe(headers.get('authorization'));
    expect(signed).toMatchObject({ host: '127.0.0.1:18080', 'x-acs-date': '2026-11-22T03:28:59Z' });
  });

  it('gives a request that verifies, whatever its parameters, body and further headers', async () => {
    const text = fc.string({ unit: 'grapheme' });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, text)), fc.uint8Array(), async (pairs, body) => {
        const url = `/bss/X?${pairs.map((pair) => pair.map(percentEncode).join('=')).join('&')}`;
        const headers = signAcs3({ ...call, url, body, headers: { ...call.headers, 'Content-Type': 'text/plain' } });
        const request = { method: 'POST', url, body, headers: new Headers(headers) };
        const identity = await verify(request, { keys: [key], nowMs });
        expect(identity).toEqual({ scheme: 'acs3', keyId: key.accessKeyId, nonce: 'nonce-1', signedAtMs: nowMs - 250 });
      }),
    );
  });

  it('covers a security token', async () => {
    const headers = signAcs3({ ...call, headers: { ...call.headers, 'x-acs-security-token': 'token' } });
    const request = { method: 'POST', url: call.url, body: call.body, headers: new Headers(headers) };
    expect(await refusalOf(request, { keys: [{ ...key, securityToken: 'token' }], nowMs })).toBeUndefined();
  });

  it('refuses a query that is not percent-encoded UTF-8', () => {
    expect(() => signAcs3({ ...call, url: '/?a=%' })).toThrow(TypeError);
  });
});
