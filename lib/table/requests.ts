import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Refusal } from '#lib/errors.ts';
import { itemProtocol, noLog, unneeded } from '#lib/table/protocol.ts';
import { itemSigner } from '#lib/table/signer.ts';
import type { Table } from '#lib/table/table.ts';
import { ANSWER_MS, ATTEMPTS, clientTimeouts, LOCAL_ANSWER_MS } from '#lib/timeouts.ts';

/**
 * How long after a request is first sent it may still be carried out, at the latest. A local server may take longer than
 * all attempts of a function, and deadlines have to be as sharp there.
 */
export const SENDING_MS = Math.max(ATTEMPTS * ANSWER_MS, LOCAL_ANSWER_MS);
const MAX_READS = 2;
const READ_PAUSE_MS = 20;

/** The same as a time, epoch ms, of a request that is sent at `nowMs`: even then a write has to be in time for its deadline. */
export function latestMs(nowMs: number): number {
  return nowMs + SENDING_MS;
}

/** A client of the table's database. */
export type DocumentClient = DynamoDBDocumentClient;

/** The document client of a Lambda function, whose credentials are in its environment. Opens no connection yet. */
export function productionClient(): DocumentClient {
  return itemClient({ credentials: fromEnv(), ...clientTimeouts }, randomUUID);
}

/** A document client that does for each request what a table needs, and no more. With `newToken`, its transactions carry a token each. */
export function itemClient(config: DynamoDBClientConfig, newToken?: () => string): DocumentClient {
  const signer = itemSigner(
    () => client.config.credentials(),
    () => client.config.region(),
  );
  const client = new DynamoDBClient({ ...config, signer, protocol: itemProtocol(newToken), logger: noLog });
  for (const tag of unneeded) client.middlewareStack.removeByTag(tag);
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

/** What is known of a request to the table, which the SDK may have sent several times. */
interface Doubt {
  /** One of the sendings got no conclusive answer: the request may have been done, or may still be. */
  isUnsure: boolean;
}

// One client serves all calls of a process and retries by itself; the async context tells which request a sending belongs to.
const doubts = new AsyncLocalStorage<Doubt>();

/** Makes the client note each sending that got no answer, for {@link sentOnce}. */
export function watchSendings({ middlewareStack }: DocumentClient): void {
  middlewareStack.add(
    (next) => {
      // Asked for as the request begins, which is when the client puts its middleware together.
      const doubt = doubts.getStore();
      return async (args) => {
        try {
          return await next(args);
        } catch (error) {
          if (doubt && isUnanswered(error)) doubt.isUnsure = true;
          throw error;
        }
      };
    },
    // After the middleware that retries, to see every sending.
    { step: 'finalizeRequest', priority: 'low', name: 'watchSendings', override: true },
  );
}

/** The answer to a request, or the error if no sending got one. Sets `doubt` if any got none. Throws every other error. */
export async function sentOnce<Answer>(
  doubt: Doubt,
  send: () => Promise<Answer>,
): Promise<{ answer: Answer } | { error: unknown }> {
  const own = { isUnsure: false };
  try {
    return { answer: await doubts.run(own, send) };
  } catch (error) {
    // A failure before sending is not a missing answer.
    if (!own.isUnsure || !isUnanswered(error)) throw error;
    return { error };
  } finally {
    doubt.isUnsure ||= own.isUnsure;
  }
}

/**
 * Whether an error leaves open if the request was done: a time-out, a cut connection, an unreadable answer, or a fault of
 * the server. What the server refuses with a client error was not done.
 */
function isUnanswered(error: unknown): boolean {
  const { $fault, $metadata, name } = Object(error);
  if ($fault === 'client' && name !== 'TransactionInProgressException') return false;
  const status = Number($metadata?.httpStatusCode ?? 0);
  return error instanceof Error && (status < 400 || status >= 500 || name === 'TransactionInProgressException');
}

/** Throttling, as DynamoDB names it. The client has retried already; nothing was done. */
const throttling: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
]);

/** The answer to a read, which is sent again if it got none. Throws `Busy` when throttled or still without an answer. */
export async function readWithRetry<Answer>(send: () => Promise<Answer>, pause: Table['pause']): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const result = await sentOnce({ isUnsure: false }, () => busyIfThrottled(send()));
    if ('answer' in result) return result.answer;
    const { error } = result;
    if (attempt === MAX_READS || wasRetried(error)) throw new Refusal('Busy', {}, { cause: error });
    await pause(READ_PAUSE_MS);
  }
}

/** Whether the client itself has retried, as it does after a time-out, but not after an answer that was cut short. */
function wasRetried(error: unknown): boolean {
  return Number(Object(error).$metadata?.attempts ?? 1) > 1;
}

/** The answer to a request. Throws `Busy` when throttled. */
export async function busyIfThrottled<Answer>(sent: Promise<Answer>): Promise<Answer> {
  try {
    return await sent;
  } catch (error) {
    if (error instanceof Error && throttling.has(error.name)) throw new Refusal('Busy', {});
    throw error;
  }
}

/**
 * A call's use of the table: its requests, how many of them it waited for one after the other, and the read and write units that they
 * consumed. Requests side by side are one round trip.
 */
export interface Usage {
  requests: number;
  roundTrips: number;
  readUnits: number;
  writeUnits: number;
}

/** An answer with the capacity that its request consumed; batches and transactions list it by table. */
export interface Metered {
  readonly ConsumedCapacity?: Consumed | Consumed[] | undefined;
}

type Consumed = { readonly CapacityUnits?: number | undefined };

// In the emulator a process serves several calls at once; the async context tells which call a request belongs to.
const usages = new AsyncLocalStorage<Usage>();

export const unused = (): Usage => ({ requests: 0, roundTrips: 0, readUnits: 0, writeUnits: 0 });

/** Runs a call and counts its requests to the table in `usage`. */
export function metered<T>(usage: Usage, run: () => Promise<T>): Promise<T> {
  return usages.run(usage, run);
}

/**
 * Counts a request of the current call, if there is one, as `send` has it carried out. DynamoDB does not tell the units of a cancelled
 * transaction.
 */
export async function counted<Answer extends Metered>(
  kind: 'readUnits' | 'writeUnits',
  send: () => Promise<Answer>,
): Promise<Answer> {
  const usage = usages.getStore();
  if (usage === undefined) return send();
  usage.requests++;
  // It waits for whatever has been answered by now, and for nothing that is still under way.
  const roundTrip = usage.roundTrips + 1;
  try {
    const answer = await send();
    const { ConsumedCapacity: consumed = [] } = answer;
    for (const { CapacityUnits = 0 } of Array.isArray(consumed) ? consumed : [consumed]) usage[kind] += CapacityUnits;
    return answer;
  } finally {
    usage.roundTrips = Math.max(usage.roundTrips, roundTrip);
  }
}
