import type { ScheduledJob } from '#lib/jobs/job.ts';
import { lapsing, sweepOverdue } from '#lib/jobs/sweep.ts';
import { accountRecordAggregate } from '#lib/store/directory/accountRecords.ts';
import { handshakeAggregate } from '#lib/store/directory/handshakes.ts';
import { relationAggregate } from '#lib/store/relations/moves.ts';

const kinds = [lapsing(relationAggregate), lapsing(accountRecordAggregate), lapsing(handshakeAggregate)];

/**
 * Records that invitations, changes and what awaits a confirmation by mail have passed their deadline. Nothing depends on it: reads and
 * writes compare with the clock themselves.
 */
export const job: ScheduledJob = {
  name: 'expireInvitations',
  trigger: 'schedule',
  of: { everyMinutes: 5 },
  needs: [],
  run: ({ deps }, remainingMs) => sweepOverdue(deps, kinds, 'expireInvitations', remainingMs),
};
