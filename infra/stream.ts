import { countAlarm } from '#infra/alarms.ts';
import { type Deployed, functionId } from '#infra/deployed.ts';
import { StartError } from '#infra/local/startError.ts';
import {
  attribute,
  ids,
  metricNamespace,
  param,
  type Resource,
  type Resources,
  ref,
  type Template,
} from '#infra/names.ts';

/** DynamoDB allows this many readers of a shard, and each function on the stream is one. */
const MOST_READERS = 2;
const DAY_S = 24 * 60 * 60;
const BATCH = 100;
/**
 * Half of the time that the stream keeps a record, so that a failing record goes to the dead letters while it can still
 * be read.
 */
const OLDEST_S = DAY_S / 2;
/** Retries end only by age: an hour without the bus must not cost an event. */
const WITHOUT_END = -1;
const KEPT_S = 14 * DAY_S;
const LATE_MS = 5 * 60 * 1000;

/** The stream of the table in use. A restored table has its own stream. */
export const streamArn: Template = {
  'Fn::If': ['HasOwnTable', attribute(ids.table, 'StreamArn'), param('tableStream')],
};

/**
 * The mappings from the table's stream to the functions that follow it, and the dead-letter queue for what these could
 * not process. Throws `StartError` for more functions than the stream can have.
 */
export function stream(all: readonly Deployed[]): Resources {
  const followers = all.filter(({ trigger }) => trigger.kind === 'stream');
  if (followers.length > MOST_READERS) {
    const names = followers.map(({ name }) => name).join(', ');
    throw new StartError(
      `DynamoDB allows two functions on the table's stream, and there are ${followers.length} (${names}): let jobs share one (lib/jobs/shared.ts).`,
    );
  }
  return {
    [ids.deadLetters]: {
      Type: 'AWS::SQS::Queue',
      Properties: { MessageRetentionPeriod: KEPT_S, SqsManagedSseEnabled: true },
    },
    DeadLettersAlarm: countAlarm({
      says: 'Changes of the table could not be processed and are waiting as dead letters.',
      metric: ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'Maximum'],
      dimensions: { QueueName: attribute(ids.deadLetters, 'QueueName') },
      above: 0,
    }),
    ...Object.fromEntries(followers.flatMap(followed)),
  };
}

/** A job is woken only by insertions of the row types it follows, not by nonces or its own updates. */
function insertionsOf(types: readonly string[]): string {
  return JSON.stringify({ eventName: ['INSERT'], dynamodb: { NewImage: { type: { S: types } } } });
}

function followed(follower: Deployed): [string, Resource][] {
  const { trigger } = follower;
  if (trigger.kind !== 'stream') return [];
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
      FilterCriteria: { Filters: [{ Pattern: insertionsOf(trigger.job.of) }] },
      DestinationConfig: { OnFailure: { Destination: attribute(ids.deadLetters, 'Arn') } },
    },
  };
  const late = countAlarm({
    says: `${follower.name} is more than five minutes behind the table's stream.`,
    metric: ['AWS/Lambda', 'IteratorAge', 'Maximum'],
    dimensions: { FunctionName },
    above: LATE_MS,
  });
  const passedOver = countAlarm({
    says: `${follower.name} met changes it can never do anything for, and passed them over.`,
    metric: [metricNamespace, 'passedOver', 'Sum'],
    dimensions: { job: trigger.job.name },
    above: 0,
  });
  const id = functionId(follower);
  return [
    [`${id}Mapping`, mapping],
    [`${id}LateAlarm`, late],
    [`${id}PassedOverAlarm`, passedOver],
  ];
}
