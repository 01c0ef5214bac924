import { expect, test } from 'vitest';
import { prove } from '#lib/auth/authenticate.ts';
import type { RawRequest } from '#lib/auth/claim.ts';
import { splitUrl } from '#lib/auth/encoding.ts';
import { receive } from '#lib/auth/received.ts';
import { signAcs3 } from '#lib/auth/sign.ts';
import { signVolcengine } from '#test/auth/signers.ts';
import { signedSigv4 } from '#test/billing/sigv4.ts';

const signer = { keyId: 'AKIDEXAMPLE', secret: 'secretExample' };
const body = new Uint8Array();

/** A request of each scheme whose sender has signed a header with this value. */
const signed: Record<string, (header: string, value: string) => RawRequest> = {
  acs3(name, value) {
    const call = { ...signer, action: 'A', version: '2026-01-01', nonce: 'nonce-1', nowMs: Date.now(), body };
    const headers = signAcs3({ ...call, method: 'GET', url: '/', headers: { host: 'a', [name]: value } });
    return { method: 'GET', url: '/', headers: new Headers(headers), body };
  },
  volcengine: (name, value) =>
    signVolcengine({
      ...signer,
      nowMs: Date.now(),
      method: 'GET',
      path: '/',
      query: 'A=1',
      headers: { [name]: value },
      body,
    }),
  sigv4(name, value) {
    const [url, { headers }] = signedSigv4({ ...signer, uid: 1 }, '/', 'A=1', '', { [name]: value });
    return { method: 'GET', url, headers: new Headers(headers), body };
  },
};

test.each(Object.keys(signed).flatMap((scheme) => ['b,a', 'b, a'].map((value) => [scheme, value] as const)))(
  'a header that is sent twice is signed by %s as "%s"',
  async (scheme, value) => {
    const name = 'x-acs-note';
    const { headers, method, url } = signed[scheme]?.(name, value) ?? expect.fail();
    const sent = new Map<string, string[]>([...headers].map(([one, text]) => [one, [text]]));
    const received = (values: string[]) =>
      receive({ method, ...splitUrl(url), headers: new Map([...sent, [name, values]]), body, sourceIp: '' });
    const options = { secretOf: () => ({ secret: signer.secret, active: true }), now: Date.now() };
    await expect(prove(received(['b', 'a']), options)).resolves.toBeDefined();
    await expect(prove(received(['a', 'b']), options)).rejects.toThrow();
    await expect(prove(received(['b', 'a', 'a']), options)).rejects.toThrow();
  },
);
