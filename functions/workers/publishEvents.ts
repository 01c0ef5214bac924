import { checkStatuses, deletionStatuses } from '#lib/domain/directory/deletion.ts';
import { memberStatuses } from '#lib/domain/directory/member.ts';
import { enrolmentStatuses } from '#lib/domain/governance/enrolment.ts';
import type { StreamJob } from '#lib/jobs/job.ts';
import { publishRecords } from '#lib/jobs/publish.ts';
import { subjectOfMember } from '#lib/jobs/subjects.ts';
import { accessKeySubject } from '#lib/store/accessKeys.ts';
import { accountSubject } from '#lib/store/accounts.ts';
import { accountRecordSubject } from '#lib/store/directory/accountRecords.ts';
import { deletionAggregate, deletionCheckAggregate } from '#lib/store/directory/deletions.ts';
import { directorySubject } from '#lib/store/directory/directories.ts';
import { handshakeSubject } from '#lib/store/directory/handshakes.ts';
import { memberAggregate } from '#lib/store/directory/members.ts';
import { enrolmentAggregate } from '#lib/store/governance/enrolments.ts';
import { relationSubject } from '#lib/store/relations/subject.ts';

const subjects = [
  relationSubject,
  accountSubject,
  accessKeySubject,
  directorySubject,
  subjectOfMember(memberAggregate, 'Member', memberStatuses),
  accountRecordSubject,
  handshakeSubject,
  subjectOfMember(deletionCheckAggregate, 'DeletionCheck', checkStatuses),
  subjectOfMember(deletionAggregate, 'Deletion', deletionStatuses),
  subjectOfMember(enrolmentAggregate, 'Enrolment', enrolmentStatuses),
];

/** Publishes events on the bus, and files them in the lists of the accounts they concern. */
export const job: StreamJob<'bus'> = {
  name: 'publishEvents',
  trigger: 'stream',
  of: ['event'],
  needs: ['bus'],
  run: (context, records) => publishRecords(context, subjects, records),
};
