import { describe, expect, it } from 'vitest';
import {
  ASK_AGAIN_MS,
  accountNow,
  asked,
  confirmed,
  emailUsed,
  LINK_MS,
  promoted,
  promoting,
  submit,
  tokenOf,
  type visit,
} from '#test/directory/asking.ts';
import { created, type DirectoryEstate, direct, newDirectoryEstate } from '#test/directory/calls.ts';
import { atOnce, stored, tally } from '#test/races/answers.ts';
import { times } from '#test/support/breadth.ts';

const ROUNDS = times(12, 4);
const rounds = Array.from({ length: ROUNDS }, (_, round) => round);

type Shown = Awaited<ReturnType<typeof visit>>;

const titleOf = ({ text }: Shown) => /<h1>(.*?)<\/h1>/.exec(text)?.[1];

describe('an address', () => {
  it('that two promotions race for is had by one; the other is told, and may have it once the first has expired', async () => {
    for (const round of rounds) {
      const estate = await newDirectoryEstate();
      const accounts = [await created(estate, 'One'), await created(estate, 'Other')];
      const Email = `race${round}@example.com`;
      const answers = await atOnce(2, (nth) =>
        direct(estate, estate.parent, 'PromoteResourceAccount', { AccountId: accounts[nth].AccountId, Email }),
      );
      expect(tally(answers)).toEqual({ done: 1, EmailClaimed: 1 });
      const loser = answers.findIndex(({ status }) => status !== 200);
      expect(answers[loser]).toStrictEqual(emailUsed);
      expect((await accountNow(estate, accounts[loser].AccountId)).Status).toBe('CreateSuccess');
      expect(await stored(estate, 'mail')).toHaveLength(1);
      estate.advance(LINK_MS);
      const again = await promoted(estate, { AccountId: accounts[loser].AccountId, Email });
      expect(again.Status).toBe('PromoteVerifying');
      expect((await confirmed(estate, again.RecordId)).status).toBe(200);
    }
  });

  it('is had by one of many creations and promotions', async () => {
    const estate = await newDirectoryEstate();
    const members: { readonly AccountId: string }[] = [];
    for (let nth = 0; nth < 8; nth++) members.push(await created(estate, `Member${nth}`));
    const Email = 'one@example.com';
    const answers = await atOnce(16, (nth) =>
      nth < 8
        ? direct(estate, estate.parent, 'PromoteResourceAccount', { AccountId: members[nth]?.AccountId, Email })
        : direct(estate, estate.parent, 'CreateCloudAccount', { DisplayName: `Cloud${nth}`, Email }),
    );
    expect(tally(answers)).toEqual({ done: 1, EmailClaimed: 15 });
    expect(await stored(estate, 'accountRecord')).toHaveLength(1);
  });
});

/** Sends the form of a link many times at once, from many processes. */
function submitAtOnce(estate: DirectoryEstate, RecordId: string, count: number): Promise<Shown[]> {
  const token = tokenOf(estate.deps, RecordId);
  return Promise.all(Array.from({ length: count }, () => submit(estate, token, estate.anotherProcess())));
}

describe('a token', () => {
  it.each([
    ['promotion', promoting],
    ['creation', asked],
  ] as const)('that is used fifty times at once works once, for a %s', async (_, ask) => {
    const estate = await newDirectoryEstate();
    const { AccountId, RecordId } = await ask(estate);
    const answers = await submitAtOnce(estate, RecordId, 50);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 410)).toHaveLength(49);
    expect(new Set(answers.map(titleOf))).toEqual(new Set(['Confirmed']));
    expect((await accountNow(estate, AccountId)).Type).toBe('CloudAccount');
    const events = await estate.deps.ledger.ofSubject('accountRecord', RecordId, 10);
    expect(events.map(({ event }) => event)).toEqual(['confirm', 'ask']);
  });

  it('that meets its resending is worth something, or its successor is', async () => {
    for (const round of rounds) {
      const estate = await newDirectoryEstate();
      const { AccountId, RecordId } = await promoting(estate);
      estate.advance(ASK_AGAIN_MS);
      const resend = () => direct(estate, estate.parent, 'ResendPromoteResourceAccountEmail', { RecordId });
      const [shown, resent] = await (round % 2
        ? Promise.all([confirmed(estate, RecordId), resend()])
        : Promise.all([resend(), confirmed(estate, RecordId)]).then(([answer, page]) => [page, answer] as const));
      if (shown.status === 200) {
        expect(resent.body.Reason).toBe('RecordUnfit');
      } else {
        expect(titleOf(shown)).toBe('There is a newer mail');
        expect((await confirmed(estate, resent.body.Account.RecordId)).status).toBe(200);
      }
      expect((await accountNow(estate, AccountId)).Status).toBe('PromoteSuccess');
    }
  });

  it.each([
    ['promotion', promoting, 'CancelPromoteResourceAccount'],
    ['creation', asked, 'CancelCreateCloudAccount'],
  ] as const)('that meets a cancellation confirms or is cancelled, for a %s', async (_, ask, cancel) => {
    for (const round of rounds) {
      const estate = await newDirectoryEstate();
      const { AccountId, AccountName, RecordId } = await ask(estate);
      const cancelling = () => direct(estate, estate.parent, cancel, { RecordId });
      const [shown, cancelled] = await (round % 2
        ? Promise.all([confirmed(estate, RecordId), cancelling()])
        : Promise.all([cancelling(), confirmed(estate, RecordId)]).then(([answer, page]) => [page, answer] as const));
      const isConfirmed = shown.status === 200;
      expect(cancelled.status).toBe(isConfirmed ? 409 : 200);
      if (!isConfirmed) expect(titleOf(shown)).toBe('There is nothing to confirm any more');
      const { body } = await direct(estate, estate.parent, 'GetAccount', { AccountId });
      if (isConfirmed) expect(body.Account).toMatchObject({ Type: 'CloudAccount', AccountName });
      else expect(body.Account?.Type).not.toBe('CloudAccount');
      const other = await direct(estate, estate.parent, 'CreateCloudAccount', {
        DisplayName: 'New',
        Email: AccountName,
      });
      expect(other.status).toBe(isConfirmed ? 409 : 200);
    }
  });

  it('of one creation gets the last seat of a directory; the others fail, and free what they held', async () => {
    const estate = await newDirectoryEstate();
    for (let nth = 0; nth < 17; nth++) await created(estate, `Member${nth}`);
    const records: string[] = [];
    for (let nth = 0; nth < 8; nth++) {
      const { RecordId } = await asked(estate, { DisplayName: `Cloud${nth}`, Email: `cloud${nth}@example.com` });
      records.push(RecordId);
    }
    const shown = await Promise.all(records.map((RecordId) => confirmed(estate, RecordId)));
    expect(shown.filter(({ status }) => status === 200)).toHaveLength(3);
    const statuses = (await stored(estate, 'accountRecord')).map(({ status }) => status);
    expect(statuses.filter((status) => status === 'failed')).toHaveLength(5);
    const pending = (await stored(estate, 'email')).filter(({ untilMs }) => untilMs !== undefined);
    expect(pending.map(({ untilMs }) => Number(untilMs) <= estate.nowMs())).toEqual(Array(5).fill(true));
  });
});
