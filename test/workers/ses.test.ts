import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { mailerFrom } from '#lib/adapters/mail.ts';
import { MailRefused } from '#lib/jobs/needs.ts';

const mail = { id: 'r1', to: 'one@example.com', subject: 'Confirm / 确认', text: 'text', html: '<p>text</p>' };

/** What was asked of SES; and how it answers. */
const asked: unknown[] = [];
let refusal: string | undefined;
let server: Server;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    asked.push({ url: request.url, body: await json(request) });
    const type = { 'content-type': 'application/json' };
    if (refusal === undefined) return void response.writeHead(200, type).end(JSON.stringify({ MessageId: 'ses-1' }));
    response.writeHead(400, { ...type, 'x-amzn-errortype': refusal }).end(JSON.stringify({ message: 'no' }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('AWS_ENDPOINT_URL_SESV2', `http://127.0.0.1:${port}`);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});

afterAll(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const env = { MAIL_FROM: 'noreply@example.com', LINK_BASE_URL: 'https://api.example.com' };

it('a mail is handed to SES whole, once, with the id that tells it', async () => {
  const mailer = mailerFrom(env);
  expect(mailer.baseUrl).toBe('https://api.example.com');
  await mailer.send(mail);
  expect(asked.splice(0)).toEqual([
    {
      url: '/v2/email/outbound-emails',
      body: {
        FromEmailAddress: 'noreply@example.com',
        Destination: { ToAddresses: ['one@example.com'] },
        Content: {
          Simple: {
            Subject: { Data: 'Confirm / 确认', Charset: 'UTF-8' },
            Body: { Text: { Data: 'text', Charset: 'UTF-8' }, Html: { Data: '<p>text</p>', Charset: 'UTF-8' } },
            Headers: [{ Name: 'X-Tributary-Mail-Id', Value: 'r1' }],
          },
        },
      },
    },
  ]);
});

it.each([
  ['MessageRejected', true],
  ['BadRequestException', true],
  ['TooManyRequestsException', false],
  ['MailFromDomainNotVerifiedException', false],
  ['AccountSuspendedException', false],
])('what SES refuses by %s is refused for good: %s; either way it is asked once', async (name, isForGood) => {
  refusal = name;
  const error: unknown = await mailerFrom(env)
    .send(mail)
    .catch((thrown: unknown) => thrown);
  refusal = undefined;
  expect(error).toBeInstanceOf(Error);
  expect(error instanceof MailRefused).toBe(isForGood);
  expect(asked.splice(0)).toHaveLength(1);
});

it('without a sender every mail waits', async () => {
  const error: unknown = await mailerFrom({})
    .send(mail)
    .catch((thrown: unknown) => thrown);
  expect(error).not.toBeInstanceOf(MailRefused);
  expect(String(error)).toContain('no sender of mails is set');
  expect(asked).toEqual([]);
});
