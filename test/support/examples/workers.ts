import { job as expireInvitations } from '#functions/workers/expireInvitations.ts';
import { job as outbox } from '#functions/workers/outbox.ts';
import { job as publishEvents } from '#functions/workers/publishEvents.ts';
import type { Deps } from '#lib/deps.ts';
import { manageChanging } from '#test/billing/calls.ts';
import { add, confirm, type Parties, stand, succeeded, WAIT_MS } from '#test/bss/parties.ts';
import { promoting } from '#test/directory/asking.ts';
import { created, directed, enabled, signerOf } from '#test/directory/calls.ts';
import { enabledForDeletion, lent, settle } from '#test/directory/deletions.ts';
import { invited } from '#test/directory/handshakes.ts';
import { baselined, flat, governed } from '#test/governance/calls.ts';
import {
  enrolled,
  handedOver,
  newAccount,
  nineItems,
  settle as settleEnrolments,
  workerOf,
} from '#test/governance/enrolling.ts';
import { pages } from '#test/support/examples/pages.ts';
import { added, countedMembers } from '#test/support/examples/staging.ts';
import { fakeMailer, mailedOut, mailingContext } from '#test/workers/mailing.ts';
import { allOf } from '#test/workers/overdue.ts';
import { fakeBus, inserted, streamOf } from '#test/workers/stream.ts';

/**
 * Prepares an estate so that a job has work, or a page is visited. Answers how to run it, and the part of its outcome that shows the work was
 * done.
 */
export type JobWay = (
  estate: Parties,
) => Promise<{ readonly run: (deps: Deps) => Promise<object>; readonly done: object }>;

/** A sweep after what was prepared is overdue. */
const sweepOf =
  (staged: (estate: Parties) => Promise<unknown>): JobWay =>
  async (estate) => {
    await staged(estate);
    estate.advance(WAIT_MS);
    return { run: (deps) => expireInvitations.run({ deps }, () => 1000), done: { found: 1, expired: 1, failed: 0 } };
  };

/** Runs by job, which together do everything the job ever does. */
export const workers: Readonly<Record<string, readonly JobWay[]>> = {
  'workers/expireInvitations': [
    sweepOf(async (estate) => promoting(await enabled(estate))),
    sweepOf(async (estate) => invited(await enabled(estate))),
    sweepOf((estate) => added(estate, estate.child)),
    sweepOf((estate) => manageChanging(estate)),
    sweepOf(async (estate) => {
      const { parent } = await enabledForDeletion(estate);
      const { AccountId } = await created(estate, 'Dev');
      await directed(estate, parent, 'DeleteAccount', { AccountId });
    }),
    sweepOf(async (estate) => {
      await enabled(estate);
      await enrolled(estate);
    }),
    sweepOf(async (estate) => {
      await enabled(estate);
      await handedOver(estate);
    }),
  ],
  'workers/outbox': [
    async (estate) => {
      await mailedOut(estate, 'r1', 'r2');
      const records = (await allOf(estate, 'mail')).map((row, nth) => inserted(row, String(nth)));
      const mail = fakeMailer();
      mail.refuses = ({ id }) => id === 'r2';
      return {
        run: (deps) => outbox.run(mailingContext(mail, deps), records),
        done: { again: undefined, passedOver: 1 },
      };
    },
    async (estate) => {
      const { parent } = await enabledForDeletion(estate);
      const PayerAccountId = parent.uid;
      const { AccountId } = await created(estate, 'Dev', { PayerAccountId });
      const { AccountId: refused } = await created(estate, 'Ops', { PayerAccountId });
      await signerOf(estate, AccountId);
      await stand(estate, Number(refused), { openOrders: 1 });
      const { AccountId: only } = await created(estate, 'Checked');
      await directed(estate, parent, 'CheckAccountDelete', { AccountId: only });
      for (const one of [AccountId, refused]) await directed(estate, parent, 'DeleteAccount', { AccountId: one });
      return { run: async (deps) => ({ steps: await settle(estate, { deps }) }), done: { steps: 6 } };
    },
    async (estate) => {
      const directory = await enabledForDeletion(estate);
      const { parent } = directory;
      const { AccountId } = await created(estate, 'Dev');
      await lent(directory, AccountId);
      await directed(estate, parent, 'DeleteAccount', { AccountId, AbandonableCheckId: '["NON_SP_credit"]' });
      return { run: async (deps) => ({ steps: await settle(estate, { deps }) }), done: { steps: 4 } };
    },
    async (estate) => {
      // It was a parent, whose relations are past.
      const { parent } = await enabledForDeletion(estate);
      const { AccountId } = await created(estate, 'Dev');
      const member = await signerOf(estate, AccountId);
      const id = await add(estate, member, estate.child, { PermissionCodes: ['CHECK_FINANCE_INFO'] });
      await confirm(estate, estate.child, id, 'child_disagree', ['CHECK_FINANCE_INFO']);
      await directed(estate, parent, 'DeleteAccount', { AccountId });
      return { run: async (deps) => ({ steps: await settle(estate, { deps }) }), done: { steps: 4 } };
    },
    async (estate) => {
      // Under another baseline and with another domain than before; and one that was scheduled.
      const directory = await enabled(estate);
      const under = async (domain: string) => ({ BaselineId: await baselined(directory, flat(nineItems(domain))) });
      const AccountUid = await enrolled(estate, { ...newAccount('dev'), ...(await under('one.onaliyun.com')) });
      await settleEnrolments(estate);
      await enrolled(estate, { AccountUid, ...(await under('two.onaliyun.com')) });
      const { AccountId } = await created(estate, 'Ops');
      await governed(estate, estate.parent, 'BatchEnrollAccounts', { 'Accounts.1.AccountUid': AccountId });
      const run = async (deps: Deps) => ({ steps: await settleEnrolments(estate, { worker: workerOf(deps) }) });
      return { run, done: { steps: 10 + 4 } };
    },
    async (estate) => {
      const directory = await enabledForDeletion(estate);
      const BaselineId = await baselined(directory, flat(nineItems()));
      const AccountId = await enrolled(estate, { ...newAccount('dev'), BaselineId });
      await settleEnrolments(estate);
      await directed(estate, directory.parent, 'DeleteAccount', { AccountId });
      return { run: async (deps) => ({ steps: await settle(estate, { deps }) }), done: { steps: 4 } };
    },
  ],
  'workers/publishEvents': [
    async (estate) => {
      // The confirmation names only the relation, so its event is not filed yet.
      const id = await added(estate, estate.child);
      succeeded(await confirm(estate, estate.child, id, 'child_agree', ['CHECK_FINANCE_INFO']));
      const records = await streamOf(estate);
      const run = (deps: Deps) => publishEvents.run({ deps, bus: fakeBus() }, records);
      return { run, done: { again: undefined, passedOver: 0 } };
    },
    async (estate) => {
      // What has moved of a parent that has much to list is settled.
      await countedMembers(estate);
      await confirm(estate, estate.child, await added(estate, estate.child), 'child_agree', ['CHECK_FINANCE_INFO']);
      const records = await streamOf(estate);
      const run = (deps: Deps) => publishEvents.run({ deps, bus: fakeBus() }, records);
      return { run, done: { again: undefined, passedOver: 0 } };
    },
  ],
};

/** All runs of a job, or visits of a page. */
export function jobWaysOf(name: string): readonly JobWay[] {
  const ways = workers[name] ?? pages[name];
  if (ways === undefined) throw new Error(`${name} has no example in test/support/examples`);
  return ways;
}
