import type { JobContext, JobSummary, Need, ScheduledJob, StreamJob, StreamRecord } from '#lib/jobs/job.ts';
import { metrics } from '#lib/ports.ts';

/** Time kept in reserve, ms: the current batch may need retries, and the summary has to be logged. */
const RESERVE_MS = 15_000;

/** The parts used of an invocation's context. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

/** Serves a scheduled job as a Lambda function. Its time budget is the invocation's; its summary becomes metrics. */
export function scheduleHandler<Needs extends Need>(job: ScheduledJob<Needs>, context: JobContext<Needs>) {
  const { ports } = context.deps;
  return async (_event: unknown, invocation: InvocationContext): Promise<JobSummary> => {
    const summary = await job.run(context, () => invocation.getRemainingTimeInMillis() - RESERVE_MS);
    ports.log({ level: 'info', ...metrics(job.name, summary, ports) });
    return summary;
  };
}

/**
 * Serves a stream job as a Lambda function that reports partial batch failures: everything from the first failure on is
 * delivered again. The number of records that are passed over becomes a metric.
 */
export function streamHandler<Needs extends Need>(job: StreamJob<Needs>, context: JobContext<Needs>) {
  const { ports } = context.deps;
  return async ({ Records }: { readonly Records: readonly StreamRecord[] }) => {
    const { again, passedOver } = await job.run(context, Records);
    if (passedOver > 0) ports.log({ level: 'error', ...metrics(job.name, { passedOver }, ports) });
    return { batchItemFailures: again === undefined ? [] : [{ itemIdentifier: again }] };
  };
}
