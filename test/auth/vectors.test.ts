import { describe, expect, it } from 'vitest';
import { byName, byNameThenValue, canonicalQuery, sha256Hex } from '#lib/auth/canonical.ts';
import { decodePairs, splitUrl } from '#lib/auth/encoding.ts';
import { scopedStringToSign, signingKey } from '#lib/auth/scoped.ts';
import { volcengine } from '#lib/auth/volcengine.ts';
import { circumstancesOf, refusalOf, requestOf, type Vector, vectorsIn, verify } from '#test/auth/vectors.ts';

const files = ['acs3-hmac-sha256', 'rpc-hmac-sha1', 'volcengine-hmac-sha256', 'sigv4', 'reference'];
const accepted = files.flatMap(vectorsIn).filter((vector) => vector.expect.result === 'accept');
const named = (vectors: Vector[]) => vectors.map((vector) => [vector.name, vector] as const);

describe('a request as the vendor client sends it', () => {
  it.each(named(accepted))('is accepted: %s', async (_, vector) => {
    const { accessKeyId, nonce, region, service } = vector.expect;
    const identity = await verify(requestOf(vector), circumstancesOf(vector));
    expect(identity).toMatchObject({ keyId: accessKeyId, signedAtMs: Date.parse(vector.now) - 2000 });
    if (nonce !== undefined) expect(identity).toHaveProperty('nonce', nonce);
    if (service !== undefined) expect(identity).toMatchObject({ region, service });
  });

  it('names its scheme', async () => {
    const schemes = new Set<string>();
    for (const vector of accepted) schemes.add((await verify(requestOf(vector), circumstancesOf(vector))).scheme);
    expect([...schemes].sort()).toEqual(['acs3', 'rpc', 'sigv4', 'volcengine']);
  });

  it('is accepted whatever the vendor that is asked', async () => {
    for (const vector of accepted) {
      await expect(
        verify(requestOf(vector), { ...circumstancesOf(vector), vendor: 'volcengine' }),
      ).resolves.toMatchObject({ keyId: vector.expect.accessKeyId });
    }
  });
});

describe('the intermediate results of a signature', () => {
  const alibaba = ['acs3-hmac-sha256', 'rpc-hmac-sha1']
    .flatMap(vectorsIn)
    .filter(({ keys }) => keys.every(({ securityToken }) => securityToken === undefined));
  const volc = vectorsIn('volcengine-hmac-sha256');

  it.each(named(alibaba))('a wrong signature is answered with the string to sign: %s', async (_, vector) => {
    const keys = vector.keys.map((key) => ({ ...key, accessKeySecret: 'other' }));
    const refusal = await refusalOf(requestOf(vector), { ...circumstancesOf(vector), keys });
    expect(refusal?.code).toBe('SignatureDoesNotMatch');
    expect(refusal?.message).toContain(vector.expect.stringToSign);
  });

  it.each(named(volc))('canonical query, key and string to sign are the vendor’s: %s', (_, vector) => {
    const { region = '', service = '', timestamp = '', canonicalRequest = '', hashedPayload } = vector.expect;
    const scope = { keyId: '', day: timestamp.slice(0, 8), region, service };
    const pairs = decodePairs(splitUrl(vector.request.target).query) ?? [];
    const secret = vector.keys[0]?.accessKeySecret ?? '';
    expect(canonicalQuery(pairs, byNameThenValue)).toBe(canonicalRequest.split('\n')[2]);
    expect(sha256Hex(requestOf(vector).body)).toBe(hashedPayload);
    expect(signingKey(secret, scope, volcengine).toString('hex')).toBe(vector.expect.signingKeyHex);
    expect(scopedStringToSign(timestamp, scope, volcengine, canonicalRequest)).toBe(vector.expect.stringToSign);
  });

  it('array members sort as text, so .10 comes before .2, and a name before its own members', () => {
    const pairs = decodePairs('P.2=b&P.10=c&P.1=a&P=x&a=1&B=2') ?? [];
    expect(canonicalQuery(pairs, byName)).toBe('B=2&P=x&P.1=a&P.10=c&P.2=b&a=1');
  });
});
