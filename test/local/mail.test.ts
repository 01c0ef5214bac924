import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { times } from '#test/support/breadth.ts';
import {
  type EmulatorClient,
  newFolder,
  type RunningEmulator,
  startEmulatorProcess,
} from '#test/support/emulatorProcess.ts';
import { builtProgram } from '#test/support/programs.ts';
import { newSmtpServer } from '#test/support/smtpServer.ts';

/** More changes than asking for a promotion and mailing it makes; as many members as a directory may have. */
const MANY = 20;
/** How often a process is killed, spread over all changes: each start takes its time. */
const KILLS = times(20, 5);
const STRIDE = MANY / KILLS;
const preload = `--import ${await builtProgram('killBefore')}`;

/** Has a resource account made in the directory of the sibling, which is enabled first if it has none. */
async function newResourceAccount({ call }: EmulatorClient, DisplayName: string): Promise<string> {
  await call('sibling', 'InitResourceDirectory');
  const { body } = await call('sibling', 'CreateResourceAccount', { DisplayName });
  expect(body.Account, JSON.stringify(body)).toBeDefined();
  return body.Account.AccountId;
}

const promote = ({ call }: EmulatorClient, AccountId: string, Email: string) =>
  call('sibling', 'PromoteResourceAccount', { AccountId, Email });

async function mailsTo({ control }: EmulatorClient, to: string) {
  const { body, status } = await control(`mail?${new URLSearchParams({ to })}`);
  expect(status).toBe(200);
  return body;
}

describe('an emulator', () => {
  let emulator: RunningEmulator;

  beforeAll(async () => {
    emulator = await startEmulatorProcess({ TRIBUTARY_DATA: newFolder() });
  });

  beforeEach(async () => {
    await emulator.control('reset', '');
  });

  test('shows the mails to an address, whose link leads to its own page, which confirms', async () => {
    const AccountId = await newResourceAccount(emulator, 'Dev');
    await promote(emulator, AccountId, 'Dev@example.com');
    const mails = await mailsTo(emulator, 'dev@example.com');
    expect(mails).toEqual([
      {
        to: 'Dev@example.com',
        subject: expect.any(String),
        text: expect.stringContaining('sibling@demo'),
        html: expect.stringContaining('<html'),
        sentAt: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
    expect(await mailsTo(emulator, 'other@example.com')).toEqual([]);
    const link = /^http\S+$/m.exec(mails[0].text)?.[0] ?? '';
    expect(link.startsWith(`${emulator.baseUrl}/directory/verify?token=`)).toBe(true);
    const shown = await fetch(link, { headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate' } });
    expect(shown.status).toBe(200);
    expect(shown.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await fetch(link, { method: 'HEAD' })).status).toBe(200);
    const token = new URL(link).searchParams.get('token') ?? '';
    // A page that tells nobody where it was followed from sends its form with no origin.
    const init = { method: 'POST', headers: { origin: 'null' }, body: new URLSearchParams({ token }) };
    expect((await fetch(`${emulator.baseUrl}/directory/verify`, init)).status).toBe(200);
    const { body } = await emulator.call('sibling', 'GetAccount', { AccountId });
    expect(body.Account).toMatchObject({
      AccountName: 'Dev@example.com',
      Status: 'PromoteSuccess',
      Type: 'CloudAccount',
    });
  });

  test('shows all mails where no address is given, newest last, until it is reset', async () => {
    await promote(emulator, await newResourceAccount(emulator, 'One'), 'one@example.com');
    await emulator.control('mail');
    await promote(emulator, await newResourceAccount(emulator, 'Two'), 'two@example.com');
    const { body } = await emulator.control('mail');
    expect(body.map(({ to }: { to: string }) => to)).toEqual(['one@example.com', 'two@example.com']);
    await emulator.control('reset', '');
    expect((await emulator.control('mail')).body).toEqual([]);
  });
});

test('an emulator hands its mails to an SMTP server as well, where one is named', async () => {
  const server = await newSmtpServer();
  const env = { TRIBUTARY_SMTP_URL: server.url, TRIBUTARY_MAIL_FROM: 'demo@example.org' };
  const emulator = await startEmulatorProcess({ TRIBUTARY_DATA: newFolder(), ...env });
  await promote(emulator, await newResourceAccount(emulator, 'Dev'), 'dev@example.com');
  expect(await mailsTo(emulator, 'dev@example.com')).toHaveLength(1);
  expect(server.taken).toMatchObject([{ recipients: ['dev@example.com'] }]);
  expect(server.taken[0]?.source).toMatch(/Message-ID: <[\da-f-]{36}@example\.org>/);
  await emulator.end('SIGTERM');
});

test('a kill before any change that mailing makes, from the commit to the last note, loses no mail and shows none twice', async () => {
  const data = newFolder();
  const first = await startEmulatorProcess({ TRIBUTARY_DATA: data });
  const accounts: string[] = [];
  for (let n = 1; n <= KILLS; n++) accounts.push(await newResourceAccount(first, `Member${n}`));
  await first.control('mail');
  await first.end('SIGTERM');
  let isKilled = true;
  let previous: { readonly AccountId: string; readonly Email: string; readonly isAnswered: boolean } | undefined;
  for (let n = 1; isKilled; n += STRIDE) {
    const [AccountId = expect.fail(`mailing made more than ${MANY} changes`)] = accounts.splice(0, 1);
    const env = { NODE_OPTIONS: preload, KILL_AFTER: '/_emulator/clock', KILL_BEFORE: String(n) };
    const emulator = await startEmulatorProcess({ TRIBUTARY_DATA: data, ...env });
    if (previous) await expectOne(emulator, previous);
    await emulator.control('clock');
    const Email = `member${n}@example.com`;
    const answer = await promote(emulator, AccountId, Email).catch(() => undefined);
    previous = { AccountId, Email, isAnswered: answer?.status === 200 };
    isKilled = await emulator.control('mail').then(
      () => false,
      () => true,
    );
    if (!isKilled) await expectOne(emulator, previous);
    expect((await emulator.end('SIGTERM')).signal === 'SIGKILL').toBe(isKilled);
    // The commit, the mail, its note, what was published of it, and the places in the stream.
    if (!isKilled) expect(n).toBeGreaterThan(5);
  }
});

/** Expects one mail for a promotion that was committed, and none for one that was not. */
async function expectOne(
  emulator: EmulatorClient,
  {
    AccountId,
    Email,
    isAnswered,
  }: { readonly AccountId: string; readonly Email: string; readonly isAnswered: boolean },
): Promise<void> {
  const mails = await mailsTo(emulator, Email);
  if (isAnswered) expect(mails).toHaveLength(1);
  const { body } = await emulator.call('sibling', 'GetAccount', { AccountId });
  expect(body.Account.Status).toBe(mails.length === 0 ? 'CreateSuccess' : 'PromoteVerifying');
  expect(mails.length).toBeLessThanOrEqual(1);
}
