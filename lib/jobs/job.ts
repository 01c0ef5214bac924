import type { Deps } from '#lib/deps.ts';
import type { Bus } from '#lib/ports.ts';

/** What jobs may need beside the table. Rights, environment and adapters of a job's function follow from what it names. */
export interface Adapters {
  /** Where events are published. */
  readonly bus: Bus;
}

export type Need = keyof Adapters;

/** What a job works with: the dependencies of its process, and what it named as its needs. */
export type JobContext<Needs extends Need = Need> = { readonly deps: Deps } & Pick<Adapters, Needs>;

/** A change of the table, as its stream delivers it: the item after the change, in DynamoDB's own notation. */
export interface StreamRecord {
  readonly eventName?: string | undefined;
  readonly dynamodb?: StreamChange | undefined;
}

interface StreamChange {
  readonly SequenceNumber?: string | undefined;
  readonly NewImage?: object | undefined;
}

interface Declared<Needs extends Need> {
  readonly name: string;
  readonly needs: readonly Needs[];
}

/** Work on a schedule: what it did comes back as its summary, in numbers. `remainingMs()` is how long it may still run. */
export interface ScheduledJob<Needs extends Need = never> extends Declared<Needs> {
  readonly trigger: 'schedule';
  /** How often it runs. */
  readonly of: { readonly everyMinutes: number };
  run(context: JobContext<Needs>, remainingMs: () => number): Promise<JobSummary>;
}

/** What a run did. An alarm follows `oldestOverdueMs`: how long what it found had been due, at most. */
export type JobSummary = { readonly oldestOverdueMs: number; readonly [measure: string]: number | boolean };

/** Work on the table's stream. */
export interface StreamJob<Needs extends Need = never> extends Declared<Needs> {
  readonly trigger: 'stream';
  /** The types of the rows whose insertion it follows; no other change is delivered to it. */
  readonly of: readonly string[];
  run(context: JobContext<Needs>, records: readonly StreamRecord[]): Promise<StreamOutcome>;
}

/** What came of a batch. */
export interface StreamOutcome {
  /** The sequence number from which the batch has to be delivered again, if any. */
  readonly again: string | undefined;
  /** How many records could not be read, and never will be. */
  readonly illegible: number;
}

/** A job, its needs erased: whoever runs it gives it all that jobs may need. */
export type Job = ScheduledJob<Need> | StreamJob<Need>;
