import type { JobContext, Need, StreamJob, StreamOutcome, StreamRecord } from '#lib/jobs/job.ts';
import { imageOf } from '#lib/table/streamImage.ts';

/**
 * Several jobs as one, for a function or a process that is one reader of the stream: DynamoDB allows two a shard. Each job gets the
 * records of the row types it follows, and none waits for another. What has to be delivered again begins at the earliest place that any
 * of them names, so that a job may get records anew that it has processed: jobs are idempotent by event id. One that throws has
 * processed nothing.
 */
export function shared<Needs extends Need>(name: string, jobs: readonly StreamJob<Needs>[]): StreamJob<Needs> {
  return {
    name,
    trigger: 'stream',
    of: [...new Set(jobs.flatMap((job) => job.of))],
    needs: [...new Set(jobs.flatMap((job) => job.needs))],
    async run(context, records) {
      const outcomes = await Promise.all(jobs.map((job) => outcomeOf(job, context, records)));
      const places = new Set(outcomes.map(({ again }) => again));
      return {
        again: records.map(placeOf).find((place) => places.has(place)),
        illegible: outcomes.reduce((sum, { illegible }) => sum + illegible, 0),
      };
    },
  };
}

/** The records a job follows: insertions of rows of its types. */
function followedBy({ of }: StreamJob<Need>, records: readonly StreamRecord[]): StreamRecord[] {
  return records.filter(({ eventName, dynamodb }) => {
    const image = eventName === 'INSERT' && dynamodb?.NewImage ? imageOf(dynamodb.NewImage) : {};
    return of.includes(String(image['type']));
  });
}

async function outcomeOf<Needs extends Need>(
  job: StreamJob<Needs>,
  context: JobContext<Needs>,
  records: readonly StreamRecord[],
): Promise<StreamOutcome> {
  const own = followedBy(job, records);
  const [first] = own;
  if (first === undefined) return { again: undefined, illegible: 0 };
  try {
    return await job.run(context, own);
  } catch (error) {
    context.deps.ports.log({ level: 'error', job: job.name, error: String(error) });
    return { again: placeOf(first), illegible: 0 };
  }
}

function placeOf({ dynamodb }: StreamRecord): string {
  return dynamodb?.SequenceNumber ?? '';
}
