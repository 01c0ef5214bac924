import type { JobContext, Need, StreamJob, StreamOutcome, StreamRecord } from '#lib/jobs/job.ts';
import { imageOf } from '#lib/table/rowKind.ts';

/**
 * Runs several jobs as one reader of the stream, because DynamoDB allows two per shard. Each job gets the records of
 * the row types it follows, and no job waits for another. Delivery starts again at the earliest record that any job
 * asks for, so a job may see records twice: jobs are idempotent by event id. A job that throws counts as having
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
        passedOver: outcomes.reduce((sum, { passedOver }) => sum + passedOver, 0),
      };
    },
  };
}

/** The records that a job follows: insertions of its row types. */
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
  if (first === undefined) return { again: undefined, passedOver: 0 };
  try {
    return await job.run(context, own);
  } catch (error) {
    context.deps.ports.log({ level: 'error', job: job.name, error: String(error) });
    return { again: placeOf(first), passedOver: 0 };
  }
}

function placeOf({ dynamodb }: StreamRecord): string {
  return dynamodb?.SequenceNumber ?? '';
}
