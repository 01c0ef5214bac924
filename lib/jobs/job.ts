import type { Deps } from '#lib/deps.ts';
import type { Bus, LinkTokens, Mailer } from '#lib/jobs/needs.ts';
import type { Provider } from '#lib/jobs/provider.ts';

/**
 * What jobs may use besides the table. Permissions, environment and adapters of a job's function follow from the names
 * it lists.
 */
export interface Adapters {
  /** Where events are published. */
  readonly bus: Bus;
  /** What delivers mails. */
  readonly mail: Mailer;
  /** The secrets of links: all that a worker may have of the master key. */
  readonly linkTokens: LinkTokens;
  /** What applies baseline items to accounts. */
  readonly provider: Provider;
}

export type Need = keyof Adapters;

/** What a job is given: its process's dependencies and the adapters it names in `needs`. */
export type JobContext<Needs extends Need = Need> = { readonly deps: Deps } & Pick<Adapters, Needs>;

/** A change as the table's stream delivers it, with the item after the change in DynamoDB's own notation. */
export interface StreamRecord {
  readonly eventName?: string | undefined;
  readonly dynamodb?: StreamChange | undefined;
}

interface StreamChange {
  readonly SequenceNumber?: string | undefined;
  readonly Keys?: object | undefined;
  readonly NewImage?: object | undefined;
}

interface Declared<Needs extends Need> {
  readonly name: string;
  readonly needs: readonly Needs[];
}

/** Work on a schedule; answers a summary in numbers. `remainingMs()` is how long it may still run. */
export interface ScheduledJob<Needs extends Need = never> extends Declared<Needs> {
  readonly trigger: 'schedule';
  /** How often it runs. */
  readonly of: { readonly everyMinutes: number };
  run(context: JobContext<Needs>, remainingMs: () => number): Promise<JobSummary>;
}

/**
 * A summary of a run. `oldestOverdueMs`, which an alarm watches, is by how much the oldest thing it found was overdue.
 */
export type JobSummary = { readonly oldestOverdueMs: number; readonly [measure: string]: number | boolean };

/** Work on the table's stream. */
export interface StreamJob<Needs extends Need = never> extends Declared<Needs> {
  readonly trigger: 'stream';
  /** Row types whose insertion wakes the job. No other change is delivered. */
  readonly of: readonly string[];
  run(context: JobContext<Needs>, records: readonly StreamRecord[]): Promise<StreamOutcome>;
}

/** The outcome of a batch. */
export interface StreamOutcome {
  /** The sequence number from which the batch has to be delivered again, if it has to be. */
  readonly again: string | undefined;
  /** Records that nothing will ever be done for: they cannot be read, or what they ask for is refused for good. */
  readonly passedOver: number;
}

/** A job of any needs, for code that runs all jobs and has all adapters. */
export type Job = ScheduledJob<Need> | StreamJob<Need>;
