import * as v from 'valibot';
import { Refusal } from '#lib/errors.ts';
import { nonceKey } from '#lib/store/keys.ts';
import type { WriteItem } from '#lib/table/commit.ts';
import { anyOf } from '#lib/table/expressions.ts';
import { absent, put } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';

export const nonceRow = rowKind({ type: 'nonce', shape: v.object({ ttl: v.number() }) });

/** Uses a nonce up, across all processes, as part of the mutation it was sent with. `wallNowMs` is the wall's time; it is kept for `keepMs`. */
export function useNonce(keyId: string, nonce: string, wallNowMs: number, keepMs: number): WriteItem {
  const forgotten = { text: '#ttl < :wallNow', values: { ':wallNow': Math.floor(wallNowMs / 1000) } };
  return put(
    nonceRow.row(nonceKey(keyId, nonce), { ttl: Math.ceil((wallNowMs + keepMs) / 1000) }),
    [anyOf([absent, forgotten])],
    () => new Refusal('NonceUsed', {}),
  );
}
