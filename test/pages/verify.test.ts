import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { findRecord } from '#lib/store/directory/recordReadings.ts';
import {
  ASK_AGAIN_MS,
  accountNow,
  asked,
  confirmed,
  LINK_MS,
  linkOf,
  promoted,
  promoting,
  submit,
  tokenOf,
  visit,
} from '#test/directory/asking.ts';
import { created, type DirectoryEstate, directed, newDirectoryEstate } from '#test/directory/calls.ts';
import { readIn } from '#test/workers/mailing.ts';

const path = '/directory/verify';

async function promotion(): Promise<{ estate: DirectoryEstate; AccountId: string; RecordId: string }> {
  const estate = await newDirectoryEstate();
  const { AccountId, RecordId } = await promoting(estate);
  return { estate, AccountId, RecordId };
}

const cancel = (estate: DirectoryEstate, RecordId: string) =>
  directed(estate, estate.parent, 'CancelPromoteResourceAccount', { RecordId });

describe('the page of a link', () => {
  it('says in English and in Chinese who asks, for which account, and until when, and has a form', async () => {
    const { estate, AccountId, RecordId } = await promotion();
    const { status, text } = await visit(estate, linkOf(estate.deps, RecordId));
    expect(status).toBe(200);
    const asks = `login${estate.parent.uid}@test (Acme) asks you to turn the resource account “Dev” (${AccountId}) into`;
    expect(text).toContain(`<section lang="en"><h1>Confirm your e-mail address</h1><p>${asks}`);
    expect(text).toContain('signs in with dev@example.com');
    expect(readIn(text)).toContain('until 2025-03-03 15:12 (UTC)');
    expect(text).toContain('<section lang="zh-CN"><h1>确认您的邮箱地址</h1>');
    expect(readIn(text)).toContain('确认有效期至 2025-03-03 15:12（UTC）');
    expect(text).toContain('<form method="post" action="verify">');
    expect(text).toContain(`name="token" value="${tokenOf(estate.deps, RecordId)}"`);
  });

  it('fits a narrow screen and loads nothing: its policy allows its own style alone, and forms to itself', async () => {
    const { estate, RecordId } = await promotion();
    const { headers, text } = await visit(estate, linkOf(estate.deps, RecordId));
    expect(text).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');
    expect(text).not.toMatch(/<script|<img|<link|<iframe|src=|url\(|https?:/);
    const style = /<style>(.*)<\/style>/s.exec(text)?.[1] ?? '';
    expect(Object.fromEntries(headers)).toEqual({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'sha256-${hash('sha256', style, 'base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'x-robots-tag': 'noindex, nofollow',
    });
  });

  it('shows names as they are, whatever they look like', async () => {
    const estate = await newDirectoryEstate();
    const { RecordId } = await asked(estate, { Email: "o'neil&co@example.com" });
    const { text } = await visit(estate, linkOf(estate.deps, RecordId));
    expect(text).toContain('o&#39;neil&amp;co@example.com');
  });

  it('changes nothing by being asked for: not by GET, not by HEAD, not ahead of time', async () => {
    const { estate, RecordId } = await promotion();
    const link = linkOf(estate.deps, RecordId);
    const before = await estate.dump();
    await visit(estate, link);
    const head = await visit(estate, link, { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, text: '' });
    await visit(estate, link, { headers: { purpose: 'prefetch', 'sec-purpose': 'prefetch' } });
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      expect((await visit(estate, link, { method })).status).toBe(405);
    }
    expect(await estate.dump()).toEqual(before);
  });

  it('takes the token of a form from its body alone', async () => {
    const { estate, RecordId } = await promotion();
    const before = await estate.dump();
    const link = linkOf(estate.deps, RecordId);
    expect((await visit(estate, link, { method: 'POST' })).status).toBe(404);
    expect((await visit(estate, link, { method: 'POST', body: '{"token":"x"}' })).status).toBe(404);
    expect(await estate.dump()).toEqual(before);
  });

  it('leaves a line that names the record, and its token neither there nor in the table', async () => {
    const { estate, RecordId } = await promotion();
    await visit(estate, linkOf(estate.deps, RecordId));
    expect(estate.logged.at(-1)).toMatchObject({
      level: 'info',
      product: 'directory',
      action: 'verify',
      recordId: RecordId,
      outcome: 'asked',
      requests: 1,
      roundTrips: 1,
    });
    await confirmed(estate, RecordId);
    expect(estate.logged.at(-1)).toMatchObject({
      method: 'POST',
      status: 200,
      outcome: 'confirmed',
      calls: 1,
      faults: 0,
    });
    const [, secret = ''] = tokenOf(estate.deps, RecordId).split('.');
    expect(secret).toHaveLength(43);
    expect(JSON.stringify(estate.logged)).not.toContain(secret);
    expect(JSON.stringify(await estate.dump())).not.toContain(secret);
  });
});

