/** One decoded parameter: name and value. */
export type Pair = [name: string, value: string];

const AMPERSAND = 0x26;
const unreservedOnly = /^[A-Za-z0-9._~-]*$/;
const loneSurrogate = /\p{Surrogate}/u;
const keptByEncodeURIComponent = ['!', "'", '(', ')', '*'].map(
  (char) => [char, `%${char.charCodeAt(0).toString(16).toUpperCase()}`] as const,
);
const formMediaType = /^application\/x-www-form-urlencoded[ \t]*(?:;|$)/i;
const jsonMediaType = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;
/** White space of JSON: tab, line feed, carriage return and space. */
const jsonBlanks: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0d, 0x20]);
const OPENING_BRACE = 0x7b;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** E(x) of docs/vendors/wire.md 2: every UTF-8 byte but `A-Z a-z 0-9 - . _ ~` becomes `%XX` in upper case. */
export function percentEncode(text: string): string {
  if (unreservedOnly.test(text)) return text;
  // One pass for each character is faster than a function for each occurrence, of which there may be as many as the text is long.
  return keptByEncodeURIComponent.reduce(
    (encoded, [char, escaped]) => encoded.replaceAll(char, escaped),
    encodeURIComponent(text),
  );
}

/**
 * The parameters of a query or form text, in the order sent, with duplicates; at most the first `most`. `+` is a space, a
 * parameter without `=` has an empty value (docs/vendors/wire.md 2). Undefined if an escape is malformed or the text not UTF-8.
 */
export function decodePairs(text: string, most?: number): Pair[] | undefined {
  if (loneSurrogate.test(text)) return undefined;
  const pairs: Pair[] = [];
  try {
    for (const part of text.split('&', most)) {
      if (part === '') continue;
      const equals = part.indexOf('=');
      pairs.push(equals < 0 ? [decode(part), ''] : [decode(part.slice(0, equals)), decode(part.slice(equals + 1))]);
    }
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
  return pairs;
}

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  return spaced.includes('%') ? decodeURIComponent(spaced) : spaced;
}

/** Into how many parts `&` divides a query or a form. Stops counting at `most` + 1. */
export function countParts(sent: string | Uint8Array, most: number): number {
  const next = (from: number) => (typeof sent === 'string' ? sent.indexOf('&', from) : sent.indexOf(AMPERSAND, from));
  let parts = sent.length === 0 ? 0 : 1;
  for (let at = next(0); at >= 0 && parts <= most; at = next(at + 1)) parts++;
  return parts;
}

/** The parameters of a form body, as `decodePairs`; undefined also when the bytes are not UTF-8. */
export function decodeForm(body: Uint8Array, most?: number): Pair[] | undefined {
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    return undefined;
  }
  return decodePairs(text, most);
}

/** Whether a body of this content type holds form parameters. */
export function isFormType(contentType: string | null | undefined): boolean {
  return typeof contentType === 'string' && formMediaType.test(contentType);
}

/** Whether a body of this content type holds JSON. */
export function isJsonType(contentType: string): boolean {
  return jsonMediaType.test(contentType);
}

/** Whether a body begins like a JSON object, after a byte order mark and blanks. */
export function opensObject(body: Uint8Array): boolean {
  let at = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
  while (jsonBlanks.has(body[at] ?? 0)) at++;
  return body[at] === OPENING_BRACE;
}

/** Path and query of a request target, both still encoded and without the `?` between them. */
export function splitUrl(url: string): { path: string; query: string } {
  const mark = url.indexOf('?');
  return mark < 0 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

/** The value of a parameter, the first if it was sent several times. */
export function valueIn(pairs: readonly Pair[], wanted: string): string | undefined {
  return pairs.find(([name]) => name === wanted)?.[1];
}
