import { describe, expect, it } from 'vitest';
import { authenticate, type RawRequest } from '#lib/auth/authenticate.ts';
import { circumstancesOf, refusalOf, requestOf, vectorIn, vectorsIn, withHeaders } from '#test/auth/vectors.ts';

const nobody = { keys: [], nowMs: 0 };
const bare: RawRequest = { method: 'POST', url: '/?Action=X', headers: new Headers(), body: new Uint8Array() };
const vectors = ['acs3-hmac-sha256', 'rpc-hmac-sha1', 'volcengine-hmac-sha256', 'sigv4', 'reference'].flatMap(
  vectorsIn,
);

describe('a request without authentication', () => {
  it('is answered with the codes of the vendor that is asked', async () => {
    expect(await refusalOf(bare, nobody)).toMatchObject({ code: 'MissingAccessKeyId', status: 400 });
    expect(await refusalOf(bare, { ...nobody, vendor: 'volcengine' })).toMatchObject({
      code: 'MissingAuthenticationToken',
      status: 401,
      number: 100003,
    });
  });

  it('is answered likewise when its query cannot be decoded', async () => {
    const broken = { ...bare, url: '/?Action=%' };
    expect(await refusalOf(broken, nobody)).toMatchObject({ code: 'IncompleteSignature', status: 400 });
    const refusal = await refusalOf(broken, { ...nobody, vendor: 'volcengine' });
    expect(refusal).toMatchObject({ code: 'InvalidAuthorization', status: 400, number: 100024 });
  });

  it('is the same as one whose Authorization is empty', async () => {
    expect(await refusalOf(withHeaders(bare, { authorization: '' }), nobody)).toMatchObject({
      code: 'MissingAccessKeyId',
    });
  });
});

describe('the order of the checks', () => {
  const vector = vectorIn('acs3-hmac-sha256', 'bss-sts-token');
  const flaws = {
    shape: (request: RawRequest) => withHeaders(request, { 'x-acs-action': undefined }),
    token: (request: RawRequest) => withHeaders(request, { 'x-acs-security-token': 'other' }),
    signature: (request: RawRequest) => ({ ...request, method: 'PUT' }),
  };

  it('is shape, key, time, token, signature', async () => {
    const known = circumstancesOf(vector);
    const late = { ...known, nowMs: known.nowMs + 3_600_000 };
    const worst = flaws.signature(flaws.token(requestOf(vector)));
    const codes = [
      await refusalOf(flaws.shape(worst), { ...late, keys: [] }),
      await refusalOf(worst, { ...late, keys: [] }),
      await refusalOf(worst, { ...late, active: false }),
      await refusalOf(worst, late),
      await refusalOf(worst, known),
      await refusalOf(flaws.signature(requestOf(vector)), known),
    ].map((refusal) => refusal?.code);
    expect(codes).toEqual([
      'MissingAction',
      'InvalidAccessKeyId.NotFound',
      'InvalidAccessKeyId.Inactive',
      'InvalidTimeStamp.Expired',
      'InvalidSecurityToken.MismatchWithAccessKey',
      'SignatureDoesNotMatch',
    ]);
  });
});

describe('a refusal', () => {
  it('shows neither the secret, the token nor the signature that was sent', async () => {
    for (const vector of vectors) {
      const { keys, nowMs } = circumstancesOf(vector);
      const wrong = keys.map((key) => ({ ...key, accessKeySecret: `${key.accessKeySecret}x` }));
      const refusal = await refusalOf(requestOf(vector), { keys: wrong, nowMs });
      const told = `${refusal?.message}${refusal?.stack}`;
      for (const { accessKeySecret, securityToken } of wrong) {
        expect(told).not.toContain(accessKeySecret);
        if (securityToken) expect(decodeURIComponent(decodeURIComponent(told))).not.toContain(securityToken);
      }
      const sent = /Signature=([^,&\s]{28,})/.exec(
        `${vector.request.target} ${requestOf(vector).headers.get('authorization')}`,
      );
      if (sent?.[1]) expect(decodeURIComponent(told)).not.toContain(decodeURIComponent(sent[1]));
    }
  });
});

it('a secret may come later', async () => {
  const [vector = vectorIn('sigv4', 'curl-get-root')] = vectors;
  const { keys, nowMs } = circumstancesOf(vector);
  const secret = keys[0]?.accessKeySecret ?? '';
  const identity = await authenticate(requestOf(vector), {
    secretOf: async () => ({ secret, active: true }),
    now: nowMs,
  });
  expect(identity).toMatchObject({ scheme: 'acs3', keyId: 'AKIDEXAMPLE' });
});

it('what is looked up is the key id of the request', async () => {
  for (const vector of vectors.filter(({ expect: { result } }) => result === 'accept')) {
    const asked: string[] = [];
    const secretOf = (keyId: string) => void asked.push(keyId);
    await expect(authenticate(requestOf(vector), { secretOf, now: 0 })).rejects.toThrow();
    expect(asked).toEqual([vector.expect.accessKeyId]);
  }
});
