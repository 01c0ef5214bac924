import type { Secret } from '#lib/auth/claim.ts';
import { deriveSecret, digestOf, linkTokenOf, openSecret, type Sealed, sealSecret } from '#lib/auth/secrets.ts';
import type { Signatory } from '#lib/call.ts';
import type { AccessKey } from '#lib/domain/account.ts';

/** How long a process may still accept a revoked key that it has just used (docs/decisions.md D21). */
export const KEY_CACHE_MS = 60_000;
const MAX_CACHED_KEYS = 10_000;
/** Query-signed URLs may be valid for a week. That is too long for URLs with an operator's rights. */
const OPERATOR_VALID_MS = 15 * 60_000;
/** No key id is longer, and the table limits the length of its keys. */
const LONGEST_KEY_ID = 128;

/** The key that all other secrets are derived from: 32 bytes, or a function that reads them. */
export type MasterKey = Buffer | (() => Promise<Buffer>);

/** An access key in the memory of a process. */
export type HeldKey = Secret & { readonly signatory: Signatory };

/** The access keys of a process. `derive`, `seal`, `open`, `digest` and `linkToken` throw until `prepare` or a look-up has read the master key. */
export interface Keyring {
  /** Reads the master key now and not when it is first needed. Throws if it cannot be read. */
  prepare(): Promise<void>;
  /** The key, from memory if it was read in the last minute; undefined for an unknown one. */
  secretOf(keyId: string): Promise<HeldKey | undefined>;
  /** The secret derived from the master key for this key id. */
  derive(keyId: string): string;
  /** Encrypts a secret, or an answer that may hold one. It can only be opened with the same `boundTo`. */
  seal(what: Sealed, boundTo: string, secret: string): string;
  /** Reverses `seal`. */
  open(what: Sealed, boundTo: string, sealed: string): string;
  /** A keyed digest, from which a reader of the table cannot guess the text. */
  digest(text: string): string;
  /** The token of a link that is mailed for a record. */
  linkToken(recordId: string): string;
  /** Makes later calls read the key again, even if it is being read right now. */
  forget(keyId: string): void;
  /** Notes that a call signed with the key was refused, for as long as the key is remembered. */
  noteRefused(keyId: string): void;
  /** Whether this process has refused a call signed with the key since it read that. */
  wasRefused(keyId: string): boolean;
}

/** A keyring over the stored keys. Unknown keys are looked up each time, so that a new key works at once. */
export function openKeyring(
  find: (keyId: string) => Promise<AccessKey | undefined>,
  masterKey: MasterKey,
  wallNow: () => number,
): Keyring {
  const cache = new Map<string, { readonly held: HeldKey; readonly readAtMs: number; wasRefused: boolean }>();
  const master = openMasterKey(masterKey);
  let forgetCount = 0;

  async function secretOf(keyId: string): Promise<HeldKey | undefined> {
    const cached = cache.get(keyId);
    if (cached && wallNow() - cached.readAtMs < KEY_CACHE_MS) return cached.held;
    cache.delete(keyId);
    const begun = { readAtMs: wallNow(), forgetCount };
    const key = keyId.length > LONGEST_KEY_ID ? undefined : await find(keyId);
    if (key === undefined) return undefined;
    await master.read();
    const held = heldKey(key, master.key());
    if (forgetCount !== begun.forgetCount) return held;
    if (cache.size >= MAX_CACHED_KEYS) cache.clear();
    cache.set(keyId, { held, readAtMs: begun.readAtMs, wasRefused: false });
    return held;
  }

  return {
    derive: (keyId) => deriveSecret(master.key(), keyId),
    seal: (what, boundTo, secret) => sealSecret(master.key(), what, boundTo, secret),
    open: (what, boundTo, sealed) => openSecret(master.key(), what, boundTo, sealed),
    digest: (text) => digestOf(master.key(), text),
    linkToken: (recordId) => linkTokenOf(master.key(), recordId),
    forget(keyId) {
      forgetCount++;
      cache.delete(keyId);
    },
    noteRefused(keyId) {
      const cached = cache.get(keyId);
      if (cached) cached.wasRefused = true;
    },
    wasRefused: (keyId) => cache.get(keyId)?.wasRefused === true,
    async prepare() {
      await master.read();
    },
    secretOf,
  };
}

/** The tokens of links, and nothing else of the master key. */
export function openLinkTokens(masterKey: MasterKey): { tokenOf(recordId: string): Promise<string> } {
  const master = openMasterKey(masterKey);
  return {
    async tokenOf(recordId) {
      await master.read();
      return linkTokenOf(master.key(), recordId);
    },
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

/** Reads a value when it is first needed, and keeps it. After a failure, the next call reads again. */
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
