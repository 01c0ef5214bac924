import { Refusal } from '#lib/errors.ts';
import { sentOnce } from '#lib/table/requests.ts';
import type { Action, Cancellation, Key, Row, Table } from '#lib/table/table.ts';

/** One item of a write. If its condition fails, `refused` gives the error, or another write to try, from the row found. */
export interface WriteItem {
  readonly action: Action;
  /** Its condition alone, if it has one, for a dry run. */
  readonly checkOnly?: (() => Action) | undefined;
  readonly refused: (old: Row | undefined) => Error | Write;
  /** Its row, if a look at that tells beforehand whether the write is bound to be refused: `refused` is `Stale` where nothing stands against it. */
  readonly foreseenBy?: Key;
}

/** Everything that one mutation changes, in a single transaction. */
export type Write = readonly WriteItem[];

/** What a write was computed from has changed, or its random id is taken: the operation is run again. */
export class Stale extends Error {}

const CONDITION_FAILED = 'ConditionalCheckFailed';

/** Conflicts and throttling, after which the same write may be tried again. */
const transient: ReadonlySet<string> = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

/** How long a write is tried for unless `remainingMs` says otherwise, ms. */
const TRY_FOR_MS = 2500;
const FIRST_PAUSE_MS = 8;
const LONGEST_PAUSE_MS = 250;

export interface CommitOptions {
  /** Wraps every write before it is sent. */
  readonly around?: (write: Write) => Write;
  /** How long it may still be tried for, ms. */
  readonly remainingMs?: () => number;
  /** Set if a request got no answer: the write may have been done, or may still be. */
  readonly doubt?: { isUnsure: boolean };
}

/**
 * Commits a write in one transaction, and in one round trip if nothing stands against it. Items are in order of precedence:
 * the first whose condition failed decides, unless an item before it is in conflict or throttled. After a conflict,
 * throttling or no answer, the write is tried again after a pause. Throws what the deciding item's `refused` gives; when
 * the time is up, `OutcomeUnknown` if a request got no answer, else `Busy`.
 */
export async function commit(table: Table, write: Write, options: CommitOptions = {}): Promise<void> {
  const { around = (itself) => itself, remainingMs = countDown(TRY_FOR_MS), doubt = { isUnsure: false } } = options;
  let current = write;
  for (let attempt = 0; attempt === 0 || remainingMs() > 0; attempt++) {
    const items = around(current);
    const cancelled = items.length === 0 ? undefined : await send(table, items, doubt);
    if (cancelled === undefined) return;
    const decisive = cancelled.findIndex(({ code }) => code === CONDITION_FAILED || transient.has(code));
    const item = items[decisive];
    const reason = cancelled[decisive];
    if (reason?.code === CONDITION_FAILED && item) {
      const outcome = item.refused(reason.old);
      if (outcome instanceof Error) throw outcome;
      current = outcome;
    } else if (reason || cancelled.length === 0) await table.pause(pauseMs(attempt));
    else throw new Error(`a transaction was cancelled: ${describe(cancelled)}`);
  }
  throw new Refusal(doubt.isUnsure ? 'OutcomeUnknown' : 'Busy', {});
}

/** Throws what a write is bound to be refused with, if a look at the row of its first item tells. */
export async function lookAhead(table: Table, [first]: Write): Promise<void> {
  if (first?.foreseenBy === undefined) return;
  const outcome = first.refused(await table.get(first.foreseenBy));
  if (outcome instanceof Error && !(outcome instanceof Stale)) throw outcome;
}

/** Whether a request to the table was given up, for want of time or of an answer. That says nothing of the rows: it may be tried again. */
export function isGivenUp(error: unknown): boolean {
  return error instanceof Refusal && (error.reason === 'Busy' || error.reason === 'OutcomeUnknown');
}

/** Sends a write. Answers why it was cancelled, if it was; an empty list if it got no answer. */
async function send(table: Table, items: Write, doubt: { isUnsure: boolean }): Promise<Cancellation[] | undefined> {
  const result = await sentOnce(doubt, () => table.transact(items.map(({ action }) => action)));
  return 'answer' in result ? result.answer : [];
}

function countDown(ms: number): () => number {
  const endMs = performance.now() + ms;
  return () => endMs - performance.now();
}

function pauseMs(attempt: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS);
}

function describe(cancelled: readonly Cancellation[]): string {
  return cancelled.map(({ code, message }) => `${code} ${message}`).join();
}
