/** Attempts per request to AWS, the first one included. */
const ATTEMPTS = 3;
/**
 * How long an answer from AWS is waited for, ms. All attempts together fit into what the vendors' clients wait
 * (docs/vendors/wire.md 7.5).
 */
export const ANSWER_MS = 900;
/** How long after it was made a request may still be carried out, unless it was lost on its way. */
export const SENDING_MS = ATTEMPTS * ANSWER_MS;

/**
 * Timeouts of a Lambda function's SDK clients: they give up early and try again, because most delays affect one
 * connection only. A transaction is not made twice: the SDK repeats it under the same token.
 */
export const patience = {
  maxAttempts: ATTEMPTS,
  requestHandler: { requestTimeout: ANSWER_MS, socketTimeout: ANSWER_MS, throwOnRequestTimeout: true },
} as const;
