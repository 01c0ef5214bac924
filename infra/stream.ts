import { countAlarm } from '#infra/alarms.ts';
import { type Deployed, functionId } from '#infra/deployed.ts';
import { attribute, ids, metricNamespace, param, ref, type Template } from '#infra/names.ts';

const DAY_S = 24 * 60 * 60;
const BATCH = 100;
/** Half of what the stream keeps: what has failed for as long goes to the dead letters while it can still be read. */
const OLDEST_S = DAY_S / 2;
/** As often as that allows: a bus that is down for an hour must not cost an event. */
const WITHOUT_END = -1;
const KEPT_S = 14 * DAY_S;
const LATE_MS = 5 * 60 * 1000;

/** The stream of the table in use; one that was restored has a stream of its own. */
export const streamArn: Template = {
  'Fn::If': ['HasOwnTable', attribute(ids.table, 'StreamArn'), param('tableStream')],
};

/** Only what was newly recorded of the ledger wakes a worker: not nonces, not the worker's own marks. */
const newEvents = JSON.stringify({
  eventName: ['INSERT'],
  dynamodb: { NewImage: { type: { S: ['event'] } } },
});

/** From the table's stream to its workers, and where that goes which they cannot take. */
export function stream(all: readonly Deployed[]): Template {
  const followers = all.filter(({ trigger }) => trigger.kind === 'stream');
  return {
    [ids.deadLetters]: {
      Type: 'AWS::SQS::Queue',
      Properties: { MessageRetentionPeriod: KEPT_S, SqsManagedSseEnabled: true },
    },
    DeadLettersAlarm: countAlarm({
      says: 'Events of the ledger were not published and are waiting as dead letters.',
      metric: ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'Maximum'],
      dimensions: { QueueName: attribute(ids.deadLetters, 'QueueName') },
      above: 0,
    }),
    ...Object.fromEntries(followers.flatMap(followed)),
  };
}

function followed(follower: Deployed): [string, Template][] {
  const FunctionName = ref(functionId(follower));
  const mapping = {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      FunctionName,
      EventSourceArn: streamArn,
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: BATCH,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRecordAgeInSeconds: OLDEST_S,
      MaximumRetryAttempts: WITHOUT_END,
      FilterCriteria: { Filters: [{ Pattern: newEvents }] },
      DestinationConfig: { OnFailure: { Destination: attribute(ids.deadLetters, 'Arn') } },
    },
  };
  const late = countAlarm({
    says: `${follower.name} is more than five minutes behind the table's stream.`,
    metric: ['AWS/Lambda', 'IteratorAge', 'Maximum'],
    dimensions: { FunctionName },
    above: LATE_MS,
  });
  const illegible = countAlarm({
    says: `${follower.name} met events it cannot read, and passed them over.`,
    metric: [metricNamespace, 'illegible', 'Sum'],
    dimensions: { job: 'job' in follower.trigger ? follower.trigger.job : '' },
    above: 0,
  });
  const id = functionId(follower);
  return [
    [`${id}Mapping`, mapping],
    [`${id}LateAlarm`, late],
    [`${id}IllegibleAlarm`, illegible],
  ];
}
