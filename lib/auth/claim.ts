import type { SignatureError } from '#lib/auth/signatureError.ts';

/** A request as received: `url` is path and query, still encoded; `body` has no transfer framing. */
export type RawRequest = { method: string; url: string; headers: Headers; body: Uint8Array };

/** A request as it stood on the wire, the same whether a Lambda event, a socket or a test brought it. */
export interface Sent {
  readonly method: string;
  /** As on the request line, still encoded, without the query. */
  readonly path: string;
  /** What follows the first `?` of the request line, still encoded. */
  readonly query: string;
  /** By lower-case name every value that was sent under it. A value is bytes, each a character up to U+00FF. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** Without transfer framing. Of a body beyond 256 KiB an entry need not read more than one byte beyond. */
  readonly body: Uint8Array;
  /** The address the request came from. */
  readonly sourceIp: string;
}

/**
 * What the server knows of an access key; a temporary key is valid only together with its `securityToken`. `validForMs`: the longest
 * that anything signed with it holds, whatever it says itself.
 */
export type Secret = {
  secret: string;
  active: boolean;
  securityToken?: string | undefined;
  validForMs?: number | undefined;
};

/** Who signed, by which scheme and when (epoch ms). */
export type Identity =
  /** The nonce is the caller's to remember. */
  | { scheme: 'acs3' | 'rpc'; keyId: string; nonce: string; signedAtMs: number }
  /** Of a scheme without a nonce, the signature tells requests apart; it holds until `validUntilMs`. The scope is only reported. */
  | {
      scheme: 'volcengine' | 'sigv4';
      keyId: string;
      region: string;
      service: string;
      signedAtMs: number;
      signature: string;
      validUntilMs: number;
    };

/** The errors of one vendor for the checks that every scheme shares. */
export type Refusals = {
  unknownKey(keyId: string): SignatureError;
  inactiveKey(keyId: string): SignatureError;
  expired(): SignatureError;
  tokenMissing(): SignatureError;
  tokenMismatch(): SignatureError;
};

/** What a well-formed request says of itself, still to be proven. */
export type Claim = {
  identity: Identity;
  token: string | undefined;
  /** How long after signing it may arrive, in ms. */
  validForMs: number;
  refusals: Refusals;
  /** Throws the vendor's SignatureDoesNotMatch unless the request was signed with `secret`. */
  verify(secret: string): void;
};
