import type { Vendor } from '#lib/auth/authenticate.ts';
import type { Readable, Received } from '#lib/auth/received.ts';
import type { ErrorCatalogue, GatewayReason } from '#lib/errors.ts';
import type { Ports } from '#lib/ports.ts';

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

/** JSON, or the form that clients of the request's signature expect: XML for RPC 1.0, JSON for all others. */
export type DefaultFormat = 'json' | 'bySignature';

/** What the answers to a request have to name. */
export interface Addressed {
  readonly request: Received;
  readonly requestId: string;
  readonly action: string | undefined;
  readonly version: string | undefined;
  /** The region the request was signed for, where its signature names one. */
  readonly region: string | undefined;
  /** The product's; undefined while it is unknown. */
  readonly defaultFormat: DefaultFormat | undefined;
}

/** An answer as it goes onto the wire. */
export interface Rendered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A vendor's way to put parameters into a request and an answer onto the wire. */
export interface Dialect {
  readonly vendor: Vendor;
  /** The words for what is refused before the product is known. */
  readonly errors: ErrorCatalogue<GatewayReason>;
  newRequestId(ports: Ports): string;
  /** Throws a `Refusal` for parameters that cannot be read. */
  parameters(request: Readable): Parameters;
  success(body: object, addressed: Addressed): Rendered;
  failure(failure: Failure, addressed: Addressed): Rendered;
}
