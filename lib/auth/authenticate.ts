import { readAcs3 } from '#lib/auth/acs3.ts';
import type { Claim, Identity, RawRequest, Secret } from '#lib/auth/claim.ts';
import { decodePairs, splitUrl } from '#lib/auth/encoding.ts';
import { isSameText } from '#lib/auth/hashing.ts';
import { mergeForm, readRpc } from '#lib/auth/rpc.ts';
import { algorithmIn, schemeOf } from '#lib/auth/scheme.ts';
import { alibabaError, missingParameter, type SignatureError, volcengineError } from '#lib/auth/signatureError.ts';
import { readSigv4 } from '#lib/auth/sigv4.ts';
import { skewMs } from '#lib/auth/time.ts';
import { readVolcengine } from '#lib/auth/volcengine.ts';
import { readVolcengineQuery } from '#lib/auth/volcengineQuery.ts';

export type { Identity, RawRequest, Secret } from '#lib/auth/claim.ts';

/** Whose errors answer a request that carries no signature of any known scheme. */
export type Vendor = 'alibaba' | 'volcengine';

/** What `authenticate` needs from outside: the access keys and the wall clock, `now` in epoch ms. */
export type AuthenticateOptions = {
  secretOf(keyId: string): Promise<Secret | undefined> | Secret | undefined;
  now: number;
  vendor?: Vendor;
};

/**
 * Proves who signed a request: shape, access key, time, token, signature, in this order (reference wire 6).
 * Throws a SignatureError whose code, status and message are those of the vendor whose scheme the request uses.
 * A nonce is answered, not remembered: refusing a repeated one is the caller's, after the signature is known to be good.
 */
export async function authenticate(
  request: RawRequest,
  { secretOf, now, vendor = 'alibaba' }: AuthenticateOptions,
): Promise<Identity> {
  const { identity, token, validForMs, refusals, verify } = readClaim(request, vendor);
  const key = await secretOf(identity.keyId);
  if (key === undefined) throw refusals.unknownKey(identity.keyId);
  if (!key.active) throw refusals.inactiveKey(identity.keyId);
  const ageMs = now - identity.signedAtMs;
  if (ageMs > validForMs || ageMs < -skewMs) throw refusals.expired();
  if (key.securityToken !== undefined && !token) throw refusals.tokenMissing();
  if (token && !isSameText(token, key.securityToken ?? '')) throw refusals.tokenMismatch();
  verify(key.secret);
  return identity;
}

function readClaim(request: RawRequest, vendor: Vendor): Claim {
  const authorization = request.headers.get('authorization') ?? '';
  const algorithm = algorithmIn(authorization);
  const credentials = authorization.slice(algorithm.length + 1);
  switch (schemeOf(request)) {
    case 'acs3':
      return readAcs3(request, credentials);
    case 'volcengine':
      return readVolcengine(request, credentials);
    case 'sigv4':
      return readSigv4(request, credentials);
    case 'unknown':
      throw algorithm.startsWith('ACS3-') ? alibabaError('InvalidSignatureMethod') : unreadable(vendor);
    default:
      return readParameterClaim(request, vendor);
  }
}

function readParameterClaim(request: RawRequest, vendor: Vendor): Claim {
  const queryPairs = decodePairs(splitUrl(request.url).query);
  if (queryPairs === undefined) throw unreadable(vendor);
  const scheme = schemeOf(request);
  if (scheme === 'volcengineQuery') return readVolcengineQuery(request, queryPairs);
  const pairs = mergeForm(queryPairs, request);
  if (pairs === undefined) throw unreadable(vendor);
  if (scheme === 'rpc') return readRpc(request, pairs);
  throw vendor === 'volcengine' ? volcengineError('MissingAuthenticationToken') : missingParameter('AccessKeyId');
}

function unreadable(vendor: Vendor): SignatureError {
  return vendor === 'volcengine' ? volcengineError('InvalidAuthorization') : alibabaError('IncompleteSignature');
}
