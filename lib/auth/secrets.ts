import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const SECRET_BYTES = 24;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * The secret of an access key that Tributary issued: never stored, always HKDF-SHA256(master key, key id). 192 bits in hex,
 * which need no quoting in shells and URLs.
 */
export function deriveSecret(masterKey: Buffer, keyId: string): string {
  const bytes = hkdfSync('sha256', masterKey, 'tributary', `access-key-secret/${keyId}`, SECRET_BYTES);
  return Buffer.from(bytes).toString('hex');
}

/** What is sealed: secrets of access keys, kept answers, page tokens. Each purpose has its own key. */
export type Sealed = 'access-key' | 'answer' | 'page';

/** Encrypts a text by AES-256-GCM with a key derived from the master key, bound to what it belongs to; answers base64. */
export function sealSecret(masterKey: Buffer, what: Sealed, boundTo: string, secret: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyFor(masterKey, `${what}-seal`), iv, {
    authTagLength: TAG_BYTES,
  }).setAAD(Buffer.from(boundTo));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
}

/** Reverses {@link sealSecret}. Throws if the master key, purpose, binding or sealed text differs. */
export function openSecret(masterKey: Buffer, what: Sealed, boundTo: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64');
  const iv = bytes.subarray(0, IV_BYTES);
  // Without a fixed length, a tag cut to four bytes would be accepted, and those can be guessed.
  const decipher = createDecipheriv('aes-256-gcm', keyFor(masterKey, `${what}-seal`), iv, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(boundTo))
    .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const opened = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES));
  return Buffer.concat([opened, decipher.final()]).toString('utf8');
}

/** A digest of a text that may hold a secret: HMAC-SHA256 with a key derived from the master key, base64url. */
export function digestOf(masterKey: Buffer, text: string): string {
  return createHmac('sha256', keyFor(masterKey, 'digest')).update(text).digest('base64url');
}

/**
 * The token of a link that is mailed: the id of the record it is for, a dot, and HMAC-SHA256 of the id under a key that follows from the
 * master key for this purpose alone. It is made again whenever it is needed, so that it need not be stored.
 */
export function linkTokenOf(masterKey: Buffer, recordId: string): string {
  return `${recordId}.${createHmac('sha256', keyFor(masterKey, 'link-token')).update(recordId).digest('base64url')}`;
}

const derived = new WeakMap<Buffer, Map<string, Buffer>>();

/** The key that follows from the master key for a purpose: derived once, and kept as long as the master key is. */
function keyFor(masterKey: Buffer, purpose: string): Buffer {
  const keys = derived.get(masterKey) ?? new Map<string, Buffer>();
  derived.set(masterKey, keys);
  const key = keys.get(purpose) ?? Buffer.from(hkdfSync('sha256', masterKey, 'tributary', purpose, 32));
  keys.set(purpose, key);
  return key;
}
