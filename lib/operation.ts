import type { Hono } from 'hono';
import type * as v from 'valibot';
import type { Call } from '#lib/call.ts';
import type { Deps } from '#lib/deps.ts';
import type { Dialect, Parameters } from '#lib/dialects/dialect.ts';
import type { Reason } from '#lib/errors.ts';
import { type Env, service } from '#lib/service.ts';
import type { Write } from '#lib/store/commit.ts';

/** A set of operations of one version that share a dialect. */
export interface Product {
  readonly name: string;
  readonly version: string;
  readonly dialect: Dialect;
}

/** Shapes an operation's output into the body of a success. */
export type Envelope = (output: object, context: { requestId: string; parameters: Parameters }) => object;

type Schema = v.GenericSchema<object, object>;

/** What an operation works on: its decoded input, the verified call, and everything outside itself. */
export interface Context<Input extends Schema> {
  readonly input: v.InferOutput<Input>;
  readonly call: Call;
  readonly deps: Deps;
}

/** What a mutation answers, and the one write that must commit before it may. */
export interface Change<Output> {
  readonly output: Output;
  readonly write: Write;
}

interface Common<Input extends Schema, Output extends Schema> {
  readonly action: string;
  readonly product: Product;
  readonly envelope: Envelope;
  /** Whose keys may call: accounts, each for itself, or operators of this service. */
  readonly access: Call['caller']['kind'];
  /** This action's own parameters; others are ignored, as the vendors do. */
  readonly input: Input;
  readonly output: Output;
  /** The reasons it may refuse for, beyond those any operation may. */
  readonly errors: readonly Reason[];
}

/** The declaration of an operation that writes nothing. */
export interface Query<Input extends Schema, Output extends Schema> extends Common<Input, Output> {
  readonly effect: 'read';
  run(context: Context<Input>): Promise<v.InferInput<Output>>;
}

/** The declaration of an operation that writes: it answers what to write, and the pipeline commits it in one transaction. */
export interface Mutation<Input extends Schema, Output extends Schema> extends Common<Input, Output> {
  readonly effect: 'write';
  run(context: Context<Input>): Promise<Change<v.InferInput<Output>>>;
}

/** An operation as the pipeline sees it, its own types erased. */
export type Operation = Query<Schema, Schema> | Mutation<Schema, Schema>;

/** The Hono app that serves one operation, which the rpc door can take up among others. */
export type OperationApp = Hono<Env> & { readonly operation: Operation };

/** Declares an operation. Opens nothing: what it needs comes with each request, as `env.deps`. */
export function operation<Input extends Schema, Output extends Schema>(
  declared: Query<Input, Output> | Mutation<Input, Output>,
): OperationApp {
  return Object.assign(service([declared]), { operation: declared });
}