describe('a promotion that is confirmed', () => {
  it('makes the member a cloud account whose name and address it is, in one transaction', async () => {
    const { estate, AccountId, RecordId } = await promotion();
    estate.advance(1000);
    estate.requests.length = 0;
    const { status, text } = await confirmed(estate, RecordId);
    expect(status).toBe(200);
    expect(text).toContain('<h1>Confirmed</h1>');
    expect(text).toContain('<h1>已确认</h1>');
    expect(estate.requests.map(({ command }) => command)).toEqual([
      ...['GetItemCommand', 'GetItemCommand', 'BatchGetItemCommand'],
      'TransactWriteItemsCommand',
    ]);
    expect(await accountNow(estate, AccountId)).toMatchObject({
      AccountName: 'dev@example.com',
      DisplayName: 'Dev',
      Type: 'CloudAccount',
      Status: 'PromoteSuccess',
      JoinMethod: 'created',
      ModifyTime: new Date(estate.nowMs()).toISOString(),
    });
    expect((await estate.deps.accounts.get(Number(AccountId))).email).toBe('dev@example.com');
    const events = await estate.deps.ledger.ofSubject('accountRecord', RecordId, 5);
    expect(events.map(({ actor, event }) => `${event} ${actor}`)).toEqual([
      'confirm bearer',
      `ask ${estate.parent.uid}`,
    ]);
    expect((await estate.deps.ledger.ofSubject('member', Number(AccountId), 1))[0]).toMatchObject({ event: 'promote' });
  });

  it('has its address for good', async () => {
    const { estate, RecordId } = await promotion();
    await confirmed(estate, RecordId);
    estate.advance(2 * LINK_MS);
    const taken = { Name: 'new', LegalName: 'New', Email: 'dev@example.com' };
    expect(await estate.call(estate.operator, 'RegisterAccount', taken)).toMatchObject({
      body: { Reason: 'EmailClaimed' },
    });
  });

  it('gives up the names and addresses that were the account’s before, which are anybody’s again', async () => {
    const estate = await newDirectoryEstate();
    const { AccountId, AccountName } = await created(estate, 'Dev', { AccountNamePrefix: 'alice' });
    const ask = async (Email: string) => (await promoted(estate, { AccountId, Email })).RecordId;
    await confirmed(estate, await ask('Old@example.com'));
    expect((await created(estate, 'Ops', { AccountNamePrefix: 'alice' })).AccountName).toBe(AccountName);
    await directed(estate, estate.parent, 'UpdateAccount', { AccountId, NewAccountType: 'ResourceAccount' });
    await confirmed(estate, await ask('new@example.com'));
    const claims = (await estate.dump()).filter(({ type, uid }) => type === 'email' && uid === Number(AccountId));
    const lasting = claims.filter(({ untilMs }) => untilMs === undefined);
    expect(lasting.map(({ pk }) => pk)).toEqual(['EMAIL#new@example.com']);
    const account = { Name: 'other', LegalName: 'Other', Email: 'old@example.com' };
    expect((await estate.call(estate.operator, 'RegisterAccount', account)).status).toBe(200);
  });

  it('fails where the address is another’s by now, and gives up what it held', async () => {
    const { estate, AccountId, RecordId } = await promotion();
    const { table } = estate.deps;
    // No operation can do this: it stands for a process whose clock is far ahead.
    const Item = { pk: 'EMAIL#dev@example.com', sk: 'EMAIL', type: 'email', uid: estate.stranger.uid };
    await table.transact([{ Put: { Item } }]);
    const { status, text } = await confirmed(estate, RecordId);
    expect(status).toBe(410);
    expect(text).toContain('This address belongs to another account by now.');
    expect(await accountNow(estate, AccountId)).toMatchObject({ Status: 'PromoteFailed', Type: 'ResourceAccount' });
    expect((await table.get({ pk: Item.pk, sk: 'EMAIL' }))?.['uid']).toBe(estate.stranger.uid);
    expect((await promoted(estate, { AccountId, Email: 'other@example.com' })).Status).toBe('PromoteVerifying');
  });
});

