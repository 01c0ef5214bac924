import type { DefaultFormat, Dialect, Parameters } from '#lib/dialects/dialect.ts';
import type { CommonReason, ErrorCatalogue, Reason } from '#lib/errors.ts';

/** A set of operations of one version, and how they are worded. `Own` are the reasons they may declare beside the common ones. */
export interface Product<Own extends Reason = never> {
  readonly name: string;
  readonly version: string;
  readonly dialect: Dialect;
  /** The form of an answer to a request that asks for none. */
  readonly defaultFormat: DefaultFormat;
  readonly errors: ErrorCatalogue<CommonReason | Own>;
}

/** Shapes an operation's output into the body of a success. */
export type Envelope = (output: object, context: { requestId: string; parameters: Parameters }) => object;
