import type { Secret } from '#lib/auth/claim.ts';
import { readOnce } from '#lib/auth/readOnce.ts';
import { deriveSecret, digestOf, openSecret, sealSecret } from '#lib/auth/secrets.ts';
import type { Signatory } from '#lib/call.ts';
import type { AccessKey } from '#lib/domain/account.ts';

/** A revoked key still signs for at most this long in a process that has just used it (design section 6). */
export const KEY_CACHE_MS = 60_000;
const MAX_CACHED_KEYS = 10_000;
/** No key id is longer, and the table's keys have a limit too. */
const LONGEST_KEY_ID = 128;

/** What every secret follows from: 32 bytes, or how they are read. */
export type MasterKey = Buffer | (() => Promise<Buffer>);

/** The access keys of a process. What needs the master key beside them throws until an access key was looked up, or `prepare` done. */
export interface Keyring {
  /** Reads the master key, which is read once, when it is first needed or by this; throws if it cannot be read. */
  prepare(): Promise<void>;
  /** The key's secret and standing, from memory if read in the last minute; undefined for an unknown key. */
  secretOf(keyId: string): Promise<Secret | undefined>;
  /** Whom the key speaks for. */
  callerOf(keyId: string): Promise<Signatory>;
  /** The secret that follows from the master key for this key id. */
  derive(keyId: string): string;
  /** A secret, or an answer that may hold one, as it may be stored with what it belongs to. */
  seal(boundTo: string, secret: string): string;
  /** Reverses `seal`. */
  open(boundTo: string, sealed: string): string;
  /** Tells texts apart without giving them away to who reads the table. */
  digest(text: string): string;
  /** Makes this process read the key anew: what it knew, or is about to know by a read under way, counts for no later call. */
  forget(keyId: string): void;
}

/** A keyring over the stored keys. Unknown keys are looked up anew each time, so that a fresh key works at once. */
export function openKeyring(
  find: (keyId: string) => Promise<AccessKey | undefined>,
  masterKey: MasterKey,
  wallNow: () => number,
): Keyring {
  const cache = new Map<string, { key: AccessKey; secret: string; readAtMs: number }>();
  const master = openMasterKey(masterKey);
  let forgettings = 0;

  async function held(keyId: string) {
    const cached = cache.get(keyId);
    if (cached && wallNow() - cached.readAtMs < KEY_CACHE_MS) return cached;
    cache.delete(keyId);
    const begun = { readAtMs: wallNow(), forgettings };
    const key = keyId.length > LONGEST_KEY_ID ? undefined : await find(keyId);
    if (key === undefined) return undefined;
    await master.read();
    const { sealedSecret } = key;
    const secret = sealedSecret ? openSecret(master.key(), keyId, sealedSecret) : deriveSecret(master.key(), keyId);
    const entry = { key, secret, readAtMs: begun.readAtMs };
    if (forgettings !== begun.forgettings) return entry;
    if (cache.size >= MAX_CACHED_KEYS) cache.clear();
    cache.set(keyId, entry);
    return entry;
  }

  return {
    derive: (keyId) => deriveSecret(master.key(), keyId),
    seal: (boundTo, secret) => sealSecret(master.key(), boundTo, secret),
    open: (boundTo, sealed) => openSecret(master.key(), boundTo, sealed),
    digest: (text) => digestOf(master.key(), text),
    forget(keyId) {
      forgettings++;
      cache.delete(keyId);
    },
    async prepare() {
      await master.read();
    },
    async secretOf(keyId) {
      const entry = await held(keyId);
      return entry && { secret: entry.secret, active: entry.key.active };
    },
    async callerOf(keyId) {
      const entry = await held(keyId);
      if (entry === undefined) throw new Error(`access key ${keyId} vanished while it was in use`);
      const { uid } = entry.key;
      return uid === undefined ? { kind: 'operator', keyId } : { kind: 'account', keyId, uid };
    },
  };
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
