/** How often a request to AWS is made, the first time included. */
const ATTEMPTS = 3;
/** How long AWS is waited for, ms: all attempts fit into what the vendors' clients wait for an answer (reference wire 7.5). */
export const ANSWER_MS = 900;
/** How long after it was made a request may still be carried out, unless it was lost on its way. */
export const SENDING_MS = ATTEMPTS * ANSWER_MS;

/**
 * How an SDK client of a Lambda function waits: it gives up early and asks again. Most of what is late is so on one connection
 * only. A transaction that was taken after all is not made twice: the SDK sends it again under the same token.
 */
export const patience = {
  maxAttempts: ATTEMPTS,
  requestHandler: { requestTimeout: ANSWER_MS, socketTimeout: ANSWER_MS, throwOnRequestTimeout: true },
} as const;
