import { AsyncLocalStorage } from 'node:async_hooks';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** What is known of a request to the table after all sendings of it. */
interface Doubt {
  /** Some sending of it got no answer that says what became of it: it may have been done, and may still be. */
  isUnsure: boolean;
}

// One client serves all calls of a process, and sends a request again by itself: the context tells whose sending it is.
const doubts = new AsyncLocalStorage<Doubt>();

/** Has the client note, for {@link sentOnce}, each sending that got no answer. */
export function watchSendings({ middlewareStack }: DynamoDBDocumentClient): void {
  middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        const doubt = doubts.getStore();
        if (doubt && isUnanswered(error)) doubt.isUnsure = true;
        throw error;
      }
    },
    // After the middleware that tries again, so that it sees every sending.
    { step: 'finalizeRequest', priority: 'low', name: 'watchSendings', override: true },
  );
}

/** The answer to a request, or the error if none of its sendings got one. Notes whether any got none. Throws what else it failed with. */
export async function sentOnce<Answer>(
  doubt: Doubt,
  send: () => Promise<Answer>,
): Promise<{ answer: Answer } | { error: unknown }> {
  const own = { isUnsure: false };
  try {
    return { answer: await doubts.run(own, send) };
  } catch (error) {
    // What failed before it was sent has not failed for want of an answer.
    if (!own.isUnsure || !isUnanswered(error)) throw error;
    return { error };
  } finally {
    doubt.isUnsure ||= own.isUnsure;
  }
}

/**
 * Whether an error leaves open what became of the request: a time-out, a cut connection, an answer that cannot be read, a fault of the
 * server. What the server refuses by its name was not done.
 */
function isUnanswered(error: unknown): boolean {
  const { $fault, $metadata, name } = Object(error);
  if ($fault === 'client' && name !== 'TransactionInProgressException') return false;
  const status = Number($metadata?.httpStatusCode ?? 0);
  return error instanceof Error && (status < 400 || status >= 500 || name === 'TransactionInProgressException');
}

/** What a call asked of the table: requests, and what they consumed in DynamoDB's read and write units. */
export interface Usage {
  roundTrips: number;
  readUnits: number;
  writeUnits: number;
}

/** What DynamoDB says a request consumed; of a batch or a transaction, by table. */
type Consumed = { readonly CapacityUnits?: number | undefined };

// One table serves all calls of a process, at the same time in the emulator: each call's context tells whose request it is.
const usages = new AsyncLocalStorage<Usage>();

/** Nothing asked yet. */
export const unused = (): Usage => ({ roundTrips: 0, readUnits: 0, writeUnits: 0 });

/** Runs a call, counting in `usage` what it asks of the table. */
export function metered<T>(usage: Usage, run: () => Promise<T>): Promise<T> {
  return usages.run(usage, run);
}

/** Counts one request towards the call it is part of, if it is part of any. A refused transaction's units are not told. */
export function countRequest(kind: 'readUnits' | 'writeUnits', consumed: Consumed | readonly Consumed[] = []): void {
  const usage = usages.getStore();
  if (usage === undefined) return;
  usage.roundTrips++;
  for (const { CapacityUnits = 0 } of [consumed].flat()) usage[kind] += CapacityUnits;
}
