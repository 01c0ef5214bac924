/** How often a request to AWS is made, the first time included. */
const ATTEMPTS = 3;
/**
 * How long AWS is waited for, ms: all attempts fit into what the vendors' clients wait for an answer
 * (docs/vendors/wire.md 7.5).
 */
export const ANSWER_MS = 900;

/**
 * How an SDK client of a Lambda function waits: it gives up early and asks again. Most of what is late is so on one connection
 * only. A transaction that was taken after all is not made twice: the SDK sends it again under the same token.
 */
export const patience = {
  maxAttempts: ATTEMPTS,
  requestHandler: { requestTimeout: ANSWER_MS, socketTimeout: ANSWER_MS, throwOnRequestTimeout: true },
} as const;
