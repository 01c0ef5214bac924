import { isHexSha256, readFields, readHeaderNames } from '#lib/auth/authorization.ts';
import { byName, canonicalHeaders, canonicalQuery, canonicalRequest } from '#lib/auth/canonical.ts';
import type { Claim, RawRequest } from '#lib/auth/claim.ts';
import { decodePairs, type Pair, splitUrl } from '#lib/auth/encoding.ts';
import { hmacSha256Hex, isSameText, sha256Hex } from '#lib/auth/hashing.ts';
import { alibabaRefusals } from '#lib/auth/refusals.ts';
import { alibabaError, missingParameter } from '#lib/auth/signatureError.ts';
import { parseExtendedTime, skewMs } from '#lib/auth/time.ts';

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

/** The text that is signed (reference wire 3.2). `signedHeaders` are sorted; `payloadHash` is that of the body at hand. */
export function acs3StringToSign(
  { method, url, headers }: Omit<RawRequest, 'body'>,
  pairs: readonly Pair[],
  signedHeaders: readonly string[],
  payloadHash: string,
): string {
  const request = canonicalRequest({
    method,
    path: splitUrl(url).path,
    query: canonicalQuery(pairs, byName),
    headers: canonicalHeaders(signedHeaders, (name) => headers.get(name)),
    signedHeaders,
    payloadHash,
  });
  return `${acs3}\n${sha256Hex(request)}`;
}

/**
 * Reads a request signed by ACS3-HMAC-SHA256, `credentials` being what follows the algorithm in `Authorization`.
 * Throws Alibaba's SignatureError for a malformed one; demands and covers all that reference wire 3.2 says.
 */
export function readAcs3(request: RawRequest, credentials: string): Claim {
  const { headers } = request;
  const fields = readFields(credentials);
  if (fields === undefined) throw alibabaError('IncompleteSignature');
  const keyId = fields.get('Credential');
  if (!keyId) throw missingParameter('AccessKeyId');
  const signature = fields.get('Signature');
  const signedHeaders = readHeaderNames(fields.get('SignedHeaders'));
  const pairs = decodePairs(splitUrl(request.url).query);
  if (!isHexSha256(signature) || signedHeaders === undefined || pairs === undefined) {
    throw alibabaError('IncompleteSignature');
  }
  demandSignedHeaders(headers, signedHeaders);
  const signedAtMs = parseExtendedTime(headers.get('x-acs-date') ?? '');
  if (signedAtMs === undefined) throw alibabaError('InvalidTimeStamp.Format');
  return {
    identity: { scheme: 'acs3', keyId, nonce: headers.get('x-acs-signature-nonce') ?? '', signedAtMs },
    token: headers.get('x-acs-security-token') ?? undefined,
    validForMs: skewMs,
    refusals: alibabaRefusals,
    verify(secret) {
      const payloadHash = sha256Hex(request.body);
      const stringToSign = acs3StringToSign(request, pairs, signedHeaders, payloadHash);
      const matches = isSameText(hmacSha256Hex(secret, stringToSign), signature);
      if (matches && headers.get('x-acs-content-sha256') === payloadHash) return;
      throw alibabaError('SignatureDoesNotMatch', {
        explanation: `Specified signature does not match our calculation. server StringToSign is [${stringToSign}]`,
      });
    },
  };
}

function demandSignedHeaders(headers: Headers, signedHeaders: readonly string[]): void {
  for (const [header, name] of mandatoryHeaders) {
    if (!headers.get(header)) throw missingParameter(name);
    if (!signedHeaders.includes(header)) throw alibabaError('IncompleteSignature');
  }
  for (const header of headers.keys()) {
    if (header.startsWith('x-acs-') && !signedHeaders.includes(header)) throw alibabaError('IncompleteSignature');
  }
}
