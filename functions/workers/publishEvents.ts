import type { StreamJob } from '#lib/jobs/job.ts';
import { publishRecords } from '#lib/jobs/publish.ts';

/** Tells the event bus, and the parties' own lists, what happened. */
export const job: StreamJob = {
  name: 'publishEvents',
  trigger: 'stream',
  run: (deps, bus, records) => publishRecords(deps, bus, records),
};
