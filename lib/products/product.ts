import type { Dialect, Parameters } from '#lib/dialects/dialect.ts';

/** A set of operations of one version that share a dialect. */
export interface Product {
  readonly name: string;
  readonly version: string;
  readonly dialect: Dialect;
}

/** Shapes an operation's output into the body of a success. */
export type Envelope = (output: object, context: { requestId: string; parameters: Parameters }) => object;
