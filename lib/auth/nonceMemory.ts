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

/** A memory of nonces, oldest forgotten first when time or space is up. */
export function nonceMemory(wallNow: () => number): NonceMemory {
  const seen = new Map<string, number>();
  return {
    use(keyId, nonce) {
      if (nonce.length > LONGEST_NONCE) {
        throw new Refusal('ParameterInvalid', { parameter: 'SignatureNonce', fault: 'length' });
      }
      const id = `${keyId}#${nonce}`;
      const nowMs = wallNow();
      for (const [oldest, usedAtMs] of seen) {
        if (nowMs - usedAtMs < NONCE_MEMORY_MS && seen.size < MAX_NONCES) break;
        seen.delete(oldest);
      }
      if (seen.has(id)) throw new Refusal('NonceUsed', {});
      seen.set(id, nowMs);
    },
  };
}
