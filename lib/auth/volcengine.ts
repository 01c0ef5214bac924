import {
  byName,
  byNameThenValue,
  canonicalHeaders,
  canonicalQuery,
  canonicalRequest,
  collapseBlanks,
  isHexSha256,
  once,
  parseCompactTime,
  sha256Hex,
  skewMs,
  trimBlanks,
} from '#lib/auth/canonical.ts';
import type { Claim } from '#lib/auth/claim.ts';
import type { Pair } from '#lib/auth/encoding.ts';
import { headerOf, type Received, readHeaderNames } from '#lib/auth/received.ts';
import { isScopedSignature, readScope, type ScopedScheme } from '#lib/auth/scoped.ts';
import { volcengineError } from '#lib/auth/signatureError.ts';

/** Volcengine's signature, in the header and in the query. */
export const volcengine: ScopedScheme = { algorithm: 'HMAC-SHA256', keyPrefix: '', terminator: 'request' };

/** The parts of a Volcengine signature, in the header or in the query; undefined where absent or malformed. */
export type VolcengineSigning = {
  credential: string | undefined;
  date: string | undefined;
  signature: string | undefined;
  signedHeaders: readonly string[] | undefined;
  /** The parameters that the signature covers; undefined if it leaves some out that it must cover. */
  pairs: readonly Pair[] | undefined;
  token: string | undefined;
  validForMs: number;
};

/**
 * Reads a request signed in its `Authorization` header. Throws Volcengine's SignatureError for a malformed one (docs/vendors/wire.md 5.2).
 */
export function readVolcengine(request: Received): Claim {
  const { authorization, queryPairs: pairs } = request;
  const fields = authorization?.fields;
  if (fields === undefined || pairs === undefined) throw volcengineError('InvalidAuthorization');
  const signedHeaders = readHeaderNames(fields.get('SignedHeaders'));
  return volcengineClaim(request, {
    credential: fields.get('Credential'),
    date: headerOf(request, 'x-date'),
    signature: fields.get('Signature'),
    signedHeaders: signedHeaders?.includes('x-date') ? signedHeaders : undefined,
    pairs,
    token: headerOf(request, 'x-security-token'),
    validForMs: skewMs,
  });
}

/** The claim of a signature read from header or query. Throws Volcengine's SignatureError for a malformed one. */
export function volcengineClaim(request: Received, signing: VolcengineSigning): Claim {
  const { credential = '', date, signature, signedHeaders, pairs, token, validForMs } = signing;
  const scope = readScope(credential, volcengine);
  if (scope === undefined) throw volcengineError('InvalidCredential');
  if (!signature) throw volcengineError('MissingSignature');
  if (!date) throw volcengineError('MissingRequestInfo', { name: 'timestamp' });
  if (!isHexSha256(signature) || signedHeaders === undefined) throw volcengineError('InvalidAuthorization');
  const signedAtMs = parseCompactTime(date);
  if (signedAtMs === undefined) throw volcengineError('InvalidTimestamp');
  if (scope.day !== date.slice(0, 8)) throw volcengineError('InvalidCredential');
  const { keyId, region, service } = scope;
  const bodyHash = once(() => sha256Hex(request.body));
  return {
    identity: {
      scheme: 'volcengine',
      keyId,
      region,
      service,
      signedAtMs,
      signature,
      validUntilMs: signedAtMs + validForMs,
    },
    token,
    validForMs,
    verify(secret) {
      const requests = pairs === undefined ? [] : canonicalRequests(request, pairs, signedHeaders, bodyHash());
      if (isScopedSignature(signature, { secret, date, scope, scheme: volcengine, requests })) return;
      throw volcengineError('SignatureDoesNotMatch');
    },
    verifyHash() {
      const sent = headerOf(request, 'x-content-sha256');
      if (sent !== undefined && sent !== bodyHash()) throw volcengineError('SignatureDoesNotMatch');
    },
  };
}

function* canonicalRequests(
  request: Received,
  pairs: readonly Pair[],
  signedHeaders: readonly string[],
  payloadHash: string,
): Generator<string> {
  const { method, path } = request;
  const queries = new Set([byNameThenValue, byName].map((order) => canonicalQuery(pairs, order)));
  for (const headers of headerSpellings(request, signedHeaders)) {
    for (const query of queries) yield canonicalRequest({ method, path, query, headers, signedHeaders, payloadHash });
  }
}

/**
 * The vendor's Go and Python clients leave `:80` and `:443` out of the host they sign (docs/vendors/wire.md 5.1), and not
 * every client reduces blanks within a value. The page does not say how several values are joined. A signature in the query that covers no header has an empty line in their
 * place (docs/vendors/volcengine-billing.md 8.5).
 */
function headerSpellings({ headers }: Received, signedHeaders: readonly string[]): Set<string> {
  const [host = ''] = headers.get('host') ?? [];
  const portless = new Map([...headers, ['host', [host.replace(/:(?:80|443)$/, '')]]]);
  const spellings = [headers, portless].flatMap((sent) =>
    [collapseBlanks, trimBlanks].flatMap((read) =>
      [', ', ','].map((comma) => canonicalHeaders(signedHeaders, sent, (values) => read(values.join(comma)))),
    ),
  );
  return new Set(spellings.map((lines) => lines || '\n'));
}
