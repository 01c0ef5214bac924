import type { StreamJob } from '#lib/jobs/job.ts';
import { publishRecords } from '#lib/jobs/publish.ts';

/** Publishes what happened on the event bus, and files it in the parties' own lists. */
export const job: StreamJob<'bus'> = {
  name: 'publishEvents',
  trigger: 'stream',
  of: ['event'],
  needs: ['bus'],
  run: ({ deps, bus }, records) => publishRecords(deps, bus, records),
};
