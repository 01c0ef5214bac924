import type { RawRequest } from '#lib/auth/authenticate.ts';
import type { ErrorCatalogue } from '#lib/errors.ts';

/** A scalar as it was sent, or a list or object of such. */
export type Parameter = string | number | boolean | readonly Parameter[] | { readonly [name: string]: Parameter };

/** The business parameters of a request, by name. Empty scalars are absent; an empty list is one that was sent empty. */
export type Parameters = { readonly [name: string]: Parameter };

/** What a failure looks like on the wire before a dialect shapes it. */
export interface Failure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Volcengine's CodeN. */
  readonly number?: number | undefined;
  /** The canonical reason; absent when a signature was refused. */
  readonly reason?: string | undefined;
}

/** What the answers to a request have to name. */
export interface Addressed {
  readonly request: RawRequest;
  readonly requestId: string;
  readonly action: string | undefined;
  readonly version: string | undefined;
}

/** A vendor's way to put parameters into a request and an answer onto the wire. */
export interface Dialect {
  readonly vendor: 'alibaba' | 'volcengine';
  readonly errors: ErrorCatalogue;
  /** Throws a `Refusal` for parameters that cannot be read. */
  parameters(request: RawRequest): Parameters;
  success(body: object, addressed: Addressed): Response;
  failure(failure: Failure, addressed: Addressed): Response;
}
