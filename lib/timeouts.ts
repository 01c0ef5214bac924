/** Attempts per request to AWS, the first one included. */
export const ATTEMPTS = 3;
/** How long to wait for an answer from AWS, ms. All attempts together take less than the vendors' clients wait (docs/vendors/wire.md 7.5). */
export const ANSWER_MS = 900;

/** How long a local server is waited for, ms: longer than a busy machine takes, less than the vendors' clients wait. */
export const LOCAL_ANSWER_MS = 8000;

/**
 * Timeouts of a Lambda function's SDK clients. They give up early and try again, because most delays affect one connection
 * only. A transaction is not made twice: the SDK repeats it with the same token.
 */
export const clientTimeouts = {
  maxAttempts: ATTEMPTS,
  requestHandler: { requestTimeout: ANSWER_MS, socketTimeout: ANSWER_MS, throwOnRequestTimeout: true },
} as const;
