import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as listen } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { mailerFrom } from '#lib/adapters/mail.ts';
import { smtpMailer } from '#lib/adapters/smtp.ts';
import { MailRefused } from '#lib/jobs/needs.ts';
import { newSmtpServer } from '#test/support/smtpServer.ts';

const mail = { id: 'r1', to: 'one@example.com', subject: 'Confirm / 确认', text: 'text', html: '<p>text</p>' };
const from = 'noreply@example.org';

afterEach(() => void vi.unstubAllEnvs());

it('a mail is handed over as text and HTML, under an id that follows from its own', async () => {
  const server = await newSmtpServer();
  await smtpMailer(server.url, from).send(mail);
  await smtpMailer(server.url, from).send(mail);
  expect(server.taken).toHaveLength(2);
  for (const { recipients, source } of server.taken) {
    expect(recipients).toEqual(['one@example.com']);
    expect(source).toContain('Message-ID: <r1@example.org>\r\n');
    expect(source).toContain('From: noreply@example.org\r\n');
    expect(source).toContain('To: one@example.com\r\n');
    expect(source).toMatch(/Content-Type: text\/plain[\s\S]*Content-Type: text\/html/);
  }
});

it('what looks like two addresses is sent to one', async () => {
  const server = await newSmtpServer();
  await smtpMailer(server.url, from)
    .send({ ...mail, to: 'one@example.com,other@example.com' })
    .catch(() => undefined);
  for (const { recipients } of server.taken) expect(recipients).toHaveLength(1);
});

it.each([
  ['550 no such mailbox', true],
  ['451 come again later', false],
])('an address that is answered %s is refused for good: %s', async (answer, isForGood) => {
  const server = await newSmtpServer();
  server.answerTo = answer;
  const error: unknown = await smtpMailer(server.url, from)
    .send(mail)
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect(error instanceof MailRefused).toBe(isForGood);
  expect(server.taken).toEqual([]);
});

it('a server that is not there may come back', async () => {
  const error: unknown = await smtpMailer('smtp://127.0.0.1:1', from)
    .send(mail)
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect(error).not.toBeInstanceOf(MailRefused);
});

it('a server that never comes to an end, a line at a time, is given up', async () => {
  const slow = listen((socket) => {
    socket.on('error', () => undefined);
    const drip = setInterval(() => socket.write('220-wait\r\n'), 10);
    socket.on('close', () => clearInterval(drip));
  }).listen(0, '127.0.0.1');
  await once(slow, 'listening');
  const { port } = slow.address() as AddressInfo;
  const error: unknown = await smtpMailer(`smtp://127.0.0.1:${port}`, from, 100)
    .send(mail)
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect(error).not.toBeInstanceOf(MailRefused);
  slow.close();
  // It only comes once the connection has ended.
  await once(slow, 'close');
});

it('a deployment takes the address of its server from the parameter that is named', async () => {
  const server = await newSmtpServer();
  const ssm = createServer((_, response) => response.end(JSON.stringify({ Parameter: { Value: `${server.url}\n` } })));
  ssm.listen(0, '127.0.0.1');
  await once(ssm, 'listening');
  const { port } = ssm.address() as AddressInfo;
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  const env = { AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL_SSM: `http://127.0.0.1:${port}` };
  await mailerFrom({ ...env, MAIL_FROM: from, SMTP_URL_PARAMETER: '/tributary/smtp' }).send(mail);
  expect(server.taken).toHaveLength(1);
  ssm.closeAllConnections();
  ssm.close();
});
