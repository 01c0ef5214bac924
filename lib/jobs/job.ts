import type { Deps } from '#lib/deps.ts';
import type { Bus } from '#lib/ports.ts';

/** A change of the table, as its stream delivers it: the item after the change, in DynamoDB's own notation. */
export interface StreamRecord {
  readonly eventName?: string | undefined;
  readonly dynamodb?: StreamChange | undefined;
}

interface StreamChange {
  readonly SequenceNumber?: string | undefined;
  readonly NewImage?: object | undefined;
}

/** Work on a schedule: what it did comes back as its summary, in numbers. `remainingMs()` is how long it may still run. */
export interface ScheduledJob {
  readonly name: string;
  readonly trigger: 'schedule';
  run(deps: Deps, remainingMs: () => number): Promise<JobSummary>;
}

export type JobSummary = Readonly<Record<string, number | boolean>>;

/** Work on the table's stream. */
export interface StreamJob {
  readonly name: string;
  readonly trigger: 'stream';
  run(deps: Deps, bus: Bus, records: readonly StreamRecord[]): Promise<StreamOutcome>;
}

/** What came of a batch. */
export interface StreamOutcome {
  /** The sequence number from which the batch has to be delivered again, if any. */
  readonly again: string | undefined;
  /** How many records could not be read, and never will be. */
  readonly illegible: number;
}
