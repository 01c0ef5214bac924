import { Refusal } from '#lib/errors.ts';
import type { WriteItem } from '#lib/store/commit.ts';
import { anyOf } from '#lib/store/expressions.ts';
import { absent, put } from '#lib/store/items.ts';
import { nonceKey } from '#lib/store/keys.ts';

/** A nonce is remembered for longer than the whole window a signature is good in (reference wire 6). */
export const NONCE_MEMORY_MS = 31 * 60_000;

/** Uses a nonce up, across all processes, as part of the mutation it was sent with. `wallNowMs` is the wall's time. */
export function useNonce(keyId: string, nonce: string, wallNowMs: number): WriteItem {
  const forgotten = { text: '#ttl < :wallNow', values: { ':wallNow': Math.floor(wallNowMs / 1000) } };
  return put(
    { ...nonceKey(keyId, nonce), type: 'nonce', ttl: Math.ceil((wallNowMs + NONCE_MEMORY_MS) / 1000) },
    [anyOf([absent, forgotten])],
    () => new Refusal('NonceUsed', {}),
  );
}
