import type * as v from 'valibot';
import type { Access, CallBy } from '#lib/call.ts';
import type { Deps } from '#lib/deps.ts';
import type { ErrorCatalogue, Reason } from '#lib/errors.ts';
import type { Envelope, Product, VersionTerms } from '#lib/products/product.ts';
import type { Write } from '#lib/table/commit.ts';

export type Schema = v.GenericSchema<object, object>;

/** What an operation is given: its decoded input, the verified call, and the dependencies. */
export interface Context<Input extends Schema, A extends Access> {
  readonly input: v.InferOutput<Input>;
  /** The version of its product that the call is of. */
  readonly version: string;
  readonly call: CallBy<A>;
  readonly deps: Deps;
}

/** What a mutation answers, and the write that must commit before the answer is sent. */
export interface Change<Output> {
  readonly output: Output;
  readonly write: Write;
}

/** What all declarations have. */
export interface Common<Input extends Schema = Schema, Output extends Schema = Schema, A extends Access = Access> {
  readonly action: string;
  readonly product: Product;
  readonly envelope: Envelope;
  readonly access: A;
  /** This action's own parameters; others are ignored, as the vendors do. */
  readonly input: Input;
  /** The parameters whose empty text says something; any other that is empty counts as not sent. */
  readonly emptiable?: readonly string[];
  readonly output: Output;
  /** The reasons it may refuse for, besides the common ones. */
  readonly errors: readonly Reason[];
  /** Its own codes and messages for some reasons, where the vendor's differ from those of the rest of the product. */
  readonly catalogue?: Partial<ErrorCatalogue>;
  /** The versions of its product in which it exists, and what it has in each of its own. If absent, in all of them alike. */
  readonly versions?: Readonly<Partial<Record<string, VersionTerms>>>;
}

/** Lets the compiler refuse a declaration that names a reason its product's catalogue lacks. */
export interface DeclaredErrors<Own extends Reason> {
  readonly product: Product<Own>;
  readonly errors: readonly NoInfer<Own>[];
}

/** The declaration of an operation that writes nothing. */
export interface Query<Input extends Schema = Schema, Output extends Schema = Schema, A extends Access = Access>
  extends Common<Input, Output, A> {
  readonly effect: 'read';
  run(context: Context<Input, A>): Promise<v.InferInput<Output>>;
}

/** The declaration of an operation that writes. It answers what to write; the pipeline commits that in one transaction. */
export interface Mutation<Input extends Schema = Schema, Output extends Schema = Schema, A extends Access = Access>
  extends Common<Input, Output, A> {
  readonly effect: 'write';
  /** Its answer holds a secret, which is not told again to somebody who only sends the same bytes. */
  readonly answersSecret?: boolean;
  /**
   * What is acted on, for the log record of the call; never a secret. Called with the input, and again with the output
   * once there is one. Every mutation of operators has it (test/complete.ts).
   */
  target?(input: v.InferOutput<Input>, output?: v.InferInput<Output>): string | undefined;
  run(context: Context<Input, A>): Promise<Change<v.InferInput<Output>>>;
  /** What this process does once the write is committed, by this call or by the earlier one that it repeats. */
  committed?(context: Context<Input, A>): void;
}

/** An operation of any input and output. */
export type Operation = Query | Mutation;
