import type { Secret } from '#lib/auth/claim.ts';
import { deriveSecret, digestOf, openSecret, type Sealed, sealSecret } from '#lib/auth/secrets.ts';
import type { Signatory } from '#lib/call.ts';
import type { AccessKey } from '#lib/domain/account.ts';

/** A revoked key still signs for at most this long in a process that has just used it (docs/decisions.md D21). */
export const KEY_CACHE_MS = 60_000;
const MAX_CACHED_KEYS = 10_000;
/** A query-signed address may say that it holds for a week, which is too long to leave lying about what an operator may do. */
const OPERATOR_VALID_MS = 15 * 60_000;
/** No key id is longer, and the table's keys have a limit too. */
const LONGEST_KEY_ID = 128;

/** What every secret follows from: 32 bytes, or how they are read. */
export type MasterKey = Buffer | (() => Promise<Buffer>);

/** An access key as a process holds it. */
export type HeldKey = Secret & { readonly signatory: Signatory };

/** The access keys of a process. `derive`, `seal`, `open` and `digest` throw until `prepare` or a look-up has read the master key. */
export interface Keyring {
  /** Reads the master key, which is read once, when it is first needed or by this; throws if it cannot be read. */
  prepare(): Promise<void>;
  /** The key's secret, its standing and whom it speaks for, from memory if read in the last minute; undefined for an unknown key. */
  secretOf(keyId: string): Promise<HeldKey | undefined>;
  /** The secret that follows from the master key for this key id. */
  derive(keyId: string): string;
  /** Encrypts a secret, or an answer that may hold one; it can only be opened under the same `boundTo`. */
  seal(what: Sealed, boundTo: string, secret: string): string;
  /** Reverses `seal`. */
  open(what: Sealed, boundTo: string, sealed: string): string;
  /** A keyed digest of a text, which gives nothing of it away to a reader of the table. */
  digest(text: string): string;
  /** Makes later calls read the key anew, also where a read of it is under way now. */
  forget(keyId: string): void;
}

/** A keyring over the stored keys. Unknown keys are looked up anew each time, so that a fresh key works at once. */
export function openKeyring(
  find: (keyId: string) => Promise<AccessKey | undefined>,
  masterKey: MasterKey,
  wallNow: () => number,
): Keyring {
  const cache = new Map<string, { held: HeldKey; readAtMs: number }>();
  const master = openMasterKey(masterKey);
  let forgettings = 0;

  async function secretOf(keyId: string): Promise<HeldKey | undefined> {
    const cached = cache.get(keyId);
    if (cached && wallNow() - cached.readAtMs < KEY_CACHE_MS) return cached.held;
    cache.delete(keyId);
    const begun = { readAtMs: wallNow(), forgettings };
    const key = keyId.length > LONGEST_KEY_ID ? undefined : await find(keyId);
    if (key === undefined) return undefined;
    await master.read();
    const held = heldKey(key, master.key());
    if (forgettings !== begun.forgettings) return held;
    if (cache.size >= MAX_CACHED_KEYS) cache.clear();
    cache.set(keyId, { held, readAtMs: begun.readAtMs });
    return held;
  }

  return {
    derive: (keyId) => deriveSecret(master.key(), keyId),
    seal: (what, boundTo, secret) => sealSecret(master.key(), what, boundTo, secret),
    open: (what, boundTo, sealed) => openSecret(master.key(), what, boundTo, sealed),
    digest: (text) => digestOf(master.key(), text),
    forget(keyId) {
      forgettings++;
      cache.delete(keyId);
    },
    async prepare() {
      await master.read();
    },
    secretOf,
  };
}

function heldKey({ active, isRoot = false, keyId, sealedSecret, uid }: AccessKey, masterKey: Buffer): HeldKey {
  const secret = sealedSecret
    ? openSecret(masterKey, 'access-key', keyId, sealedSecret)
    : deriveSecret(masterKey, keyId);
  const signatory: Signatory =
    uid === undefined ? { kind: 'operator', keyId } : { kind: 'account', keyId, uid, isRoot };
  return { secret, active, signatory, validForMs: uid === undefined ? OPERATOR_VALID_MS : undefined };
}

function openMasterKey(masterKey: MasterKey): { read(): Promise<void>; key(): Buffer } {
  let held = typeof masterKey === 'function' ? undefined : masterKey;
  return {
    read: readOnce(async () => {
      if (typeof masterKey === 'function') held = await masterKey();
    }),
    key() {
      if (held === undefined) throw new Error('the master key has not been read');
      return held;
    },
  };
}

/** Reads a value when it is first needed, and keeps it. A read that failed is made again at the next need. */
function readOnce<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => {
    reading ??= read().catch((error: unknown) => {
      reading = undefined;
      throw error;
    });
    return reading;
  };
}
