import type { Vendor } from '#lib/auth/authenticate.ts';
import type { Readable, Received } from '#lib/auth/received.ts';
import type { ErrorCatalogue, GatewayReason } from '#lib/errors.ts';
import type { Ports } from '#lib/ports.ts';

/** A scalar as sent, or a list or object of such. */
export type Parameter = string | number | boolean | readonly Parameter[] | { readonly [name: string]: Parameter };

/** The operation's parameters by name. Empty scalars are left out, unless they say something; an empty list was sent as an empty list. */
export type Parameters = { readonly [name: string]: Parameter };

/** A failure, before a dialect gives it its shape on the wire. */
export interface Failure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Volcengine's CodeN. */
  readonly number?: number | undefined;
  /** The canonical reason; absent when a signature was refused. */
  readonly reason?: string | undefined;
}

/** JSON; or what clients of the request's signature expect, which is XML for RPC 1.0 and JSON for all others. */
export type DefaultFormat = 'json' | 'bySignature';

/** What an answer has to say about its request. */
export interface Addressed {
  readonly request: Received;
  readonly requestId: string;
  readonly action: string | undefined;
  readonly version: string | undefined;
  /** The region the request was signed for, where its signature names one. */
  readonly region: string | undefined;
  /** The product's default; undefined while the product is unknown. */
  readonly defaultFormat: DefaultFormat | undefined;
}

/** An answer, ready to be sent. */
export interface Rendered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How a vendor's requests carry parameters and what its answers look like. */
export interface Dialect {
  readonly vendor: Vendor;
  /** How requests are refused before the product is known. */
  readonly errors: ErrorCatalogue<GatewayReason>;
  newRequestId(ports: Ports): string;
  /** Throws a `Refusal` for parameters that cannot be read. Of `emptiable` ones Alibaba Cloud's keeps an empty text. */
  parameters(request: Readable, emptiable?: readonly string[]): Parameters;
  success(body: object, addressed: Addressed): Rendered;
  failure(failure: Failure, addressed: Addressed): Rendered;
}
