import { acs3 } from '#lib/auth/acs3.ts';
import type { RawRequest } from '#lib/auth/claim.ts';
import { decodePairs, pairsOf, splitUrl } from '#lib/auth/encoding.ts';
import { isRpc } from '#lib/auth/rpc.ts';
import { sigv4 } from '#lib/auth/sigv4.ts';
import { volcengine } from '#lib/auth/volcengine.ts';
import { isVolcengineQuery } from '#lib/auth/volcengineQuery.ts';

const byAlgorithm: Readonly<Record<string, Scheme>> = {
  [acs3]: 'acs3',
  [volcengine.algorithm]: 'volcengine',
  [sigv4.algorithm]: 'sigv4',
};

/** `unknown`: an algorithm that there is not. `none`: nothing says that the request is signed. */
export type Scheme = 'acs3' | 'rpc' | 'volcengine' | 'volcengineQuery' | 'sigv4' | 'unknown' | 'none';

/**
 * By which scheme a request looks to be signed (reference wire 1). The only place that decides it: what a signature is verified by
 * must also be what the operation is chosen by.
 */
export function schemeOf(request: RawRequest): Scheme {
  const authorization = request.headers.get('authorization');
  if (authorization) return byAlgorithm[algorithmIn(authorization)] ?? 'unknown';
  if (isVolcengineQuery(decodePairs(splitUrl(request.url).query) ?? [])) return 'volcengineQuery';
  return isRpc(pairsOf(request)) ? 'rpc' : 'none';
}

/** The algorithm of an `Authorization` header: what stands before its first blank. */
export function algorithmIn(authorization: string): string {
  return authorization.split(' ', 1)[0] ?? '';
}
