import type { DefaultFormat, Dialect, Parameters } from '#lib/dialects/dialect.ts';
import type { CommonReason, ErrorCatalogue, Reason } from '#lib/errors.ts';

/** Operations of one version and their words. `Own` are the reasons they may declare besides the common ones. */
export interface Product<Own extends Reason = never> {
  readonly name: string;
  readonly version: string;
  readonly dialect: Dialect;
  /** The format of an answer to a request that names none. */
  readonly defaultFormat: DefaultFormat;
  readonly errors: ErrorCatalogue<CommonReason | Own>;
}

/** Shapes an operation's output into the body of a success. */
export type Envelope = (output: object, context: { requestId: string; parameters: Parameters }) => object;
