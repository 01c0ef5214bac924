import type { Hono } from 'hono';
import type { Mutation, Operation, Query, Schema } from '#lib/pipeline/declaration.ts';
import { offersOf } from '#lib/pipeline/offer.ts';
import { type Env, service } from '#lib/pipeline/service.ts';

/** The Hono app that serves one operation, which the rpc door can take up among others. */
export type OperationApp = Hono<Env> & { readonly operation: Operation };

/** Declares an operation. Opens nothing: what it needs comes with each request, as `env.deps`. */
export function operation<Input extends Schema, Output extends Schema>(
  declared: Query<Input, Output> | Mutation<Input, Output>,
): OperationApp {
  return Object.assign(service(offersOf([declared])), { operation: declared });
}
