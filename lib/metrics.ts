import type { JobSummary } from '#lib/job.ts';

const NAMESPACE = 'Tributary';

/** The numbers of a summary as CloudWatch's embedded metrics, by job; times epoch ms. Spread into a log record. */
export function metrics(job: string, summary: JobSummary, wallNowMs: number): Readonly<Record<string, unknown>> {
  const names = Object.keys(summary).filter((name) => typeof summary[name] === 'number');
  return {
    _aws: {
      Timestamp: wallNowMs,
      CloudWatchMetrics: [
        { Namespace: NAMESPACE, Dimensions: [['job']], Metrics: names.map((Name) => ({ Name, Unit: unitOf(Name) })) },
      ],
    },
    job,
    ...summary,
  };
}

function unitOf(name: string): 'Milliseconds' | 'Count' {
  return name.endsWith('Ms') ? 'Milliseconds' : 'Count';
}
