import type { SignatureError } from '#lib/auth/signatureError.ts';

/** A request as received: `url` is path and query, still encoded; `body` has no transfer framing. */
export type RawRequest = { method: string; url: string; headers: Headers; body: Uint8Array };

/** A request as it was sent, in one form for Lambda events, sockets and tests. */
export interface Sent {
  readonly method: string;
  /** As on the request line, still encoded, without the query. */
  readonly path: string;
  /** What follows the first `?` of the request line, still encoded. */
  readonly query: string;
  /** All values sent, by lower-case name. Values are bytes, one character each, up to U+00FF. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** Without transfer framing. Of a body over 256 KiB, one byte too many is enough. */
  readonly body: Uint8Array;
  /** The address the request came from. */
  readonly sourceIp: string;
}

/**
 * What the server knows of an access key. A temporary key is valid only together with its `securityToken`. `validForMs`
 * limits how long a signature made with it is valid, even if the request says longer.
 */
export type Secret = {
  secret: string;
  active: boolean;
  securityToken?: string | undefined;
  validForMs?: number | undefined;
};

/** Who signed, by which scheme and when (epoch ms). */
export type Identity =
  /** To be remembered once the signature is verified. */
  | { scheme: 'acs3' | 'rpc'; keyId: string; nonce: string; signedAtMs: number }
  /** Without a nonce, requests are told apart by their signatures, valid until `validUntilMs`. Region and service are as claimed. */
  | {
      scheme: 'volcengine' | 'sigv4';
      keyId: string;
      region: string;
      service: string;
      signedAtMs: number;
      signature: string;
      validUntilMs: number;
    };

/** What a well-formed request says of its signature, still to be verified. */
export type Claim = {
  identity: Identity;
  token: string | undefined;
  /** How long after signing it may arrive, in ms. */
  validForMs: number;
  /** Why it is refused for a part that the signature does not cover, before anything else is checked. */
  unsignedPart?: SignatureError | undefined;
  /** Throws the vendor's SignatureDoesNotMatch unless the request was signed with `secret`. */
  verify(secret: string): void;
  /** Throws the same if a header that need not be signed says another hash of the body. */
  verifyHash?(): void;
};
