import { Refusal } from '#lib/errors.ts';
import { sentOnce } from '#lib/table/requests.ts';
import type { Action, Cancellation, Row, Table } from '#lib/table/table.ts';

/** One item of a write. When its condition fails, `refused` names the reason from the item that was there, or another write to try. */
export interface WriteItem {
  readonly action: Action;
  /** Its condition alone, if it has one, for a write that is only to be tried. */
  readonly checkOnly?: (() => Action) | undefined;
  readonly refused: (old: Row | undefined) => Error | Write;
}

/** All that one mutation changes: committed in a single transaction, or not at all. */
export type Write = readonly WriteItem[];

/** What a write was computed from, or the id it drew, is no longer good: the operation is run again. */
export class Stale extends Error {}

const CONDITION_FAILED = 'ConditionalCheckFailed';

/** Cancellations that say nothing of the write, only of the moment. */
const passing: ReadonlySet<string> = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

/** How long a write is tried for where nobody says, ms. */
const PATIENCE_MS = 2500;
const FIRST_PAUSE_MS = 8;
const LONGEST_PAUSE_MS = 250;

/** How a write is committed, where it is more than a write by itself. */
export interface Committing {
  /** Wraps every write before it is sent. */
  readonly around?: (write: Write) => Write;
  /** How long it may still be tried for, ms. */
  readonly remainingMs?: () => number;
  /** Told whether some sending got no answer: it may have been done, and may still be. */
  readonly doubt?: { isUnsure: boolean };
}

/**
 * Commits a write: one transaction, one round trip when nothing stands against it. Items are listed in order of
 * precedence: the first whose condition failed decides, once no item before it is in conflict. A conflict with a concurrent
 * transaction, too much load on a part of the table, or no answer is tried again after a pause and never shown. Throws what the
 * deciding item's `refused` gives; `Busy`, or `OutcomeUnknown` after a sending without an answer, when the time is up.
 */
export async function commit(table: Table, write: Write, committing: Committing = {}): Promise<void> {
  const { around = (itself) => itself, remainingMs = within(PATIENCE_MS), doubt = { isUnsure: false } } = committing;
  let current = write;
  for (let attempt = 0; attempt === 0 || remainingMs() > 0; attempt++) {
    const items = around(current);
    const cancelled = items.length === 0 ? undefined : await sent(table, items, doubt);
    if (cancelled === undefined) return;
    const decisive = cancelled.findIndex(({ code }) => code === CONDITION_FAILED || passing.has(code));
    const item = items[decisive];
    const reason = cancelled[decisive];
    if (reason?.code === CONDITION_FAILED && item) {
      const outcome = item.refused(reason.old);
      if (outcome instanceof Error) throw outcome;
      current = outcome;
    } else if (reason || cancelled.length === 0) await table.pause(pauseMs(attempt));
    else throw new Error(`a transaction was cancelled: ${told(cancelled)}`);
  }
  throw new Refusal(doubt.isUnsure ? 'OutcomeUnknown' : 'Busy', {});
}

/** Sends a write once. Answers why it was cancelled, if it was; nothing decided that, where it got no answer. */
async function sent(table: Table, items: Write, doubt: { isUnsure: boolean }): Promise<Cancellation[] | undefined> {
  const sending = await sentOnce(doubt, () => table.transact(items.map(({ action }) => action)));
  return 'answer' in sending ? sending.answer : [];
}

function within(ms: number): () => number {
  const endMs = performance.now() + ms;
  return () => endMs - performance.now();
}

function pauseMs(attempt: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS);
}

function told(cancelled: readonly Cancellation[]): string {
  return cancelled.map(({ code, message }) => `${code} ${message}`).join();
}
