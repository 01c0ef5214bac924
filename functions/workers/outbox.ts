import { advanceDeletions } from '#lib/jobs/deletions.ts';
import { advanceEnrolments } from '#lib/jobs/enrolments.ts';
import type { StreamJob } from '#lib/jobs/job.ts';
import { sendMails } from '#lib/jobs/mails.ts';
import { shared } from '#lib/jobs/shared.ts';

const mails: StreamJob<'mail' | 'linkTokens'> = {
  name: 'sendMails',
  trigger: 'stream',
  of: ['mail'],
  needs: ['mail', 'linkTokens'],
  run: sendMails,
};

const deletions: StreamJob = {
  name: 'advanceDeletions',
  trigger: 'stream',
  of: ['deletionStep'],
  needs: [],
  run: advanceDeletions,
};

const enrolments: StreamJob<'provider'> = {
  name: 'advanceEnrolments',
  trigger: 'stream',
  of: ['enrolmentStep'],
  needs: ['provider'],
  run: advanceEnrolments,
};

/**
 * Does what rows of the outbox ask for. It is the second of two readers that the stream has (docs/decisions.md D30): work that follows
 * a change joins it here, beside the publisher, which a slow mail server must not hold up.
 */
export const job = shared<'mail' | 'linkTokens' | 'provider'>('outbox', [mails, deletions, enrolments]);
