import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RawRequest } from '#lib/auth/authenticate.ts';
import { byNameThenValue, canonicalQuery } from '#lib/auth/canonical.ts';
import { decodeForm, decodePairs, isFormType, type Pair, percentEncode, splitUrl } from '#lib/auth/encoding.ts';
import {
  circumstancesOf,
  refusalOf,
  requestOf,
  type Vector,
  vectorsIn,
  verify,
  withHeaders,
} from '#test/auth/vectors.ts';

const files = ['acs3-hmac-sha256', 'rpc-hmac-sha1', 'volcengine-hmac-sha256', 'sigv4', 'reference'];
const vectors = files.flatMap(vectorsIn).filter((vector) => vector.expect.result === 'accept');
const anyVector = fc.constantFrom(...vectors);
const position = fc.nat({ max: 5000 });
const visible = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));

function replaceAt(text: string, at: number, char: string): string {
  const index = at % text.length;
  return text.slice(0, index) + char + text.slice(index + 1);
}

function canonical(pairs: Pair[] | undefined): string | undefined {
  return pairs && canonicalQuery(pairs, byNameThenValue);
}

async function expectRefusal(vector: Vector, request: RawRequest): Promise<void> {
  expect(await refusalOf(request, circumstancesOf(vector)), `${request.url}`).toBeDefined();
}

describe('a signed request changed on its way is refused', () => {
  it('when one byte of the query changed', async () => {
    const withQuery = fc.constantFrom(...vectors.filter(({ request }) => request.target.includes('?')));
    await fc.assert(
      fc.asyncProperty(withQuery, position, visible, async (vector, at, char) => {
        const request = requestOf(vector);
        const { path, query } = splitUrl(request.url);
        const changed = replaceAt(query, at, char);
        fc.pre(canonical(decodePairs(changed)) !== canonical(decodePairs(query)));
        await expectRefusal(vector, { ...request, url: `${path}?${changed}` });
      }),
      { numRuns: 1500 },
    );
  });

  it('when one byte of the body changed', async () => {
    const withBody = fc.constantFrom(...vectors.filter(({ request }) => request.bodyBase64 !== ''));
    await fc.assert(
      fc.asyncProperty(withBody, position, fc.integer({ min: 1, max: 255 }), async (vector, at, mask) => {
        const request = requestOf(vector);
        const body = Uint8Array.from(request.body, (byte, i) => (i === at % request.body.length ? byte ^ mask : byte));
        const bothForms = isFormType(request.headers.get('content-type')) && !request.headers.has('authorization');
        fc.pre(!bothForms || canonical(decodeForm(body)) !== canonical(decodeForm(request.body)));
        await expectRefusal(vector, { ...request, body });
      }),
      { numRuns: 1000 },
    );
  });

  it('when a body was added', async () => {
    const withoutBody = fc.constantFrom(...vectors.filter(({ request }) => request.bodyBase64 === ''));
    const types = fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'text/plain');
    await fc.assert(
      fc.asyncProperty(withoutBody, fc.constantFrom('{}', 'A=1', ' '), types, async (vector, text, type) => {
        const request = withHeaders(requestOf(vector), { 'content-type': type });
        await expectRefusal(vector, { ...request, body: Buffer.from(text) });
      }),
    );
  });

  it('when one byte of a signed header changed', async () => {
    const signed = vectors.flatMap((vector) => {
      const list = /SignedHeaders=([^,]*)/.exec(requestOf(vector).headers.get('authorization') ?? '')?.[1] ?? '';
      return list === '' ? [] : [...list.split(';'), 'authorization'].map((header) => ({ vector, header }));
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...signed), position, visible, async ({ vector, header }, at, char) => {
        const request = requestOf(vector);
        const value = request.headers.get(header) ?? '';
        const changed = replaceAt(value, at, char);
        fc.pre(changed !== value);
        await expectRefusal(vector, withHeaders(request, { [header]: changed }));
      }),
      { numRuns: 1500 },
    );
  });

  it('when its method changed', async () => {
    await fc.assert(
      fc.asyncProperty(anyVector, fc.constantFrom('GET', 'POST', 'PUT', 'HEAD'), async (vector, method) => {
        fc.pre(method !== vector.request.method);
        await expectRefusal(vector, { ...requestOf(vector), method });
      }),
    );
  });
});

