import type { DefaultFormat, Dialect, Parameters } from '#lib/dialects/dialect.ts';
import type { CommonReason, ErrorCatalogue, Reason } from '#lib/errors.ts';

/** Operations and their words. `Own` are the reasons they may declare besides the common ones. */
export interface Product<Own extends Reason = never> {
  readonly name: string;
  readonly version: string;
  /** Further versions, in which the same operations may have other parameters, fields and words. */
  readonly furtherVersions?: readonly string[];
  readonly dialect: Dialect;
  /** Actions as some clients spell them, each with the action that is meant. */
  readonly spellings?: Readonly<Record<string, string>>;
  /** The format of an answer to a request that names none. */
  readonly defaultFormat: DefaultFormat;
  readonly errors: ErrorCatalogue<CommonReason | Own>;
}

/** Shapes an operation's output into the body of a success. */
export type Envelope = (output: object, context: { requestId: string; parameters: Parameters }) => object;

/** What an operation has in one version of its product alone. */
export interface VersionTerms {
  /** Parameters that it does not know in the other versions. */
  readonly parameters?: readonly string[];
  /** Words that go before its others. */
  readonly catalogue?: Partial<ErrorCatalogue>;
}
