import { expect, test } from 'vitest';
import { app } from '#functions/bss/GetAccountRelation.ts';
import type { Deps } from '#lib/deps.ts';
import { type HttpEvent, httpHandler } from '#lib/lambda/httpHandler.ts';
import { newEstate } from '#test/support/estate.ts';

const event: HttpEvent = {
  rawPath: '/bss/GetAccountRelation',
  rawQueryString: '',
  headers: { host: 'api.example.com' },
  isBase64Encoded: false,
  requestContext: { http: { method: 'POST', sourceIp: '203.0.113.7' } },
};

test('a function that failed to open its dependencies tries again at the next call, and then keeps them', async () => {
  const { deps } = await newEstate();
  const outcomes: (() => Promise<Deps>)[] = [
    () => Promise.reject(new Error('no key yet')),
    () => Promise.reject(new Error('no key yet')),
    () => Promise.resolve(deps),
  ];
  let openings = 0;
  const handler = httpHandler(app, () => outcomes[openings++]?.() ?? expect.fail('opened once too often'));
  expect(openings).toBe(1);
  await expect(handler(event)).rejects.toThrow('no key yet');
  expect((await handler(event)).statusCode).toBe(400);
  expect((await handler(event)).statusCode).toBe(400);
  expect(openings).toBe(3);
});

test.each([undefined, null, ''])('an event whose body is %s is a request without one', async (body) => {
  const { deps } = await newEstate();
  const { body: answer, statusCode } = await httpHandler(
    app,
    async () => deps,
  )({ ...event, ...(body !== undefined && { body }) });
  expect({ statusCode, code: JSON.parse(answer).Code }).toEqual({ statusCode: 400, code: 'MissingAccessKeyId' });
});
