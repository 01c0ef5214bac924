import type { JobContext, JobSummary, Need, ScheduledJob, StreamJob, StreamRecord } from '#lib/jobs/job.ts';
import { metrics } from '#lib/ports.ts';

/** What is kept of an invocation's time: the batch it is at may have to be tried again and again, and the answer has to be given. */
const RESERVE_MS = 15_000;

/** What this reads of the context of an invocation. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

/** A scheduled job as a Lambda function, with the time of the invocation as its budget; its summary becomes metrics. */
export function scheduleHandler<Needs extends Need>(job: ScheduledJob<Needs>, context: JobContext<Needs>) {
  const { ports } = context.deps;
  return async (_event: unknown, invocation: InvocationContext): Promise<JobSummary> => {
    const summary = await job.run(context, () => invocation.getRemainingTimeInMillis() - RESERVE_MS);
    ports.log({ level: 'info', ...metrics(job.name, summary, ports) });
    return summary;
  };
}

/**
 * A stream job as a Lambda function that reports partial batch failures: what comes after the first failure is delivered again. How
 * many records could not be read becomes a metric.
 */
export function streamHandler<Needs extends Need>(job: StreamJob<Needs>, context: JobContext<Needs>) {
  const { ports } = context.deps;
  return async ({ Records }: { readonly Records: readonly StreamRecord[] }) => {
    const { again, illegible } = await job.run(context, Records);
    if (illegible > 0) ports.log({ level: 'error', ...metrics(job.name, { illegible }, ports) });
    return { batchItemFailures: again === undefined ? [] : [{ itemIdentifier: again }] };
  };
}
