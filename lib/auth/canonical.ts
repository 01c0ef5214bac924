import { type Pair, percentEncode } from '#lib/auth/encoding.ts';

type EncodedPair = { name: string; encodedName: string; encodedValue: string };

/** How the parameters of a canonical query are sorted. */
export type Order = (a: EncodedPair, b: EncodedPair) => number;

/** By decoded name; equal names stay as sent (reference wire 2). */
export const byName: Order = (a, b) => compare(a.name, b.name);

/** By decoded name, equal names by value (reference wire 5.2). */
export const byNameThenValue: Order = (a, b) => compare(a.name, b.name) || compare(a.encodedValue, b.encodedValue);

/** By encoded name, then encoded value, as AWS Signature Version 4 sorts. */
export const byEncodedName: Order = (a, b) =>
  compare(a.encodedName, b.encodedName) || compare(a.encodedValue, b.encodedValue);

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** `E(name)=E(value)` of every pair, sorted and joined by `&` (reference wire 3.2). */
export function canonicalQuery(pairs: readonly Pair[], order: Order): string {
  return pairs
    .map(([name, value]) => ({ name, encodedName: percentEncode(name), encodedValue: percentEncode(value) }))
    .sort(order)
    .map(({ encodedName, encodedValue }) => `${encodedName}=${encodedValue}`)
    .join('&');
}

/** `name:value` and a newline for each signed header; one that is absent has no line, so its signature cannot match. */
export function canonicalHeaders(names: readonly string[], read: (name: string) => string | null): string {
  let lines = '';
  for (const name of names) {
    const value = read(name);
    if (value !== null) lines += `${name}:${value}\n`;
  }
  return lines;
}

/** A header value with every run of white space reduced to one blank (reference wire 5.2). */
export function collapseBlanks(value: string | null): string | null {
  return value === null ? null : value.trim().replace(/[ \t]+/g, ' ');
}

/** The text whose hash the three header schemes sign (reference wire 3.2, 5.2). `headers` ends in a newline. */
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
