import { Refusal } from '#lib/errors.ts';

/** A nonce is remembered for longer than the whole window a signature is good in (docs/vendors/wire.md 6). */
export const NONCE_MEMORY_MS = 31 * 60_000;
const MAX_NONCES = 200_000;
const LONGEST_NONCE = 256;

/** Refuses a nonce this process has seen. Mutations are also guarded durably, in their own transaction. */
export interface NonceMemory {
  /** Throws `NonceUsed`, or `ParameterInvalid` for one too long to be remembered. */
  use(keyId: string, nonce: string): void;
}

/** A memory of nonces, oldest forgotten first when time or space is up: that of the caller who takes the most. */
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
