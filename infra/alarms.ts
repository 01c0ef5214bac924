import { type Deployed, functionId, logicalId } from '#infra/deployed.ts';
import { ids, metricNamespace, param, type Resource, type Resources, ref, type Template } from '#infra/names.ts';

const PERIOD_S = 300;
const MINUTE_S = 60;
/** A scheduled job may fail twice; the alarm rings at the third missing run. */
const RUNS = 3;

/** An alarm on one metric: namespace, name and statistic. */
interface CountAlarm {
  /** What is wrong when it rings, for whoever gets the mail. */
  readonly says: string;
  readonly metric: readonly [namespace: string, name: string, statistic: 'Maximum' | 'Sum'];
  readonly dimensions: Template;
  readonly above: number;
  /** What missing data means; usually that all is well. */
  readonly whenSilent?: 'notBreaching' | 'breaching';
  readonly periodS?: number;
}

/**
 * An alarm that notifies a topic, this stack's unless another is given, when a metric exceeds a number within a period,
 * and again when it no longer does.
 */
export function countAlarm(
  { says, metric, dimensions, above, whenSilent, periodS = PERIOD_S }: CountAlarm,
  topic: Template = ref(ids.alarmTopic),
): Resource {
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
      AlarmActions: [topic],
      OKActions: [topic],
    },
  };
}

/** The topic of all alarms, and the address that is subscribed to it. */
export function alarmTopic(): Resources {
  return {
    [ids.alarmTopic]: { Type: 'AWS::SNS::Topic', Properties: {} },
    AlarmMail: {
      Type: 'AWS::SNS::Subscription',
      Condition: 'HasAlarmMail',
      Properties: { TopicArn: ref(ids.alarmTopic), Protocol: 'email', Endpoint: param('alarmMail') },
    },
  };
}

/** The alarms of functions. */
export function functionAlarms(functions: readonly Deployed[], topic: Template): Resources {
  return Object.fromEntries(functions.flatMap((one) => [...failing(one, topic), ...overdue(one, topic)]));
}

/**
 * Alarms for calls that crashed or timed out; of a worker, for throttled ones; and of an operation or a page, for calls answered with a
 * fault of its own, which Lambda counts as successes. A throttled call that came through the API is a fault of that, which has an
 * alarm. Each metric has its own alarm: CloudWatch cannot add metrics of which one has no data yet.
 */
function failing(deployed: Deployed, topic: Template): [string, Resource][] {
  const { name } = deployed;
  const id = logicalId(deployed);
  const ofFunction = { FunctionName: ref(functionId(deployed)) };
  const rings = (says: string, metric: CountAlarm['metric'], dimensions: Template) =>
    countAlarm({ says: `${name} ${says}.`, metric, dimensions, above: 0 }, topic);
  const errors: [string, Resource] = [
    `${id}ErrorsAlarm`,
    rings('crashes or runs out of time', ['AWS/Lambda', 'Errors', 'Sum'], ofFunction),
  ];
  const throttles: [string, Resource] = [
    `${id}ThrottlesAlarm`,
    rings('is throttled', ['AWS/Lambda', 'Throttles', 'Sum'], ofFunction),
  ];
  const alarms = 'job' in deployed.trigger ? [errors, throttles] : [errors];
  const counted = countedAs(deployed);
  if (counted === undefined) return alarms;
  const faults = rings('answers faults', [metricNamespace, 'faults', 'Sum'], counted);
  return [...alarms, [`${id}FaultsAlarm`, faults]];
}

/** The dimensions of a function's own metrics. */
function countedAs({ trigger }: Deployed): Template | undefined {
  if (trigger.kind === 'operation') {
    return { product: trigger.operation.product.name, action: trigger.operation.action };
  }
  return trigger.kind === 'page' ? { product: trigger.page.product, action: trigger.page.name } : undefined;
}

/** Missing data rings too, because a job that has stopped running reports nothing. */
function overdue(deployed: Deployed, topic: Template): [string, Resource][] {
  const { name, trigger } = deployed;
  if (trigger.kind !== 'schedule') return [];
  const minutes = RUNS * trigger.job.of.everyMinutes;
  const alarm: CountAlarm = {
    says: `${name} leaves work more than ${minutes} minutes overdue, or does not run.`,
    metric: [metricNamespace, 'oldestOverdueMs', 'Maximum'],
    dimensions: { job: trigger.job.name },
    above: minutes * MINUTE_S * 1000,
    whenSilent: 'breaching',
    periodS: minutes * MINUTE_S,
  };
  return [[`${logicalId(deployed)}OverdueAlarm`, countAlarm(alarm, topic)]];
}
