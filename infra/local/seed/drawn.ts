import { createHash } from 'node:crypto';

// What a seed leaves open is drawn from what it says, so that the same seed is the same estate wherever and however often it is loaded.

const LEAST_UID = 1_000_000_000_000_000;
const MOST_UIDS = 200_000_000_000_000;

/** A uid of 16 digits, in the range that the registry draws from. */
export function drawnUid(from: string): number {
  return LEAST_UID + (digest(from).readUIntBE(0, 6) % MOST_UIDS);
}

/** So many letters and digits, at most 32. */
export function drawnText(from: string, length: number): string {
  return digest(from)
    .toString('base64')
    .replace(/[^0-9A-Za-z]/g, '')
    .padEnd(length, '0')
    .slice(0, length);
}

/** An id in the form of a UUID. */
export function drawnUuid(from: string): string {
  return digest(from)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}

/** The id of the nth key of an account that the seed gives none. */
export function drawnKeyId(owner: number | 'OPERATOR', index: number): string {
  return `TRIBSEED${owner}${index === 0 ? '' : `N${index + 1}`}`;
}

function digest(from: string): Buffer {
  return createHash('sha256').update(from).digest();
}
