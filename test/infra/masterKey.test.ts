import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { masterKeyFrom } from '#lib/adapters/masterKey.ts';

const env = { AWS_REGION: 'eu-central-1', MASTER_KEY_PARAMETER: '/tributary/test/master-key' };
const value = '07'.repeat(32);

/** SSM's answers in turn; the last one repeats. */
let answers: (() => Response | Promise<Response>)[];
const asked: { url: string; headers: Headers; body: unknown }[] = [];

const answered = () => Response.json({ Parameter: { Value: value } });
const refused = (status: number, type: string) => () =>
  Response.json({ __type: `com.amazonaws.ssm#${type}`, message: value }, { status });

beforeEach(() => {
  asked.length = 0;
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'none');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'none');
  vi.stubGlobal('fetch', async (url: URL, { headers, body }: { headers: Record<string, string>; body: string }) => {
    asked.push({ url: url.href, headers: new Headers(headers), body: JSON.parse(body) });
    return answers[Math.min(asked.length, answers.length) - 1]?.();
  });
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

test('it is asked of SSM in the region, by a signed request', async () => {
  answers = [answered];
  expect(await masterKeyFrom(env)).toEqual(Buffer.alloc(32, 7));
  expect(asked).toMatchObject([
    {
      url: 'https://ssm.eu-central-1.amazonaws.com/',
      body: { Name: '/tributary/test/master-key', WithDecryption: true },
    },
  ]);
  expect(asked[0]?.headers.get('authorization')).toContain('/eu-central-1/ssm/aws4_request');
});

test.each([
  [{ AWS_REGION: 'cn-north-1' }, 'https://ssm.cn-north-1.amazonaws.com.cn/'],
  [{ AWS_ENDPOINT_URL_SSM: 'http://127.0.0.1:4566' }, 'http://127.0.0.1:4566/'],
])('with %o it is asked at %s', async (place, url) => {
  answers = [answered];
  await masterKeyFrom({ ...env, ...place });
  expect(asked[0]?.url).toBe(url);
});

test('too many asking at once, a fault or a cut connection is tried again', async () => {
  const cut = () => Promise.reject(new TypeError('fetch failed'));
  answers = [refused(400, 'ThrottlingException'), cut, refused(500, 'InternalServerError'), answered];
  expect(await masterKeyFrom(env)).toEqual(Buffer.alloc(32, 7));
  expect(asked).toHaveLength(4);
});

test('a refusal that stays is told at once, by its name and never with the value', async () => {
  answers = [refused(400, 'AccessDeniedException')];
  await expect(masterKeyFrom(env)).rejects.toThrow(
    /^SSM answered 400 AccessDeniedException for the parameter \/tributary\/test\/master-key$/,
  );
  expect(asked).toHaveLength(1);
});

test('it is not tried for ever', async () => {
  answers = [refused(400, 'ThrottlingException')];
  const startedMs = performance.now();
  await expect(masterKeyFrom(env)).rejects.toThrow('ThrottlingException');
  expect(performance.now() - startedMs).toBeLessThan(3000);
  expect(asked.length).toBeGreaterThan(3);
});

test('what is no key is said to be none, without saying what it is', async () => {
  answers = [() => Response.json({ Parameter: { Value: `${value}00` } })];
  await expect(masterKeyFrom(env)).rejects.toThrow(
    /^the parameter \/tributary\/test\/master-key does not hold a master key: 64 hex digits$/,
  );
});
