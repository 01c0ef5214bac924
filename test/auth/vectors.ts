import { readFileSync } from 'node:fs';
import { authenticate, type RawRequest, type Vendor } from '#lib/auth/authenticate.ts';
import { SignatureError } from '#lib/auth/signatureError.ts';

type Key = { accessKeyId: string; accessKeySecret: string; securityToken?: string };

export type Vector = {
  name: string;
  now: string;
  keys: Key[];
  request: { method: string; target: string; headers: [string, string][]; bodyBase64: string };
  expect: {
    result: 'accept' | 'refuse';
    code?: string;
    status?: number;
    accessKeyId: string;
    nonce?: string;
    region?: string;
    service?: string;
    timestamp?: string;
    stringToSign?: string;
    canonicalRequest?: string;
    canonicalQuery?: string;
    hashedPayload?: string;
    signingKeyHex?: string;
  };
};

export function vectorsIn(file: string): Vector[] {
  const { vectors }: { vectors: Vector[] } = JSON.parse(
    readFileSync(new URL(`../vectors/${file}.json`, import.meta.url), 'utf8'),
  );
  return vectors;
}

export function vectorIn(file: string, name: string): Vector {
  const vector = vectorsIn(file).find((candidate) => candidate.name === name);
  if (vector === undefined) throw new Error(`${file} has no vector ${name}`);
  return vector;
}

export function requestOf({ request }: Vector): RawRequest {
  return {
    method: request.method,
    url: request.target,
    headers: new Headers(request.headers),
    body: Buffer.from(request.bodyBase64, 'base64'),
  };
}

/** The request with some headers set or, by undefined, removed. */
export function withHeaders(request: RawRequest, changes: Record<string, string | undefined>): RawRequest {
  const headers = new Headers(request.headers);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) headers.delete(name);
    else headers.set(name, value);
  }
  return { ...request, headers };
}

/** The request with its `Authorization` rewritten. */
export function withAuthorization(request: RawRequest, rewrite: (authorization: string) => string): RawRequest {
  return withHeaders(request, { authorization: rewrite(request.headers.get('authorization') ?? '') });
}

export type Circumstances = { keys: Key[]; nowMs: number; active?: boolean; vendor?: Vendor };

export function circumstancesOf({ keys, now }: Vector): Circumstances {
  return { keys, nowMs: Date.parse(now) };
}

export function verify(request: RawRequest, { keys, nowMs, active = true, vendor = 'alibaba' }: Circumstances) {
  return authenticate(request, {
    secretOf(keyId) {
      const key = keys.find(({ accessKeyId }) => accessKeyId === keyId);
      return key && { secret: key.accessKeySecret, active, securityToken: key.securityToken };
    },
    now: nowMs,
    vendor,
  });
}

/** Why a request is refused; undefined when it is accepted. Anything but a SignatureError is rethrown. */
export async function refusalOf(request: RawRequest, circumstances: Circumstances) {
  try {
    await verify(request, circumstances);
    return undefined;
  } catch (error) {
    if (error instanceof SignatureError) return error;
    throw error;
  }
}
