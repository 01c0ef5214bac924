import type * as v from 'valibot';
import type { Access, CallBy } from '#lib/call.ts';
import type { Deps } from '#lib/deps.ts';
import type { ErrorCatalogue, Reason } from '#lib/errors.ts';
import type { Envelope, Product } from '#lib/products/product.ts';
import type { Write } from '#lib/table/commit.ts';

export type Schema = v.GenericSchema<object, object>;

/** What an operation works on: its decoded input, the verified call, and everything outside itself. */
export interface Context<Input extends Schema, A extends Access> {
  readonly input: v.InferOutput<Input>;
  readonly call: CallBy<A>;
  readonly deps: Deps;
}

/** What a mutation answers, and the one write that must commit before it may. */
export interface Change<Output> {
  readonly output: Output;
  readonly write: Write;
}

interface Common<Input extends Schema, Output extends Schema, A extends Access> {
  readonly action: string;
  readonly product: Product;
  readonly envelope: Envelope;
  readonly access: A;
  /** This action's own parameters; others are ignored, as the vendors do. */
  readonly input: Input;
  readonly output: Output;
  /** The reasons it may refuse for, beside those any operation may. */
  readonly errors: readonly Reason[];
  /** Its words for some reasons, where the vendor has others for it than for the rest of the product. */
  readonly catalogue?: Partial<ErrorCatalogue>;
}

/** What the compiler holds a declaration to: it names no reason that its product has no words for. */
export interface Worded<Own extends Reason> {
  readonly product: Product<Own>;
  readonly errors: readonly NoInfer<Own>[];
}

/** The declaration of an operation that writes nothing. */
export interface Query<Input extends Schema = Schema, Output extends Schema = Schema, A extends Access = Access>
  extends Common<Input, Output, A> {
  readonly effect: 'read';
  run(context: Context<Input, A>): Promise<v.InferInput<Output>>;
}

/** The declaration of an operation that writes: it answers what to write, and the pipeline commits it in one transaction. */
export interface Mutation<Input extends Schema = Schema, Output extends Schema = Schema, A extends Access = Access>
  extends Common<Input, Output, A> {
  readonly effect: 'write';
  /** Its answer tells a secret, which is told again to nobody who only has the bytes of the call. */
  readonly answersSecret?: boolean;
  /**
   * What is acted on, as the record of the call names it and never with a secret: as far as the input tells it, and further by the
   * output once that is answered. Every mutation of operators has one (test/complete.ts).
   */
  target?(input: v.InferOutput<Input>, output?: v.InferInput<Output>): string | undefined;
  run(context: Context<Input, A>): Promise<Change<v.InferInput<Output>>>;
  /** What this process has to do once the write is committed, by this call or by one that this repeats. */
  committed?(context: Context<Input, A>): void;
}

/** An operation as the pipeline sees it, its own types erased. */
export type Operation = Query | Mutation;
