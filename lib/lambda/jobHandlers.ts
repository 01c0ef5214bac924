import type { Deps } from '#lib/deps.ts';
import type { ScheduledJob, StreamJob, StreamRecord } from '#lib/jobs/job.ts';
import { type Bus, metrics } from '#lib/ports.ts';

/** What is kept of an invocation's time: the batch it is at may have to be tried again and again, and the answer has to be given. */
const RESERVE_MS = 15_000;

/** What this reads of the context of an invocation. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

/** A scheduled job as a Lambda function, with the time of the invocation as its budget; its summary becomes metrics. */
export function scheduleHandler(job: ScheduledJob, deps: Deps) {
  return async (_event: unknown, context: InvocationContext): Promise<object> => {
    const summary = await job.run(deps, () => context.getRemainingTimeInMillis() - RESERVE_MS);
    deps.ports.log({ level: 'info', ...metrics(job.name, summary, deps.ports) });
    return summary;
  };
}

/**
 * A stream job as a Lambda function that reports partial batch failures: what comes after the first failure is delivered again. How
 * many records could not be read becomes a metric.
 */
export function streamHandler(job: StreamJob, deps: Deps, bus: Bus) {
  return async ({ Records }: { readonly Records: readonly StreamRecord[] }) => {
    const { again, illegible } = await job.run(deps, bus, Records);
    if (illegible > 0) deps.ports.log({ level: 'error', ...metrics(job.name, { illegible }, deps.ports) });
    return { batchItemFailures: again === undefined ? [] : [{ itemIdentifier: again }] };
  };
}
