import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import { type Pair, percentEncode } from '#lib/auth/encoding.ts';

/** How far a request's time may be from the server's, in either direction, in ms (docs/vendors/wire.md 6). */
export const skewMs = 15 * 60 * 1000;

const hexSha256 = /^[0-9a-f]{64}$/;
const extended = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const compact = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
const ascii = /^[\0-\x7f]*$/;
const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

type EncodedPair = { name: string; encodedName: string; encodedValue: string };

/** How the parameters of a canonical query are sorted. */
export type Order = (a: EncodedPair, b: EncodedPair) => number;

/** By decoded name; equal names stay in the order sent (docs/vendors/wire.md 2). */
export const byName: Order = (a, b) => compare(a.name, b.name);

/** By decoded name, equal names by value (docs/vendors/wire.md 5.2). */
export const byNameThenValue: Order = (a, b) => compare(a.name, b.name) || compare(a.encodedValue, b.encodedValue);

/** By encoded name, then encoded value, as AWS Signature Version 4 sorts. */
export const byEncodedName: Order = (a, b) =>
  compare(a.encodedName, b.encodedName) || compare(a.encodedValue, b.encodedValue);

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** `E(name)=E(value)` of every pair, sorted and joined by `&` (docs/vendors/wire.md 3.2). */
export function canonicalQuery(pairs: readonly Pair[], order: Order): string {
  return pairs
    .map(([name, value]) => ({ name, encodedName: percentEncode(name), encodedValue: percentEncode(value) }))
    .sort(order)
    .map(({ encodedName, encodedValue }) => `${encodedName}=${encodedValue}`)
    .join('&');
}

/**
 * `name:value` and a newline for each signed header, in the order of `names`. An absent header has no line, so that the
 * signature cannot match. `written` joins the values of a name in the form of the scheme.
 */
export function canonicalHeaders(
  names: readonly string[],
  headers: ReadonlyMap<string, readonly string[]>,
  written: (values: readonly string[]) => string,
): string {
  let lines = '';
  for (const name of names) {
    const values = headers.get(name);
    if (values !== undefined) lines += `${name}:${written(values)}\n`;
  }
  return lines;
}

/**
 * A header value as the text that its sender signed, without the blanks around it. The bytes are read as UTF-8 if they are
 * that, else each as one character.
 */
export function trimBlanks(value: string): string {
  let [start, end] = [0, value.length];
  while (isBlank(value[start])) start++;
  while (end > start && isBlank(value[end - 1])) end--;
  const trimmed = value.slice(start, end);
  if (ascii.test(trimmed)) return trimmed;
  const text = Buffer.from(trimmed, 'latin1').toString('utf8');
  return text.includes('\uFFFD') ? trimmed : text;
}

/** The same, with each run of white space inside reduced to one blank (docs/vendors/wire.md 5.2). */
export function collapseBlanks(value: string): string {
  return trimBlanks(value).replace(/[ \t]+/g, ' ');
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

/** The text whose hash the three header schemes sign (docs/vendors/wire.md 3.2, 5.2). `headers` ends in a newline. */
export function canonicalRequest(parts: {
  method: string;
  path: string;
  query: string;
  headers: string;
  signedHeaders: readonly string[];
  payloadHash: string;
}): string {
  const { method, path, query, headers, signedHeaders, payloadHash } = parts;
  return `${method.toUpperCase()}\n${path}\n${query}\n${headers}\n${signedHeaders.join(';')}\n${payloadHash}`;
}

/** Lower-case hex SHA-256 of a text (as UTF-8) or of bytes. */
/** What a function answers, which is called no more than once: when it is first asked for. */
export function once<Answer extends string>(make: () => Answer): () => Answer {
  let made: Answer | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

export function sha256Hex(content: string | Uint8Array): string {
  return content.length === 0 ? emptySha256 : hash('sha256', content, 'hex');
}

/** HMAC-SHA-256 as bytes, for a key that is derived further. */
export function hmacSha256(key: string | Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** HMAC-SHA-256 as lower-case hex. */
export function hmacSha256Hex(key: string | Uint8Array, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}

/** HMAC-SHA-1 as base64. */
export function hmacSha1Base64(key: string, text: string): string {
  return createHmac('sha1', key).update(text).digest('base64');
}

/** Whether two texts are equal. The time taken depends on their lengths only. */
export function isSameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Whether a text has the form of a hex SHA-256: 64 lower-case digits. */
export function isHexSha256(text: string | undefined): text is string {
  return text !== undefined && hexSha256.test(text);
}

/** Epoch ms of `2026-01-31T08:09:10Z`; undefined for any other form or a day that does not exist. */
export function parseExtendedTime(text: string): number | undefined {
  if (!extended.test(text)) return undefined;
  const timeMs = Date.parse(text);
  if (Number.isNaN(timeMs)) return undefined;
  // A day that the month does not have, and 24 o'clock, are read as the day after.
  return new Date(timeMs).getUTCDate() === Number(text.slice(8, 10)) ? timeMs : undefined;
}

/** A time as `20260131T080910Z`. */
export function compactTime(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** Epoch ms of `20260131T080910Z`; undefined for any other form or a day that does not exist. */
export function parseCompactTime(text: string): number | undefined {
  return compact.test(text) ? parseExtendedTime(text.replace(compact, '$1-$2-$3T$4:$5:$6Z')) : undefined;
}
