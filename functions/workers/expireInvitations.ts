import type { ScheduledJob } from '#lib/jobs/job.ts';
import { type Lapsing, lapsing, sweepOverdue } from '#lib/jobs/sweep.ts';
import { accountRecordAggregate } from '#lib/store/directory/accountRecords.ts';
import { deletionAggregate, deletionCheckAggregate } from '#lib/store/directory/deletions.ts';
import { handshakeAggregate } from '#lib/store/directory/handshakes.ts';
import { takeUpDeletion } from '#lib/store/directory/steps.ts';
import { takeUpEnrolment } from '#lib/store/governance/enrolmentSteps.ts';
import { enrolmentAggregate } from '#lib/store/governance/enrolments.ts';
import { relationAggregate } from '#lib/store/relations/moves.ts';

const kinds: readonly Lapsing[] = [
  lapsing(relationAggregate),
  lapsing(accountRecordAggregate),
  lapsing(handshakeAggregate),
  { sortKey: deletionCheckAggregate.sortKey, lapse: (key, call) => takeUpDeletion('check', key, call) },
  { sortKey: enrolmentAggregate.sortKey, lapse: takeUpEnrolment },
  { sortKey: deletionAggregate.sortKey, lapse: (key, call) => takeUpDeletion('deletion', key, call) },
];

/**
 * Records that invitations, changes and what awaits a confirmation by mail have passed their deadline. Nothing depends on it: reads and
 * writes compare with the clock themselves. Also has the steps of deletions and enrolments taken again that have stalled, and those that have waited long enough.
 */
export const job: ScheduledJob = {
  name: 'expireInvitations',
  trigger: 'schedule',
  of: { everyMinutes: 5 },
  needs: [],
  run: ({ deps }, remainingMs) => sweepOverdue(deps, kinds, 'expireInvitations', remainingMs),
};
