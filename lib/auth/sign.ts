import { acs3, acs3StringToSign } from '#lib/auth/acs3.ts';
import { hmacSha256Hex, sha256Hex } from '#lib/auth/canonical.ts';
import { receiveRaw } from '#lib/auth/received.ts';

/** A call to sign. `url` is path and query; `headers` have at least `host`; `nowMs` is epoch ms. */
export type Acs3Call = {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: Uint8Array;
  keyId: string;
  secret: string;
  action: string;
  version: string;
  nonce: string;
  nowMs: number;
};

/**
 * The headers to send, in lower case: those given, the protocol's own and `authorization` (docs/vendors/wire.md 3.2). Signs
 * `host`, `content-type` and every `x-acs-*`. Throws a TypeError for a query that is not percent-encoded UTF-8.
 */
export function signAcs3(call: Acs3Call): Record<string, string> {
  const { method, url, body, keyId, secret } = call;
  const payloadHash = sha256Hex(body);
  const headers = new Headers(call.headers);
  headers.set('x-acs-action', call.action);
  headers.set('x-acs-version', call.version);
  headers.set('x-acs-date', `${new Date(call.nowMs).toISOString().slice(0, 19)}Z`);
  headers.set('x-acs-signature-nonce', call.nonce);
  headers.set('x-acs-content-sha256', payloadHash);
  const signedHeaders = [...headers.keys()].filter(isSigned).sort();
  const request = receiveRaw({ method, url, headers, body });
  if (request.queryPairs === undefined) throw new TypeError('The query is not percent-encoded UTF-8.');
  const signature = hmacSha256Hex(secret, acs3StringToSign(request, request.queryPairs, signedHeaders, payloadHash));
  const authorization = `${acs3} Credential=${keyId},SignedHeaders=${signedHeaders.join(';')},Signature=${signature}`;
  return { ...Object.fromEntries(headers), authorization };
}

function isSigned(header: string): boolean {
  return header === 'host' || header === 'content-type' || header.startsWith('x-acs-');
}
