import type { StreamJob } from '#lib/jobs/job.ts';
import { publishRecords } from '#lib/jobs/publish.ts';
import { accessKeySubject } from '#lib/store/accessKeys.ts';
import { accountSubject } from '#lib/store/accounts.ts';
import { accountRecordSubject } from '#lib/store/directory/accountRecords.ts';
import { deletionCheckSubject, deletionSubject } from '#lib/store/directory/deletions.ts';
import { directorySubject } from '#lib/store/directory/directories.ts';
import { handshakeSubject } from '#lib/store/directory/handshakes.ts';
import { memberSubject } from '#lib/store/directory/members.ts';
import { enrolmentSubject } from '#lib/store/governance/enrolments.ts';
import { relationSubject } from '#lib/store/relations/subject.ts';

const subjects = [
  relationSubject,
  accountSubject,
  accessKeySubject,
  directorySubject,
  memberSubject,
  accountRecordSubject,
  handshakeSubject,
  deletionCheckSubject,
  deletionSubject,
  enrolmentSubject,
];

/** Publishes events on the bus, and files them in the lists of the accounts they concern. */
export const job: StreamJob<'bus'> = {
  name: 'publishEvents',
  trigger: 'stream',
  of: ['event'],
  needs: ['bus'],
  run: (context, records) => publishRecords(context, subjects, records),
};
