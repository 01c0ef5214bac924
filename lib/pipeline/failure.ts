import { SignatureError } from '#lib/auth/signatureError.ts';
import type { Dialect, Failure } from '#lib/dialects/dialect.ts';
import { answerTo, isCommon, Refusal } from '#lib/errors.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';

/** The outcome of a call, for its log record. */
export interface Outcome {
  readonly status: number;
  readonly code: string;
  /** Why it was refused: the canonical reason, or the signature scheme's own code. */
  readonly reason?: string;
  /** The operation does not declare this reason, which is our defect. */
  readonly undeclared?: true;
}

/**
 * How an error is answered and logged. A refusal is looked up in the catalogue of the operation in the version called, then in any, then of
 * its product, or, while no product is known, of the dialect. Any other error, and a refusal in no catalogue, is answered as `Internal`.
 */
export function failureOf(
  error: unknown,
  dialect: Dialect,
  operation: Operation | undefined,
  version = '',
): { failure: Failure; outcome: Outcome } {
  if (error instanceof SignatureError) {
    return { failure: error, outcome: { status: error.status, code: error.code, reason: error.code } };
  }
  const refusal = error instanceof Refusal ? error : new Refusal('Internal', {});
  const catalogues = [
    operation?.versions?.[version]?.catalogue ?? {},
    operation?.catalogue ?? {},
    operation?.product.errors ?? dialect.errors,
  ];
  const answer = answerTo(refusal, catalogues);
  const failure = answer
    ? { ...answer, reason: refusal.reason }
    : failureOf(new Refusal('Internal', {}), dialect, operation, version).failure;
  const isDeclared = isCommon(refusal.reason) || operation?.errors.includes(refusal.reason);
  const { status, code } = failure;
  return { failure, outcome: { status, code, reason: refusal.reason, ...(!isDeclared && { undeclared: true }) } };
}
