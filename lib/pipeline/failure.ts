import { SignatureError } from '#lib/auth/signatureError.ts';
import type { Dialect, Failure } from '#lib/dialects/dialect.ts';
import { answerTo, isCommon, Refusal } from '#lib/errors.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';

/** What became of a call, as its record names it. */
export interface Outcome {
  readonly status: number;
  readonly code: string;
  /** Why it was refused: the canonical reason, or the code of the signature's scheme. */
  readonly reason?: string;
  /** The operation does not declare the reason. That is a defect of ours, whatever the caller did. */
  readonly undeclared?: true;
}

/**
 * How an error is answered and what is recorded of it: a refusal in the words of the operation, else of its product, else, before the
 * product is known, of the dialect. What is no refusal, or one that nobody has words for, is answered as `Internal`.
 */
export function failureOf(
  error: unknown,
  dialect: Dialect,
  operation: Operation | undefined,
): { failure: Failure; outcome: Outcome } {
  if (error instanceof SignatureError) {
    return { failure: error, outcome: { status: error.status, code: error.code, reason: error.code } };
  }
  const refusal = error instanceof Refusal ? error : new Refusal('Internal', {});
  const catalogues = [operation?.catalogue ?? {}, operation?.product.errors ?? dialect.errors];
  const answer = answerTo(refusal, catalogues);
  const failure = answer
    ? { ...answer, reason: refusal.reason }
    : failureOf(new Refusal('Internal', {}), dialect, operation).failure;
  const isDeclared = isCommon(refusal.reason) || operation?.errors.includes(refusal.reason);
  const { status, code } = failure;
  return { failure, outcome: { status, code, reason: refusal.reason, ...(!isDeclared && { undeclared: true }) } };
}
