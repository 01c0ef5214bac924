import { job as expireInvitations } from '#functions/workers/expireInvitations.ts';
import { job as publishEvents } from '#functions/workers/publishEvents.ts';
import type { Deps } from '#lib/deps.ts';
import { manageChanging } from '#test/billing/calls.ts';
import { type Parties, WAIT_MS } from '#test/bss/parties.ts';
import { added } from '#test/support/examples/staging.ts';
import { fakeBus, streamOf } from '#test/workers/stream.ts';

/** Brings an estate to where a job has something to do; answers how it is run, and what of its outcome tells that it was done. */
export type JobWay = (
  estate: Parties,
) => Promise<{ readonly run: (deps: Deps) => Promise<object>; readonly done: object }>;

/** A sweep once what was staged is overdue. */
const sweepOf =
  (staged: (estate: Parties) => Promise<unknown>): JobWay =>
  async (estate) => {
    await staged(estate);
    estate.advance(WAIT_MS);
    return { run: (deps) => expireInvitations.run(deps, () => 1000), done: { found: 1, expired: 1, failed: 0 } };
  };

/** By the function of the job: runs that, between them, do all that it ever does. */
export const workers: Readonly<Record<string, readonly JobWay[]>> = {
  'workers/expireInvitations': [
    sweepOf((estate) => added(estate, estate.child)),
    sweepOf((estate) => manageChanging(estate)),
  ],
  'workers/publishEvents': [
    async (estate) => {
      await added(estate, estate.child);
      const records = await streamOf(estate);
      return { run: (deps) => publishEvents.run(deps, fakeBus(), records), done: { again: undefined, illegible: 0 } };
    },
  ],
};

/** All ways of a job, by its function. */
export function jobWaysOf(name: string): readonly JobWay[] {
  const ways = workers[name];
  if (ways === undefined) throw new Error(`${name} has no example in test/support/examples/workers.ts`);
  return ways;
}
