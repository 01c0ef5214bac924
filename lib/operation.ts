import type { Hono } from 'hono';
import type { Access } from '#lib/call.ts';
import type { Reason } from '#lib/errors.ts';
import type { DeclaredErrors, Mutation, Operation, Query, Schema } from '#lib/pipeline/declaration.ts';
import type { Env } from '#lib/pipeline/middleware.ts';
import { offersOf } from '#lib/pipeline/route.ts';
import { service } from '#lib/pipeline/service.ts';

/** The Hono app that serves one operation. functions/rpc.ts serves the operations of many. */
export type OperationApp = Hono<Env> & { readonly operation: Operation };

/** Declares an operation. Opens nothing: what it needs comes with each request, as `env.deps`. */
export function operation<Input extends Schema, Output extends Schema, A extends Access, Own extends Reason>(
  declared: (Query<Input, Output, A> | Mutation<Input, Output, A>) & DeclaredErrors<Own>,
): OperationApp {
  return Object.assign(service(offersOf([declared])), { operation: declared });
}