it('a header that is listed twice among the signed ones would be hashed twice, and is refused', async () => {
  for (const vector of vectors) {
    const headers = requestOf(vector).headers;
    const twice = headers.get('authorization')?.replace(/SignedHeaders=([^;,]+)/, 'SignedHeaders=$1;$1');
    if (twice === undefined || !twice.includes('SignedHeaders=')) continue;
    const refusal = await refusalOf(withHeaders(requestOf(vector), { authorization: twice }), circumstancesOf(vector));
    expect(['IncompleteSignature', 'InvalidAuthorization'], vector.name).toContain(refusal?.code);
  }
});

describe('a signed request spelt in another legal way is accepted', () => {
  // What curl 7 signs is the query in the very spelling it sends.
  const respellable = vectors.filter(
    ({ name, request }) => !name.startsWith('curl-get-') && request.target.includes('?'),
  );
  const lowerCase = (text: string) => text.replace(/%[0-9A-F]{2}/g, (triplet) => triplet.toLowerCase());
  const everyByte = (text: string) =>
    Buffer.from(text).reduce((encoded, byte) => `${encoded}%${byte.toString(16).padStart(2, '0')}`, '');
  const spellings: ((text: string) => string)[] = [
    percentEncode,
    encodeURIComponent,
    everyByte,
    (text) => lowerCase(percentEncode(text)),
    (text) => percentEncode(text).replaceAll('%20', '+'),
  ];

  it('with its parameters in any order and any escaping', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...respellable),
        fc.infiniteStream(fc.nat()),
        fc.infiniteStream(fc.constantFrom(...spellings)),
        async (vector, ranks, spelling) => {
          const request = requestOf(vector);
          const { path, query } = splitUrl(request.url);
          const spell = (text: string) => [...spelling.take(1)].map((encode) => encode(text)).join('');
          const respelt = (decodePairs(query) ?? [])
            .map((pair) => ({ pair, rank: [...ranks.take(1)][0] ?? 0 }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ pair: [name, value] }) => `${spell(name)}=${spell(value)}`)
            .join('&');
          const identity = await verify({ ...request, url: `${path}?${respelt}` }, circumstancesOf(vector));
          expect(identity.keyId).toBe(vector.expect.accessKeyId);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('with unsigned headers added, changed or removed', async () => {
    for (const vector of vectors) {
      const request = withHeaders(requestOf(vector), {
        'user-agent': 'other',
        accept: undefined,
        'x-forwarded-for': '::1',
      });
      expect(await refusalOf(request, circumstancesOf(vector)), vector.name).toBeUndefined();
    }
  });
});

describe('the clock', () => {
  const signedAtMs = (vector: Vector) => Date.parse(vector.now) - 2000;
  const expired = ['InvalidTimeStamp.Expired', 'InvalidTimestamp', 'RequestExpired'];

  it.each(vectors.map((vector) => [vector.name, vector] as const))(
    '15 minutes pass, a second more does not: %s',
    async (_, vector) => {
      const request = requestOf(vector);
      const at = (offsetMs: number) =>
        refusalOf(request, { ...circumstancesOf(vector), nowMs: signedAtMs(vector) + offsetMs });
      for (const offsetMs of [900_000, -900_000, 890_000, -890_000]) expect(await at(offsetMs)).toBeUndefined();
      for (const offsetMs of [901_000, -901_000]) {
        const refusal = await at(offsetMs);
        expect(expired).toContain(refusal?.code);
        expect(refusal?.status).toBe(400);
      }
    },
  );
});