describe('a creation that is confirmed', () => {
  it('registers the account under the legal name of its management account, in its folder, with its seat', async () => {
    const estate = await newDirectoryEstate();
    const account = await asked(estate, { PayerAccountId: estate.parent.uid });
    const { text } = await visit(estate, linkOf(estate.deps, account.RecordId));
    expect(text).toContain(
      `open the cloud account “Cloud” (${account.AccountId}), which signs in with cloud@example.com`,
    );
    estate.advance(1000);
    estate.requests.length = 0;
    expect((await confirmed(estate, account.RecordId)).status).toBe(200);
    expect(estate.requests.filter(({ command }) => command.startsWith('TransactWrite'))).toHaveLength(1);
    const time = new Date(estate.nowMs()).toISOString();
    expect(await accountNow(estate, account.AccountId)).toMatchObject({
      AccountName: 'cloud@example.com',
      DisplayName: 'Cloud',
      FolderId: estate.rootFolderId,
      IdentityInformation: 'Acme',
      JoinMethod: 'created',
      JoinTime: time,
      Status: 'CreateSuccess',
      Type: 'CloudAccount',
    });
    const { parent } = estate;
    const listed = await estate.call(parent, 'QueryRelationList', { UserId: parent.uid, PageNum: 1, PageSize: 10 });
    expect(listed.body.Data.FinancialRelationInfoList).toMatchObject([
      { AccountId: Number(account.AccountId), State: 'RELATED' },
    ]);
    const seats = (await estate.dump()).filter(({ type }) => type === 'seats');
    expect(seats.map(({ members }) => Number(members)).filter(Boolean)).toEqual([1, 1]);
  });

  it('fails where the directory is full by now, and frees its name and its address', async () => {
    const estate = await newDirectoryEstate();
    const { RecordId } = await asked(estate);
    const names = Array.from({ length: 20 }, (_, nth) => `Member ${nth}`);
    for (const DisplayName of names) await directed(estate, estate.parent, 'CreateResourceAccount', { DisplayName });
    const { status, text } = await confirmed(estate, RecordId);
    expect(status).toBe(410);
    expect(text).toContain('The directory has no room for another account.');
    const record = await findRecord(estate.deps.table, RecordId);
    expect(record).toMatchObject({ status: 'failed' });
    expect(record).not.toHaveProperty('deadlineMs');
    const claims = (await estate.dump()).filter(({ untilMs }) => untilMs !== undefined);
    expect(Object.fromEntries(claims.map(({ type, untilMs }) => [type, untilMs]))).toEqual({
      memberName: estate.nowMs(),
      email: estate.nowMs(),
    });
  });

  it('fails where its payer may not pay by now', async () => {
    const estate = await newDirectoryEstate();
    const { RecordId } = await asked(estate, { PayerAccountId: estate.parent.uid });
    await estate.call(estate.operator, 'PutAccountStanding', { Uid: estate.parent.uid, Frozen: true });
    const { status, text } = await confirmed(estate, RecordId);
    expect(status).toBe(410);
    expect(text).toContain('What it needs is not there any more.');
    expect(estate.logged.at(-1)).toMatchObject({ outcome: 'failed', reason: 'ParentFrozen' });
    const [event] = await estate.deps.ledger.ofSubject('accountRecord', RecordId, 1);
    expect(event).toMatchObject({ event: 'fail', facts: { reason: 'ParentFrozen' } });
    const again = await asked(estate);
    expect(again.Status).toBe('CreateVerifying');
  });
});

