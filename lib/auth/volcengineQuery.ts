import { skewMs } from '#lib/auth/canonical.ts';
import type { Claim } from '#lib/auth/claim.ts';
import type { Pair } from '#lib/auth/encoding.ts';
import { type Received, readHeaderNames } from '#lib/auth/received.ts';
import { volcengineError } from '#lib/auth/signatureError.ts';
import { volcengine, volcengineClaim } from '#lib/auth/volcengine.ts';

const unsignable: ReadonlySet<string> = new Set(['X-Signature', 'X-SignedQueries', 'X-Security-Token']);
const maxValidForS = 7 * 24 * 60 * 60;

/**
 * Reads a request signed in its query. The body is always covered: with `X-NotSignBody`, only a request without a body
 * can be verified. `X-Expires` is in seconds, 900 by default, a week at most.
 * Throws Volcengine's SignatureError for a malformed one (docs/vendors/wire.md 5.4, docs/vendors/volcengine-billing.md 8.5).
 */
export function readVolcengineQuery(request: Received): Claim {
  const pairs = request.queryPairs ?? [];
  const params = new Map(pairs);
  if (params.get('X-Algorithm') !== volcengine.algorithm) throw volcengineError('InvalidAuthorization');
  const headerList = params.get('X-SignedHeaders') || undefined;
  return volcengineClaim(request, {
    credential: params.get('X-Credential'),
    date: params.get('X-Date'),
    signature: params.get('X-Signature'),
    signedHeaders: headerList === undefined ? [] : readHeaderNames(headerList),
    pairs: signedPairs(pairs, params.get('X-SignedQueries')),
    token: params.get('X-Security-Token'),
    validForMs: readValidForMs(params.get('X-Expires')),
  });
}

/** The parameters named in `list`, or all without one; undefined if somebody could have added another unnoticed. */
function signedPairs(pairs: readonly Pair[], list: string | undefined): Pair[] | undefined {
  if (list === undefined) {
    const signed = pairs.filter(([name]) => name !== 'X-Signature');
    return pairs.length - signed.length === 1 ? signed : undefined;
  }
  const listed = new Set(list.split(';'));
  const names = new Set(pairs.map(([name]) => name));
  const unsigned = pairs.filter(([name]) => !listed.has(name));
  const allPresent = [...listed].every((name) => names.has(name));
  const allListed = unsigned.every(([name]) => unsignable.has(name));
  const noneRepeated = new Set(unsigned.map(([name]) => name)).size === unsigned.length;
  return allPresent && allListed && noneRepeated ? pairs.filter(([name]) => listed.has(name)) : undefined;
}

function readValidForMs(text: string | undefined): number {
  if (text === undefined) return skewMs;
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (seconds < 1 || seconds > maxValidForS) throw volcengineError('InvalidAuthorization');
  return seconds * 1000;
}
