import { once } from 'node:events';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { app as QueryRelationList } from '#functions/bss/QueryRelationList.ts';
import { send } from '#infra/local/send.ts';
import { authenticate, type RawRequest } from '#lib/auth/authenticate.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';

const { operation } = QueryRelationList;
const { product } = operation;
const volcengine: Operation = {
  ...operation,
  product: { ...product, version: '2022-01-01', dialect: { ...product.dialect, vendor: 'volcengine' } },
};
const parameters = { UserId: '1738376485192612', Note: '*~ 主账号+&=', StatusList: ['RELATED', 'CONFIRMING'] };

const received: RawRequest[] = [];
const server = createServer(async (request, response) => {
  const headers = new Headers(Object.entries(request.headersDistinct).map(([name, values]) => [name, String(values)]));
  received.push({ method: request.method ?? '', url: request.url ?? '', headers, body: await buffer(request) });
  response.end('{}');
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => {
  server.close();
});

async function sent(to: Operation, path = ''): Promise<RawRequest> {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  await send({ url: `http://127.0.0.1:${port}${path}`, keyId: 'K', secret: 'the secret' }, to, parameters);
  const request = received.pop();
  if (request === undefined) throw new Error('nothing was received');
  const { keyId } = await authenticate(request, {
    secretOf: () => ({ secret: 'the secret', active: true }),
    now: Date.now(),
  });
  expect(keyId).toBe('K');
  return request;
}

test('a call of Alibaba Cloud has its parameters in the query, lists numbered', async () => {
  const { method, url, body, headers } = await sent(operation);
  expect(method).toBe('POST');
  expect(body).toHaveLength(0);
  expect(headers.get('x-acs-action')).toBe('QueryRelationList');
  expect(headers.get('x-acs-version')).toBe('2017-12-14');
  expect(Object.fromEntries(new URL(url, 'http://host').searchParams)).toEqual({
    UserId: '1738376485192612',
    Note: '*~ 主账号+&=',
    'StatusList.1': 'RELATED',
    'StatusList.2': 'CONFIRMING',
  });
});

test('a call of Volcengine has its parameters in a JSON body', async () => {
  const { method, url, body, headers } = await sent(volcengine);
  expect(method).toBe('POST');
  expect(url).toBe('/?Action=QueryRelationList&Version=2022-01-01');
  expect(headers.get('content-type')).toBe('application/json');
  expect(JSON.parse(Buffer.from(body).toString())).toEqual(parameters);
});

test('a server may have a path', async () => {
  expect((await sent(operation, '/stage/')).url).toMatch(/^\/stage\/\?UserId=/);
});
