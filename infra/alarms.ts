import { type Deployed, functionId, logicalId } from '#infra/deployed.ts';
import { ids, metricNamespace, param, ref, type Template } from '#infra/names.ts';

const PERIOD_S = 300;
const MINUTE_S = 60;
/** Of the runs of a scheduled job two may fail, the third not. */
const RUNS = 3;

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

/** Tells the topic when a metric has gone above a number within a period, and when it is so no more. */
export function countAlarm({ says, metric, dimensions, above, whenSilent, periodS = PERIOD_S }: CountAlarm): Template {
  const [Namespace, MetricName, Statistic] = metric;
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmDescription: `${says} See docs/operations.md.`,
      Namespace,
      MetricName,
      Statistic,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      Period: periodS,
      Threshold: above,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      TreatMissingData: whenSilent ?? 'notBreaching',
      AlarmActions: [ref(ids.alarmTopic)],
      OKActions: [ref(ids.alarmTopic)],
    },
  };
}

/** Who is told, and the alarms of each function. Those of the stream and the API are made with them. */
export function alarms(all: readonly Deployed[]): Template {
  return {
    [ids.alarmTopic]: { Type: 'AWS::SNS::Topic', Properties: {} },
    AlarmMail: {
      Type: 'AWS::SNS::Subscription',
      Condition: 'HasAlarmMail',
      Properties: { TopicArn: ref(ids.alarmTopic), Protocol: 'email', Endpoint: param('alarmMail') },
    },
    ...Object.fromEntries(all.flatMap(failing)),
    ...Object.fromEntries(all.flatMap(overdue)),
  };
}

/**
 * Calls that crashed or ran out of time; calls that were throttled; and, of an operation, calls it answered with a fault of its own,
 * which to Lambda are successes. Each rings by itself: a sum of metrics, some of which may never have been counted, is none.
 */
function failing(deployed: Deployed): [string, Template][] {
  const { name, trigger } = deployed;
  const id = logicalId(deployed);
  const ofFunction = { FunctionName: ref(functionId(deployed)) };
  const rings = (says: string, metric: CountAlarm['metric'], dimensions: Template) =>
    countAlarm({ says: `${name} ${says}.`, metric, dimensions, above: 0 });
  const alarms: [string, Template][] = [
    [`${id}ErrorsAlarm`, rings('crashes or runs out of time', ['AWS/Lambda', 'Errors', 'Sum'], ofFunction)],
    [`${id}ThrottlesAlarm`, rings('is throttled', ['AWS/Lambda', 'Throttles', 'Sum'], ofFunction)],
  ];
  if (trigger.kind !== 'operation') return alarms;
  const { action, product } = trigger.operation;
  const faults = rings('answers faults', [metricNamespace, 'faults', 'Sum'], { product: product.name, action });
  return [...alarms, [`${id}FaultsAlarm`, faults]];
}

/** Silence breaches: a job that no longer runs reports nothing. */
function overdue(deployed: Deployed): [string, Template][] {
  const { name, trigger } = deployed;
  if (trigger.kind !== 'schedule') return [];
  const minutes = RUNS * trigger.job.of.everyMinutes;
  const alarm = countAlarm({
    says: `${name} leaves work more than ${minutes} minutes overdue, or does not run.`,
    metric: [metricNamespace, 'oldestOverdueMs', 'Maximum'],
    dimensions: { job: trigger.job.name },
    above: minutes * MINUTE_S * 1000,
    whenSilent: 'breaching',
    periodS: minutes * MINUTE_S,
  });
  return [[`${logicalId(deployed)}OverdueAlarm`, alarm]];
}
