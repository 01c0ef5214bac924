import { Refusal } from '#lib/errors.ts';

/** Longer than a signature with a nonce can be valid, from the earliest clock to the latest (docs/vendors/wire.md 6). */
export const NONCE_MEMORY_MS = 31 * 60_000;
const MAX_NONCES = 200_000;
const LONGEST_NONCE = 256;

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
