import { hmacSha256, hmacSha256Hex, isSameText, sha256Hex } from '#lib/auth/canonical.ts';

/** A scheme that signs with a credential scope, as AWS does and Volcengine after it; they differ in these parts. */
export type ScopedScheme = { algorithm: string; keyPrefix: string; terminator: string };

/** The parts of `<key id>/<yyyymmdd>/<region>/<service>/<terminator>`. */
export type Scope = { keyId: string; day: string; region: string; service: string };

/** Reads a credential; undefined unless it has five parts, with key, day and service. The region may be empty. */
export function readScope(credential: string, { terminator }: ScopedScheme): Scope | undefined {
  const [keyId, day, region, service, end, more] = credential.split('/', 6);
  if (!keyId || !day || region === undefined || !service || end !== terminator || more !== undefined) return undefined;
  return /^\d{8}$/.test(day) ? { keyId, day, region, service } : undefined;
}

/** The signing key, derived through day, region, service and terminator (docs/vendors/wire.md 5.2). */
export function signingKey(secret: string, { day, region, service }: Scope, scheme: ScopedScheme): Buffer {
  const dayKey = hmacSha256(scheme.keyPrefix + secret, day);
  return hmacSha256(hmacSha256(hmacSha256(dayKey, region), service), scheme.terminator);
}

/** The text that is signed for a canonical request made at `date` (`yyyymmddThhmmssZ`) (docs/vendors/wire.md 5.2). */
export function scopedStringToSign(date: string, scope: Scope, scheme: ScopedScheme, request: string): string {
  const { day, region, service } = scope;
  return `${scheme.algorithm}\n${date}\n${day}/${region}/${service}/${scheme.terminator}\n${sha256Hex(request)}`;
}

/** Whether `signature` matches one of the canonical forms of a request that clients use. */
export function isScopedSignature(
  signature: string,
  signed: { secret: string; date: string; scope: Scope; scheme: ScopedScheme; requests: Iterable<string> },
): boolean {
  const { secret, date, scope, scheme, requests } = signed;
  const key = signingKey(secret, scope, scheme);
  for (const request of requests) {
    const expected = hmacSha256Hex(key, scopedStringToSign(date, scope, scheme, request));
    if (isSameText(expected, signature)) return true;
  }
  return false;
}
