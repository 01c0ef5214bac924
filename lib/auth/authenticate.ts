import { readAcs3 } from '#lib/auth/acs3.ts';
import { isSameText, skewMs } from '#lib/auth/canonical.ts';
import type { Claim, Identity, RawRequest, Secret } from '#lib/auth/claim.ts';
import { presignedRefusal } from '#lib/auth/presigned.ts';
import { type Received, receiveRaw } from '#lib/auth/received.ts';
import { readRpc } from '#lib/auth/rpc.ts';
import {
  alibabaError,
  missingParameter,
  SignatureError,
  sharedErrors,
  volcengineError,
} from '#lib/auth/signatureError.ts';
import { readSigv4 } from '#lib/auth/sigv4.ts';
import { readVolcengine } from '#lib/auth/volcengine.ts';
import { readVolcengineQuery } from '#lib/auth/volcengineQuery.ts';
import { Refusal } from '#lib/errors.ts';

export type { Identity, RawRequest, Secret } from '#lib/auth/claim.ts';

/** Longer than a signature with a nonce can be valid, from the earliest clock to the latest (docs/vendors/wire.md 6). */
export const NONCE_MEMORY_MS = 31 * 60_000;
const MAX_NONCES = 200_000;
const LONGEST_NONCE = 256;

/** Whose errors answer a request without a signature of a known scheme. */
export type Vendor = 'alibaba' | 'volcengine';

/** The access keys, the wall's time `now` in epoch ms, and whose errors to use without a known scheme. */
export type AuthenticateOptions<Key extends Secret = Secret> = {
  secretOf(keyId: string): Promise<Key | undefined> | Key | undefined;
  now: number;
  vendor?: Vendor;
  /** Refuses a repeated nonce; without it, that is left to the caller. */
  nonces?: NonceMemory;
  /**
   * Called before a request is refused whose signature is right, and could be accepted later or without a part that is
   * not signed. What it throws is thrown instead of the refusal.
   */
  useUp?(refused: Proven<Key>, refusal: SignatureError): Promise<void>;
};

/** Who signed a request, and with which key. */
export interface Proven<Key extends Secret> {
  readonly identity: Identity;
  readonly key: Key;
}

/** Proves who signed a request of the Fetch API's parts. Throws as `prove` does. */
export async function authenticate(request: RawRequest, options: AuthenticateOptions): Promise<Identity> {
  const { identity } = await prove(receiveRaw(request), options);
  return identity;
}

/**
 * Proves who signed a request. Checks, in this order: form, access key, time, token, signature, nonce
 * (docs/vendors/wire.md 6). Answers the key too. Throws a SignatureError with the code, status and message of the vendor
 * whose scheme the request uses, or as {@link NonceMemory}; but first has the bytes used up of a request that is signed rightly and may be
 * accepted later, as its time comes, or without a part that is not signed.
 */
export async function prove<Key extends Secret>(
  request: Received,
  { secretOf, now, vendor = 'alibaba', nonces, useUp }: AuthenticateOptions<Key>,
): Promise<Proven<Key>> {
  const claim = readClaim(request, vendor);
  const { identity, unsignedPart } = claim;
  const errors = () => sharedErrors[identity.scheme];
  const key = await secretOf(identity.keyId);
  if (!key?.active) {
    throw unsignedPart ?? (key ? errors().inactiveKey(identity.keyId) : errors().unknownKey(identity.keyId));
  }
  const ageMs = now - identity.signedAtMs;
  if (ageMs > Math.min(claim.validForMs, key.validForMs ?? claim.validForMs)) throw unsignedPart ?? errors().expired();
  const refusal = unsignedPart ?? (ageMs < -skewMs ? errors().expired() : refusalOfToken(claim, key));
  const mismatch = thrownBy(() => claim.verify(key.secret));
  const told = refusal ?? mismatch ?? thrownBy(() => claim.verifyHash?.());
  if (told && !mismatch && !isTooLong(identity)) await useUp?.({ identity, key }, told);
  if (told) throw told;
  if ('nonce' in identity) nonces?.use(identity.keyId, identity.nonce);
  return { identity, key };
}

function refusalOfToken({ identity, token }: Claim, { securityToken }: Secret): SignatureError | undefined {
  if (securityToken !== undefined && !token) return sharedErrors[identity.scheme].tokenMissing();
  return token && !isSameText(token, securityToken ?? '') ? sharedErrors[identity.scheme].tokenMismatch() : undefined;
}

function thrownBy(check: () => void): SignatureError | undefined {
  try {
    check();
  } catch (error) {
    if (error instanceof SignatureError) return error;
    throw error;
  }
  return undefined;
}

/** Whether the request has a nonce with which it is never accepted. */
function isTooLong(identity: Identity): boolean {
  return 'nonce' in identity && identity.nonce.length > LONGEST_NONCE;
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
      throw presignedRefusal(request) ?? unsigned(vendor);
  }
}

function unsigned(vendor: Vendor): SignatureError {
  return vendor === 'volcengine' ? volcengineError('MissingAuthenticationToken') : missingParameter('AccessKeyId');
}

function unreadable(vendor: Vendor): SignatureError {
  return vendor === 'volcengine' ? volcengineError('InvalidAuthorization') : alibabaError('IncompleteSignature');
}

/** Refuses nonces that this process has seen. Mutations also record theirs in the table, for all processes. */
export interface NonceMemory {
  /** Throws `NonceUsed`, or `ParameterInvalid` for one that is too long. */
  use(keyId: string, nonce: string): void;
}

/** A memory of nonces. When it is full, the caller with the most nonces loses its oldest. */
export function nonceMemory(wallNow: () => number): NonceMemory {
  const callers = new Map<string, Map<string, number>>();
  let size = 0;

  function forgetOldest(keyId: string): void {
    const nonces = callers.get(keyId);
    const [oldest] = nonces?.keys() ?? [];
    if (oldest !== undefined && nonces?.delete(oldest)) size--;
    if (nonces?.size === 0) callers.delete(keyId);
  }

  function forgetExpired(keyId: string, nowMs: number): void {
    const nonces = callers.get(keyId);
    for (const usedAtMs of nonces?.values() ?? []) {
      if (nowMs - usedAtMs < NONCE_MEMORY_MS) break;
      forgetOldest(keyId);
    }
  }

  function makeRoom(nowMs: number): void {
    for (const keyId of [...callers.keys()]) forgetExpired(keyId, nowMs);
    if (size < MAX_NONCES) return;
    const [first, ...others] = callers;
    const [most] = others.reduce((one, other) => (other[1].size > one[1].size ? other : one), first ?? ['', new Map()]);
    forgetOldest(most);
  }

  return {
    use(keyId, nonce) {
      if (nonce.length > LONGEST_NONCE) {
        throw new Refusal('ParameterInvalid', { parameter: 'SignatureNonce', fault: 'length' });
      }
      const nowMs = wallNow();
      forgetExpired(keyId, nowMs);
      if (size >= MAX_NONCES) makeRoom(nowMs);
      const own = callers.get(keyId) ?? new Map<string, number>();
      if (own.has(nonce)) throw new Refusal('NonceUsed', {});
      callers.set(keyId, own.set(nonce, nowMs));
      size++;
    },
  };
}
