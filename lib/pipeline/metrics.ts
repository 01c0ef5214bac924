import type { JobSummary } from '#lib/jobs/job.ts';

/** Where CloudWatch keeps them: each stage's apart, lest a healthy one speak for another. */
const namespace = () => process.env['METRIC_NAMESPACE'] ?? 'Tributary';

/** The numbers of a summary as CloudWatch's embedded metrics, by job; times epoch ms. Spread into a log record. */
export function metrics(job: string, summary: JobSummary, wallNowMs: number): Readonly<Record<string, unknown>> {
  const names = Object.keys(summary).filter((name) => typeof summary[name] === 'number');
  return { ...embedded(['job'], names, wallNowMs), job, ...summary };
}

/** Makes metrics, by product and action, of the record of a call: that it was one, whether it was a fault, its `durationMs`. */
export function callMetrics(isFault: boolean, wallNowMs: number): Readonly<Record<string, unknown>> {
  const names = ['calls', 'faults', 'durationMs'];
  return { ...embedded(['product', 'action'], names, wallNowMs), calls: 1, faults: isFault ? 1 : 0 };
}

function embedded(dimensions: readonly string[], names: readonly string[], Timestamp: number) {
  const Metrics = names.map((Name) => ({ Name, Unit: unitOf(Name) }));
  return {
    _aws: { Timestamp, CloudWatchMetrics: [{ Namespace: namespace(), Dimensions: [dimensions], Metrics }] },
  };
}

function unitOf(name: string): 'Milliseconds' | 'Count' {
  return name.endsWith('Ms') ? 'Milliseconds' : 'Count';
}
