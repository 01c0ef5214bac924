import { type Deployed, functionId, logicalId } from '#infra/deployed.ts';
import { ids, param, ref, type Template, type Value } from '#infra/names.ts';
import { METRIC_NAMESPACE } from '#lib/pipeline/metrics.ts';

const PERIOD_S = 300;
/** Two sweeps may fail, the third not. */
const OVERDUE_MS = 15 * 60 * 1000;
const SWEEP_S = 900;

/** An alarm on one metric: namespace, name and statistic. */
interface CountAlarm {
  /** What is the matter when it rings. */
  readonly says: string;
  readonly metric: readonly [namespace: string, name: string, statistic: 'Maximum' | 'Sum'];
  readonly dimensions: Template;
  readonly above: number;
  /** What silence means; usually nothing. */
  readonly whenSilent?: 'notBreaching' | 'breaching';
  readonly periodS?: number;
}

export function countAlarm({ says, metric, dimensions, above, whenSilent, periodS = PERIOD_S }: CountAlarm): Template {
  const [Namespace, MetricName, Statistic] = metric;
  return alarm(says, above, whenSilent, {
    Namespace,
    MetricName,
    Statistic,
    Dimensions: dimensionsOf(dimensions),
    Period: periodS,
  });
}

/** Who is told, an alarm for each function, and those of the sweep. Those of the stream and the API stand with them. */
export function alarms(all: readonly Deployed[]): Template {
  const sweeps = all.filter(({ trigger }) => trigger.kind === 'schedule');
  return {
    [ids.alarmTopic]: { Type: 'AWS::SNS::Topic', Properties: {} },
    AlarmMail: {
      Type: 'AWS::SNS::Subscription',
      Condition: 'HasAlarmMail',
      Properties: { TopicArn: ref(ids.alarmTopic), Protocol: 'email', Endpoint: param('alarmMail') },
    },
    ...Object.fromEntries(all.map((deployed) => [`${logicalId(deployed)}Alarm`, failing(deployed)])),
    ...Object.fromEntries(sweeps.map((deployed) => [`${logicalId(deployed)}OverdueAlarm`, overdue(deployed)])),
  };
}

/**
 * One alarm a function, so that the stack stays small: calls that crashed or ran out of time, calls that were throttled, and,
 * of an operation, calls it answered with a fault of its own, which to Lambda are successes.
 */
function failing(deployed: Deployed): Template {
  const { name, trigger } = deployed;
  const dimensions = { FunctionName: ref(functionId(deployed)) };
  const counted = [
    sum('errors', 'AWS/Lambda', 'Errors', dimensions),
    sum('throttles', 'AWS/Lambda', 'Throttles', dimensions),
    ...(trigger.kind === 'operation'
      ? [
          sum('faults', METRIC_NAMESPACE, 'faults', {
            product: trigger.operation.product.name,
            action: trigger.operation.action,
          }),
        ]
      : []),
  ];
  const Expression = counted.map(({ Id }) => `FILL(${Id}, 0)`).join(' + ');
  return alarm(`${name} fails, or is throttled.`, 0, undefined, {
    Metrics: [{ Id: 'failing', Expression, Label: 'failing' }, ...counted],
  });
}

function sum(Id: string, Namespace: string, MetricName: string, dimensions: Template) {
  const Metric = { Namespace, MetricName, Dimensions: dimensionsOf(dimensions) };
  return { Id, ReturnData: false, MetricStat: { Metric, Period: PERIOD_S, Stat: 'Sum' } };
}

/** Silence breaches: a sweep that no longer runs reports nothing. */
function overdue({ name, trigger }: Deployed): Template {
  return countAlarm({
    says: `${name} leaves invitations more than 15 minutes overdue, or does not run.`,
    metric: [METRIC_NAMESPACE, 'oldestOverdueMs', 'Maximum'],
    dimensions: { job: 'job' in trigger ? trigger.job : '' },
    above: OVERDUE_MS,
    whenSilent: 'breaching',
    periodS: SWEEP_S,
  });
}

function alarm(says: string, above: number, whenSilent: string | undefined, metric: Template): Template {
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmDescription: `${says} See docs/operations.md.`,
      ...metric,
      Threshold: above,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      TreatMissingData: whenSilent ?? 'notBreaching',
      AlarmActions: [ref(ids.alarmTopic)],
      OKActions: [ref(ids.alarmTopic)],
    },
  };
}

function dimensionsOf(dimensions: Template): Value {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}
