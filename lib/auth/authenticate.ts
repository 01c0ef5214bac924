import { readAcs3 } from '#lib/auth/acs3.ts';
import { isSameText, skewMs } from '#lib/auth/canonical.ts';
import type { Claim, Identity, RawRequest, Refusals, Secret } from '#lib/auth/claim.ts';
import { type Received, receiveRaw } from '#lib/auth/received.ts';
import { readRpc } from '#lib/auth/rpc.ts';
import { alibabaError, missingParameter, type SignatureError, volcengineError } from '#lib/auth/signatureError.ts';
import { readSigv4 } from '#lib/auth/sigv4.ts';
import { readVolcengine } from '#lib/auth/volcengine.ts';
import { readVolcengineQuery } from '#lib/auth/volcengineQuery.ts';

export type { Identity, RawRequest, Refusals, Secret } from '#lib/auth/claim.ts';

/** Whose errors answer a request without a signature of a known scheme. */
export type Vendor = 'alibaba' | 'volcengine';

/** The access keys, the wall's time `now` in epoch ms, and whose errors to use without a known scheme. */
export type AuthenticateOptions<Key extends Secret = Secret> = {
  secretOf(keyId: string): Promise<Key | undefined> | Key | undefined;
  now: number;
  vendor?: Vendor;
};

/** Proves who signed a request of the Fetch API's parts. Throws as `prove` does. */
export async function authenticate(request: RawRequest, options: AuthenticateOptions): Promise<Identity> {
  const { identity } = await prove(receiveRaw(request), options);
  return identity;
}

/**
 * Proves who signed a request. Checks, in this order: form, access key, time, token, signature (docs/vendors/wire.md 6).
 * Answers the key too, and how the scheme refuses a key. Throws a SignatureError with the code, status and message of the
 * vendor whose scheme the request uses. Does not remember nonces: the caller refuses a repeated one, after this.
 */
export async function prove<Key extends Secret>(
  request: Received,
  { secretOf, now, vendor = 'alibaba' }: AuthenticateOptions<Key>,
): Promise<{ identity: Identity; key: Key; refusals: Refusals }> {
  const { identity, token, validForMs, refusals, verify } = readClaim(request, vendor);
  const key = await secretOf(identity.keyId);
  if (key === undefined) throw refusals.unknownKey(identity.keyId);
  if (!key.active) throw refusals.inactiveKey(identity.keyId);
  const ageMs = now - identity.signedAtMs;
  if (ageMs > Math.min(validForMs, key.validForMs ?? validForMs) || ageMs < -skewMs) throw refusals.expired();
  if (key.securityToken !== undefined && !token) throw refusals.tokenMissing();
  if (token && !isSameText(token, key.securityToken ?? '')) throw refusals.tokenMismatch();
  verify(key.secret);
  return { identity, key, refusals };
}

function readClaim(request: Received, vendor: Vendor): Claim {
  const { authorization, formPairs, hasTooManyParameters, queryPairs, scheme } = request;
  if (hasTooManyParameters) throw unreadable(vendor);
  const isFormNeeded = scheme === 'rpc' || scheme === 'none';
  const isReadable = queryPairs !== undefined && (formPairs !== undefined || !isFormNeeded);
  if (authorization === undefined && !isReadable) throw unreadable(vendor);
  switch (scheme) {
    case 'acs3':
      return readAcs3(request);
    case 'volcengine':
      return readVolcengine(request);
    case 'sigv4':
      return readSigv4(request);
    case 'volcengineQuery':
      return readVolcengineQuery(request);
    case 'rpc':
      return readRpc(request);
    case 'unknown':
      throw authorization?.algorithm.startsWith('ACS3-') ? alibabaError('InvalidSignatureMethod') : unreadable(vendor);
    case 'none':
      throw vendor === 'volcengine' ? volcengineError('MissingAuthenticationToken') : missingParameter('AccessKeyId');
  }
}

function unreadable(vendor: Vendor): SignatureError {
  return vendor === 'volcengine' ? volcengineError('InvalidAuthorization') : alibabaError('IncompleteSignature');
}
