const fieldNames: ReadonlySet<string> = new Set(['Credential', 'SignedHeaders', 'Signature']);
const headerNames = /^[a-z0-9_.-]+(?:;[a-z0-9_.-]+)*$/;
const hexSha256 = /^[0-9a-f]{64}$/;

/** The fields that follow the algorithm in an `Authorization` header. */
export type Fields = ReadonlyMap<string, string>;

/**
 * `Credential=..,SignedHeaders=..,Signature=..` in any order, blanks after the commas allowed (reference wire 3.2).
 * Undefined when a field is unknown, repeated or has no `=`; absent fields are for the scheme to refuse.
 */
export function readFields(credentials: string): Fields | undefined {
  const fields = new Map<string, string>();
  if (credentials.trim() === '') return fields;
  for (const part of credentials.split(',')) {
    const equals = part.indexOf('=');
    const name = part.slice(0, Math.max(equals, 0)).trim();
    if (!fieldNames.has(name) || fields.has(name)) return undefined;
    fields.set(name, part.slice(equals + 1).trim());
  }
  return fields;
}

/** The names of a `SignedHeaders` list in sorted order; undefined when it is absent, empty or not lower-case names. */
export function readHeaderNames(list: string | undefined): string[] | undefined {
  return list !== undefined && headerNames.test(list) ? list.split(';').sort() : undefined;
}

/** Whether a text has the form of a hex SHA-256: 64 lower-case digits. */
export function isHexSha256(text: string | undefined): text is string {
  return text !== undefined && hexSha256.test(text);
}
