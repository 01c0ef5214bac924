import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type BrowserPage, newBrowserPage, screen } from '#test/browser/browser.ts';
import { newFolder, type RunningEmulator, startEmulatorProcess } from '#test/support/emulatorProcess.ts';

const Email = 'someone.with.a.rather.long.name@department.example.com';
const Other = 'somebody.else@department.example.com';
/** Where pictures of the pages are put, if anywhere. */
const { PICTURES } = process.env;

let emulator: RunningEmulator;
let page: BrowserPage;

beforeAll(async () => {
  page = await newBrowserPage();
  emulator = await startEmulatorProcess({ TRIBUTARY_DATA: newFolder() });
});

afterAll(async () => {
  await page?.close();
  await emulator?.end('SIGTERM');
});

beforeEach(async () => {
  await emulator.control('reset', '');
  await emulator.call('sibling', 'InitResourceDirectory');
});

async function promoting(): Promise<{ AccountId: string; RecordId: string; link: string }> {
  const { body } = await emulator.call('sibling', 'CreateResourceAccount', {
    DisplayName: 'billing-production-of-the-group',
  });
  const { AccountId } = body.Account;
  const asked = await emulator.call('sibling', 'PromoteResourceAccount', { AccountId, Email });
  return { AccountId, RecordId: asked.body.Account.RecordId, link: await newestLink() };
}

/** The link in the newest mail, as its reader finds it. */
async function newestLink(): Promise<string> {
  const { body } = await emulator.control(`mail?${new URLSearchParams({ to: Email })}`);
  return /href="([^"]+)"/.exec(body.at(-1).html)?.[1] ?? expect.fail('the mail has a link');
}

const statusOf = async (AccountId: string) =>
  (await emulator.call('sibling', 'GetAccount', { AccountId })).body.Account.Status;

const titles = () => page.value("[...document.querySelectorAll('h1')].map((one) => one.innerText)");

async function expectReadable(name: string): Promise<void> {
  if (PICTURES) {
    mkdirSync(PICTURES, { recursive: true });
    writeFileSync(join(PICTURES, `${name}.png`), await page.picture());
  }
  expect(page.complaints).toEqual([]);
  expect(await page.value('document.documentElement.scrollWidth')).toBeLessThanOrEqual(screen.width);
  expect(await page.value('innerWidth')).toBe(screen.width);
  expect(await page.value("parseFloat(getComputedStyle(document.querySelector('p')).fontSize)")).toBeGreaterThanOrEqual(
    16,
  );
  // A time is read in one piece.
  expect(
    await page.value("[...document.querySelectorAll('span')].every((one) => one.getClientRects().length === 1)"),
  ).toBe(true);
  // The style is the page's own, which its policy allows by its hash.
  expect(await page.value('getComputedStyle(document.body).maxWidth')).toBe('576px');
}

describe('the page of a mailed link, on a narrow screen', () => {
  test('asks in two languages, loads nothing but itself, and confirms when its button is pressed', async () => {
    const { AccountId, link } = await promoting();
    await page.open(link);
    expect(await titles()).toEqual(['Confirm your e-mail address', '确认您的邮箱地址']);
    await expectReadable('asked');
    expect(page.requests.filter((url) => url !== link)).toEqual([]);
    expect(await page.value("document.querySelector('button').getBoundingClientRect().height")).toBeGreaterThanOrEqual(
      44,
    );
    // Its reader finds the button without a search, in either language.
    expect(await page.value("document.querySelector('button').getBoundingClientRect().bottom")).toBeLessThanOrEqual(
      screen.height,
    );
    expect(await page.value("[...document.querySelectorAll('button')].map((one) => one.innerText)")).toEqual([
      'Confirm',
      '确认',
    ]);
    expect(await statusOf(AccountId)).toBe('PromoteVerifying');
    await page.press('button');
    expect(await titles()).toEqual(['Confirmed', '已确认']);
    expect(await page.value('location.pathname + location.search')).toBe('/directory/verify');
    await expectReadable('confirmed');
    expect(await statusOf(AccountId)).toBe('PromoteSuccess');
    await page.open(link);
    expect(await titles()).toEqual(['Confirmed', '已确认']);
    expect(await page.value("document.querySelector('form')")).toBeNull();
    await expectReadable('used');
  });

  test('says what has become of a link that has expired, was superseded, cancelled or forged', async () => {
    const { AccountId, RecordId, link } = await promoting();
    await emulator.control('clock', '{"advanceMs": 60000}');
    const resent = await emulator.call('sibling', 'ResendPromoteResourceAccountEmail', { RecordId });
    await page.open(link);
    expect(await titles()).toEqual(['There is a newer mail', '已有更新的邮件']);
    await expectReadable('superseded');
    await emulator.call('sibling', 'CancelPromoteResourceAccount', { RecordId: resent.body.Account.RecordId });
    const cancelled = await newestLink();
    await page.open(cancelled);
    expect(await titles()).toEqual(['There is nothing to confirm any more', '无需确认']);
    await expectReadable('cancelled');
    await emulator.call('sibling', 'PromoteResourceAccount', { AccountId, Email });
    const expired = await newestLink();
    await emulator.control('clock', '{"advanceMs": 86400000}');
    await page.open(expired);
    expect(await titles()).toEqual(['This link has expired', '链接已过期']);
    await expectReadable('expired');
    await page.open(`${expired.slice(0, -3)}AAA`);
    expect(await titles()).toEqual(['This link is not valid', '链接无效']);
    await expectReadable('forged');
    expect(await statusOf(AccountId)).toBe('PromoteExpired');
  });

  test('changes nothing while a browser fetches it ahead of its reader', async () => {
    const { AccountId, link } = await promoting();
    await page.open(`${emulator.baseUrl}/directory/verify`);
    const { pathname, search } = new URL(link);
    for (const method of ['GET', 'HEAD']) {
      const init = { method, headers: { 'sec-purpose': 'prefetch', purpose: 'prefetch' } };
      expect((await fetch(`${emulator.baseUrl}${pathname}${search}`, init)).status).toBe(200);
    }
    await page.open(link);
    expect(await titles()).toEqual(['Confirm your e-mail address', '确认您的邮箱地址']);
    expect(await statusOf(AccountId)).toBe('PromoteVerifying');
  });
});

describe('a mail, on a narrow screen', () => {
  test.each(['confirmation', 'invitation'] as const)('of a %s is no wider than that', async (kind) => {
    await promoting();
    await emulator.call('sibling', 'InviteAccountToResourceDirectory', { TargetEntity: Other, TargetType: 'Email' });
    const { body } = await emulator.control(
      `mail?${new URLSearchParams({ to: kind === 'invitation' ? Other : Email })}`,
    );
    await page.open(`data:text/html;charset=utf-8,${encodeURIComponent(body.at(-1).html)}`);
    if (PICTURES) writeFileSync(join(PICTURES, `${kind}.png`), await page.picture());
    expect(page.complaints).toEqual([]);
    expect(await page.value('document.documentElement.scrollWidth')).toBeLessThanOrEqual(screen.width);
    expect(await page.value("[...document.querySelectorAll('[lang]')].map((one) => one.lang)")).toEqual([
      'en',
      'en',
      'zh-CN',
    ]);
    expect(await page.value("document.querySelectorAll('span').length")).toBeGreaterThanOrEqual(2);
  });
});
