import type { ScheduledJob } from '#lib/jobs/job.ts';
import { lapsing, sweepOverdue } from '#lib/jobs/sweep.ts';
import { relationAggregate } from '#lib/store/relations/moves.ts';

/**
 * Records that invitations and changes have passed their deadline. Nothing depends on it: reads and writes compare with
 * the clock themselves.
 */
export const job: ScheduledJob = {
  name: 'expireInvitations',
  trigger: 'schedule',
  of: { everyMinutes: 5 },
  needs: [],
  run: ({ deps }, remainingMs) => sweepOverdue(deps, [lapsing(relationAggregate)], 'expireInvitations', remainingMs),
};
