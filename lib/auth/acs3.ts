import {
  byName,
  canonicalHeaders,
  canonicalQuery,
  canonicalRequest,
  hmacSha256Hex,
  isHexSha256,
  isSameText,
  parseExtendedTime,
  sha256Hex,
  skewMs,
  trimBlanks,
} from '#lib/auth/canonical.ts';
import type { Claim, Sent } from '#lib/auth/claim.ts';
import type { Pair } from '#lib/auth/encoding.ts';
import { headerOf, type Received, readHeaderNames } from '#lib/auth/received.ts';
import { alibabaError, missingParameter } from '#lib/auth/signatureError.ts';

/** The algorithm's name in `Authorization`. */
export const acs3 = 'ACS3-HMAC-SHA256';

const mandatoryHeaders = [
  ['host', 'Host'],
  ['x-acs-action', 'Action'],
  ['x-acs-version', 'Version'],
  ['x-acs-date', 'Timestamp'],
  ['x-acs-signature-nonce', 'SignatureNonce'],
  ['x-acs-content-sha256', 'ContentSha256'],
] as const;

/**
 * The text that is signed (docs/vendors/wire.md 3.2). `signedHeaders` in the order of the request; `payloadHash` of the body received;
 * `comma` joins the values of a header that was sent several times, which the vendor leaves open.
 */
export function acs3StringToSign(
  request: Pick<Sent, 'method' | 'path' | 'headers'>,
  pairs: readonly Pair[],
  signedHeaders: readonly string[],
  payloadHash: string,
  comma = ', ',
): string {
  const canonical = canonicalRequest({
    method: request.method,
    path: request.path,
    query: canonicalQuery(pairs, byName),
    headers: canonicalHeaders(signedHeaders, request.headers, (values) => trimBlanks(values.join(comma))),
    signedHeaders,
    payloadHash,
  });
  return `${acs3}\n${sha256Hex(canonical)}`;
}

/**
 * Reads a request signed by ACS3-HMAC-SHA256.
 * Throws Alibaba's SignatureError for one that is malformed or leaves out what has to be signed (docs/vendors/wire.md 3.2).
 */
export function readAcs3(request: Received): Claim {
  const fields = request.authorization?.fields;
  if (fields === undefined) throw alibabaError('IncompleteSignature');
  const keyId = fields.get('Credential');
  if (!keyId) throw missingParameter('AccessKeyId');
  const signature = fields.get('Signature');
  const signedHeaders = readHeaderNames(fields.get('SignedHeaders'));
  const pairs = request.queryPairs;
  if (!isHexSha256(signature) || signedHeaders === undefined || pairs === undefined) {
    throw alibabaError('IncompleteSignature');
  }
  demandSignedHeaders(request, signedHeaders);
  const signedAtMs = parseExtendedTime(headerOf(request, 'x-acs-date') ?? '');
  if (signedAtMs === undefined) throw alibabaError('InvalidTimeStamp.Format');
  return {
    identity: { scheme: 'acs3', keyId, nonce: headerOf(request, 'x-acs-signature-nonce') ?? '', signedAtMs },
    token: headerOf(request, 'x-acs-security-token'),
    validForMs: skewMs,
    verify(secret) {
      const payloadHash = sha256Hex(request.body);
      const stringToSign = acs3StringToSign(request, pairs, signedHeaders, payloadHash);
      const isSigned = (text: string) => isSameText(hmacSha256Hex(secret, text), signature);
      const matches =
        isSigned(stringToSign) || isSigned(acs3StringToSign(request, pairs, signedHeaders, payloadHash, ','));
      if (matches && headerOf(request, 'x-acs-content-sha256') === payloadHash) return;
      throw alibabaError('SignatureDoesNotMatch', {
        explanation: `Specified signature does not match our calculation. server StringToSign is [${stringToSign}]`,
      });
    },
  };
}

function demandSignedHeaders(request: Received, signedHeaders: readonly string[]): void {
  const signed = new Set(signedHeaders);
  for (const [header, name] of mandatoryHeaders) {
    if (!headerOf(request, header)) throw missingParameter(name);
    if (!signed.has(header)) throw alibabaError('IncompleteSignature');
  }
  for (const header of request.headers.keys()) {
    if (header.startsWith('x-acs-') && !signed.has(header)) throw alibabaError('IncompleteSignature');
  }
}
