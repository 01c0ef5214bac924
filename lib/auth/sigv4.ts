import {
  byEncodedName,
  canonicalHeaders,
  canonicalQuery,
  canonicalRequest,
  collapseBlanks,
  compactTime,
  isHexSha256,
  once,
  parseCompactTime,
  sha256Hex,
  skewMs,
} from '#lib/auth/canonical.ts';
import type { Claim } from '#lib/auth/claim.ts';
import { type Pair, percentEncode } from '#lib/auth/encoding.ts';
import { headerOf, type Received, readHeaderNames } from '#lib/auth/received.ts';
import { isScopedSignature, readScope, type Scope, type ScopedScheme } from '#lib/auth/scoped.ts';
import { awsError } from '#lib/auth/signatureError.ts';

/** AWS Signature Version 4. */
export const sigv4: ScopedScheme = { algorithm: 'AWS4-HMAC-SHA256', keyPrefix: 'AWS4', terminator: 'aws4_request' };

const expectedService = 'tributary';
/** As in `Sun, 22 Nov 2026 03:28:59 GMT`; Python writes `-0000` for `GMT`. */
const httpDate = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (?:GMT|[+-]0000)$/;
const mismatch =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

/**
 * Reads a request signed by AWS Signature Version 4. The service of the scope must be `tributary`; the region may be any.
 * Throws AWS's SignatureError for a malformed one.
 */
export function readSigv4(request: Received): Claim {
  const fields = request.authorization?.fields;
  const scope = readScope(fields?.get('Credential') ?? '', sigv4);
  const signature = fields?.get('Signature');
  const signedHeaders = readHeaderNames(fields?.get('SignedHeaders'));
  const pairs = request.queryPairs;
  if (scope === undefined || !isHexSha256(signature) || signedHeaders === undefined) {
    throw incomplete("Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters.");
  }
  if (pairs === undefined) throw incomplete('The query string cannot be decoded.');
  demandSignedHeaders(request, signedHeaders);
  const date = dateOf(request);
  const signedAtMs = parseCompactTime(date);
  if (signedAtMs === undefined) throw incomplete("Date must be in ISO-8601 'basic format'.");
  demandScope(scope, date);
  const { keyId, region, service } = scope;
  const bodyHash = once(() => sha256Hex(request.body));
  return {
    identity: { scheme: 'sigv4', keyId, region, service, signedAtMs, signature, validUntilMs: signedAtMs + skewMs },
    token: headerOf(request, 'x-amz-security-token'),
    validForMs: skewMs,
    verify(secret) {
      const requests = canonicalRequests(request, pairs, signedHeaders, bodyHash());
      if (isScopedSignature(signature, { secret, date, scope, scheme: sigv4, requests })) return;
      throw awsError('SignatureDoesNotMatch', { reason: mismatch });
    },
    verifyHash() {
      const sent = headerOf(request, 'x-amz-content-sha256');
      if (sent !== undefined && sent !== bodyHash()) throw awsError('SignatureDoesNotMatch', { reason: mismatch });
    },
  };
}

function incomplete(reason: string) {
  return awsError('IncompleteSignature', { reason });
}

function demandSignedHeaders(request: Received, signedHeaders: readonly string[]): void {
  if (dateOf(request) === '') {
    throw incomplete("Authorization header requires existence of either an 'X-Amz-Date' or a 'Date' header.");
  }
  const signed = new Set(signedHeaders);
  if (!signed.has('host')) throw incomplete("'Host' must be a 'SignedHeader'.");
  for (const header of request.headers.keys()) {
    // awscurl does not sign this header. It need not be signed, because the body is hashed here.
    if (header.startsWith('x-amz-') && header !== 'x-amz-content-sha256' && !signed.has(header)) {
      throw incomplete(`'${header}' must be a 'SignedHeader'.`);
    }
  }
  const payloadHash = headerOf(request, 'x-amz-content-sha256');
  if (payloadHash !== undefined && !isHexSha256(payloadHash)) {
    throw incomplete("'x-amz-content-sha256' must be the SHA-256 of the body in lower-case hex.");
  }
}

/** When the request was signed, in the compact form; empty without either header. */
function dateOf(request: Received): string {
  const date = headerOf(request, 'x-amz-date') ?? headerOf(request, 'date') ?? '';
  return httpDate.test(date) && !Number.isNaN(Date.parse(date)) ? compactTime(Date.parse(date)) : date;
}

function demandScope({ day, service }: Scope, date: string): void {
  if (day !== date.slice(0, 8)) {
    const reason = `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${day}' != '${date.slice(0, 8)}', from '${date}'.`;
    throw awsError('SignatureDoesNotMatch', { reason });
  }
  if (service !== expectedService) {
    const reason = `Credential should be scoped to correct service: '${expectedService}'.`;
    throw awsError('SignatureDoesNotMatch', { reason });
  }
}

function* canonicalRequests(
  request: Received,
  pairs: readonly Pair[],
  signedHeaders: readonly string[],
  payloadHash: string,
): Generator<string> {
  const { method, path, query } = request;
  // curl before 8.3 signs the query as it sends it; botocore too, but sorted.
  const queries = new Set([canonicalQuery(pairs, byEncodedName), query, sortedAsSent(query)]);
  const paths = new Set([path, ...encodedAgain(path)]);
  for (const headers of headerSpellings(request, signedHeaders)) {
    for (const spelt of paths) {
      for (const parameters of queries) {
        yield canonicalRequest({ method, path: spelt, query: parameters, headers, signedHeaders, payloadHash });
      }
    }
  }
}

/**
 * Several values are joined by a comma, by most clients without a blank and by some with one. HTTP servers may have joined
 * them already, in either way.
 */
function headerSpellings({ headers }: Received, signedHeaders: readonly string[]): Set<string> {
  const joined = (values: readonly string[], comma: string) => values.map(collapseBlanks).join(comma);
  return new Set([
    canonicalHeaders(signedHeaders, headers, (values) => joined(values, ',')),
    canonicalHeaders(signedHeaders, headers, (values) => joined(values, ', ')),
    canonicalHeaders(signedHeaders, headers, (values) => joined(values, ',').replaceAll(', ', ',')),
  ]);
}

function sortedAsSent(query: string): string {
  const parts = query.split('&').map((part) => (part.includes('=') ? part : `${part}=`));
  return parts.sort().join('&');
}

/**
 * The path as most clients sign it for services other than S3: normalized, and encoded a second time. After a dot segment
 * at the end, which names a folder, some leave the slash out.
 */
function encodedAgain(path: string): string[] {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '.' && segment !== '') segments.push(percentEncode(Buffer.from(segment).toString()));
  }
  const normalized = `/${segments.join('/')}`;
  if (segments.length === 0) return [normalized];
  if (path.endsWith('/')) return [`${normalized}/`];
  return /\/\.{1,2}$/.test(path) ? [normalized, `${normalized}/`] : [normalized];
}
