import type { Ports } from '#lib/ports.ts';

/** The numbers of a summary as CloudWatch's embedded metrics, by job. Spread into a log record. */
export function metrics(
  job: string,
  summary: Readonly<Record<string, number | boolean>>,
  ports: Ports,
): Readonly<Record<string, unknown>> {
  const names = Object.keys(summary).filter((name) => typeof summary[name] === 'number');
  return { ...embedded(['job'], names, ports), job, ...summary };
}

/** Makes metrics, by product and action, of the record of a call: that it was one, whether it was a fault, its `durationMs`. */
export function callMetrics(isFault: boolean, ports: Ports): Readonly<Record<string, unknown>> {
  const names = ['calls', 'faults', 'durationMs'];
  return { ...embedded(['product', 'action'], names, ports), calls: 1, faults: isFault ? 1 : 0 };
}

function embedded(dimensions: readonly string[], names: readonly string[], { metricNamespace, wallNow }: Ports) {
  const Metrics = names.map((Name) => ({ Name, Unit: unitOf(Name) }));
  const CloudWatchMetrics = [{ Namespace: metricNamespace, Dimensions: [dimensions], Metrics }];
  return { _aws: { Timestamp: wallNow(), CloudWatchMetrics } };
}

function unitOf(name: string): 'Milliseconds' | 'Count' {
  return name.endsWith('Ms') ? 'Milliseconds' : 'Count';
}
