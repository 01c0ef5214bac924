import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { masterKeyFrom } from '#lib/adapters/masterKey.ts';
import { addressIn } from '#lib/adapters/parameterStore.ts';
import { measureOwnTime } from '#test/support/ownTime.ts';

const env: Record<string, string> = { AWS_REGION: 'eu-central-1', MASTER_KEY_PARAMETER: '/tributary/test/master-key' };
const value = '07'.repeat(32);

type Answer = (response: ServerResponse) => void;

/** SSM's answers in turn; the last one repeats. */
let answers: Answer[];
const asked: { method: string | undefined; headers: IncomingHttpHeaders; body: unknown }[] = [];

const answered: Answer = (response) => void response.end(JSON.stringify({ Parameter: { Value: value } }));
const refused =
  (status: number, type: string): Answer =>
  (response) =>
    void response.writeHead(status).end(JSON.stringify({ __type: `com.amazonaws.ssm#${type}`, message: value }));

const server = createServer((request, response) => {
  let text = '';
  request.on('data', (chunk) => {
    text += chunk;
  });
  request.on('end', () => {
    asked.push({ method: request.method, headers: request.headers, body: JSON.parse(text) });
    answers[Math.min(asked.length, answers.length) - 1]?.(response);
  });
});

beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'none');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'none');
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  env['AWS_ENDPOINT_URL_SSM'] = `http://127.0.0.1:${port}`;
});

afterAll(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

beforeEach(() => {
  asked.length = 0;
});

test('it is asked of SSM in the region, by a signed request', async () => {
  answers = [answered];
  expect(await masterKeyFrom(env)).toEqual(Buffer.alloc(32, 7));
  expect(asked).toMatchObject([
    {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonSSM.GetParameter', 'content-type': 'application/x-amz-json-1.1' },
      body: { Name: '/tributary/test/master-key', WithDecryption: true },
    },
  ]);
  expect(asked[0]?.headers.authorization).toContain('/eu-central-1/ssm/aws4_request');
});

test.each([
  ['eu-central-1', {}, 'https://ssm.eu-central-1.amazonaws.com/'],
  ['cn-north-1', {}, 'https://ssm.cn-north-1.amazonaws.com.cn/'],
  ['eu-central-1', { AWS_ENDPOINT_URL_SSM: 'http://127.0.0.1:4566' }, 'http://127.0.0.1:4566/'],
])('in %s with %o it is asked at %s', (region, place, url) => {
  expect(addressIn(region, place).href).toBe(url);
});

test('too many asking at once, a fault or a cut connection is tried again', async () => {
  const cut: Answer = (response) => void response.destroy();
  const halting: Answer = (response) => response.writeHead(200).write('{', () => response.destroy());
  answers = [refused(400, 'ThrottlingException'), cut, halting, refused(500, 'InternalServerError'), answered];
  expect(await masterKeyFrom(env)).toEqual(Buffer.alloc(32, 7));
  expect(asked).toHaveLength(5);
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
  const tookMs = measureOwnTime();
  await expect(masterKeyFrom(env)).rejects.toThrow('ThrottlingException');
  expect(tookMs()).toBeLessThan(3000);
  expect(asked.length).toBeGreaterThan(3);
});

test('an answer that is no JSON holds no key', async () => {
  answers = [(response) => void response.end('<html>')];
  await expect(masterKeyFrom(env)).rejects.toThrow(/does not hold a master key/);
});

test('what is no key is said to be none, without saying what it is', async () => {
  answers = [(response) => void response.end(JSON.stringify({ Parameter: { Value: `${value}00` } }))];
  await expect(masterKeyFrom(env)).rejects.toThrow(
    /^the parameter \/tributary\/test\/master-key does not hold a master key: 64 hex digits$/,
  );
});