describe('a link that is worth nothing says why', () => {
  it('once it was used', async () => {
    const { estate, RecordId } = await promotion();
    await confirmed(estate, RecordId);
    const before = await estate.dump();
    for (const { status, text } of [
      await confirmed(estate, RecordId),
      await visit(estate, linkOf(estate.deps, RecordId)),
    ]) {
      expect(status).toBe(410);
      expect(text).toContain('This link is used up.');
      expect(text).toContain('本链接已失效');
      expect(text).not.toContain('<form');
    }
    expect(await estate.dump()).toEqual(before);
  });

  it('once it has expired, also in the last moment before, which a write may not be done in any more', async () => {
    const { estate, RecordId } = await promotion();
    estate.advance(LINK_MS - 2000);
    expect((await confirmed(estate, RecordId)).text).toContain('This link has expired');
    estate.advance(2000);
    const { status, text } = await visit(estate, linkOf(estate.deps, RecordId));
    expect(status).toBe(410);
    expect(text).toContain('链接已过期');
  });

  it('once a newer mail was sent, whose link works', async () => {
    const { estate, RecordId } = await promotion();
    estate.advance(ASK_AGAIN_MS);
    const { Account } = await directed(estate, estate.parent, 'ResendPromoteResourceAccountEmail', { RecordId });
    const { status, text } = await confirmed(estate, RecordId);
    expect(status).toBe(410);
    expect(text).toContain('There is a newer mail');
    expect(text).toContain('已有更新的邮件');
    expect((await confirmed(estate, Account.RecordId)).status).toBe(200);
  });

  it('once it was cancelled', async () => {
    const { estate, RecordId } = await promotion();
    await cancel(estate, RecordId);
    const { status, text } = await confirmed(estate, RecordId);
    expect(status).toBe(410);
    expect(text).toContain('There is nothing to confirm any more');
    expect(text).toContain('取消该请求');
  });

  it('once it has failed', async () => {
    const estate = await newDirectoryEstate();
    const { RecordId } = await asked(estate, { PayerAccountId: estate.parent.uid });
    await estate.call(estate.operator, 'PutAccountStanding', { Uid: estate.parent.uid, Frozen: true });
    await confirmed(estate, RecordId);
    expect(await visit(estate, linkOf(estate.deps, RecordId))).toMatchObject({
      status: 410,
      text: expect.stringContaining('It could not be confirmed'),
    });
  });

  it('if it is forged, cut short, or none at all, and tells of no record', async () => {
    const { estate, RecordId } = await promotion();
    const token = tokenOf(estate.deps, RecordId);
    const forged = [
      `${RecordId}.${'A'.repeat(43)}`,
      RecordId,
      `${RecordId}.`,
      token.slice(0, -1),
      `${token}x`,
      '',
      'x'.repeat(5000),
      '.',
      '\u0000',
    ];
    const answers = new Set<string>();
    const before = await estate.dump();
    for (const one of forged) {
      const shown = await visit(estate, `${path}?${new URLSearchParams({ token: one })}`);
      const done = await submit(estate, one);
      expect([shown.status, done.status]).toEqual([404, 404]);
      answers.add(shown.text).add(done.text);
    }
    expect((await visit(estate, path)).status).toBe(404);
    expect(answers.size).toBe(1);
    expect([...answers][0]).toContain('This link is not valid');
    expect(await estate.dump()).toEqual(before);
  });
});

it('a page that cannot be made says so, and leaves a line with the reason', async () => {
  const { estate, RecordId } = await promotion();
  const { deps } = estate;
  const get = async () => {
    throw new Error('the table has gone');
  };
  const failing = { ...deps, table: { ...deps.table, get } };
  const { status, text } = await visit(estate, linkOf(deps, RecordId), {}, failing);
  expect(status).toBe(500);
  expect(text).toContain('Something went wrong');
  expect(text).not.toContain('the table has gone');
  expect(estate.logged.at(-1)).toMatchObject({
    level: 'error',
    faults: 1,
    error: expect.stringContaining('the table has gone'),
  });
});
