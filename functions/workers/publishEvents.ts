import type { StreamJob } from '#lib/jobs/job.ts';
import { publishRecords } from '#lib/jobs/publish.ts';
import { relationSubject } from '#lib/store/relations/moves.ts';

/** Publishes events on the bus, and files them in the lists of the accounts they concern. */
export const job: StreamJob<'bus'> = {
  name: 'publishEvents',
  trigger: 'stream',
  of: ['event'],
  needs: ['bus'],
  run: (context, records) => publishRecords(context, [relationSubject], records),
};
