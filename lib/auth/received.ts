import type { RawRequest, Sent } from '#lib/auth/claim.ts';
import {
  countParts,
  decodeForm,
  decodePairs,
  isFormType,
  isJsonType,
  opensObject,
  type Pair,
  splitUrl,
  valueIn,
} from '#lib/auth/encoding.ts';

/** No operation needs a longer body. A longer one is refused before it is read to its end. */
export const BODY_LIMIT_BYTES = 256 * 1024;

/** No operation needs nearly as many. A request with more parameters is refused before they are read. */
export const MAX_PARAMETERS = 1000;

/** How a request is signed. `unknown`: by an unknown algorithm. `none`: not at all. */
export type Scheme = 'acs3' | 'rpc' | 'volcengine' | 'volcengineQuery' | 'sigv4' | 'unknown' | 'none';

/** How a body is read. `other`: it cannot be, or it is too long. */
export type Content = 'none' | 'form' | 'json' | 'other';

/** A request with everything that is read from its bytes, each read once. */
export interface Received extends Sent {
  /** The parameters of the query; undefined where it is not percent-encoded UTF-8. */
  readonly queryPairs: readonly Pair[] | undefined;
  readonly content: Content;
  /** The parameters of a form; undefined where they cannot be decoded. */
  readonly formPairs: readonly Pair[] | undefined;
  /** Whether there are more than `MAX_PARAMETERS`. Then only the first are read, and no signature can be verified. */
  readonly hasTooManyParameters: boolean;
  /** The parameters of query and form, as far as they can be decoded. */
  readonly pairs: readonly Pair[];
  readonly authorization: Authorization | undefined;
  readonly scheme: Scheme;
}

/** The fields that follow the algorithm in an `Authorization` header. */
type Fields = ReadonlyMap<string, string>;

/** An `Authorization` header: the algorithm before its first blank, and the fields after it; undefined if malformed. */
interface Authorization {
  readonly algorithm: string;
  readonly fields: Fields | undefined;
}

/** A request whose parameters, of query and form, could all be decoded. */
export type Readable = Received & {
  readonly queryPairs: readonly Pair[];
  readonly formPairs: readonly Pair[];
};

const byAlgorithm: ReadonlyMap<string, Scheme> = new Map([
  ['ACS3-HMAC-SHA256', 'acs3'],
  ['HMAC-SHA256', 'volcengine'],
  ['AWS4-HMAC-SHA256', 'sigv4'],
]);

const volcengineQueryMarks: ReadonlySet<string> = new Set(['X-Algorithm', 'X-Credential', 'X-Signature']);
const rpcMarks: ReadonlySet<string> = new Set(['AccessKeyId', 'Signature']);
const fieldNames: ReadonlySet<string> = new Set(['Credential', 'SignedHeaders', 'Signature']);
/** Of the names of signed headers, in characters. */
const LONGEST_LIST = 16 * 1024;
const headerNames = /^[a-z0-9_.-]+(?:;[a-z0-9_.-]+)*$/;

/** Reads a request. Every entry point calls this once, and nothing else reads the bytes. */
export function receive(sent: Sent): Received {
  const queryPairs = decodePairs(sent.query, MAX_PARAMETERS);
  const authorization = readAuthorization(headerOf(sent, 'authorization'));
  const signedHeaders = authorization?.fields?.get('SignedHeaders') ?? valueIn(queryPairs ?? [], 'X-SignedHeaders');
  const content = contentOf(sent, `;${signedHeaders};`.includes(';content-type;'));
  const isForm = content === 'form';
  const formPairs = isForm ? decodeForm(sent.body, MAX_PARAMETERS) : [];
  const parts = countParts(sent.query, MAX_PARAMETERS) + (isForm ? countParts(sent.body, MAX_PARAMETERS) : 0);
  const pairs = formPairs?.length ? [...(queryPairs ?? []), ...formPairs] : (queryPairs ?? []);
  const scheme = schemeOf(authorization, queryPairs ?? [], pairs);
  const hasTooManyParameters = parts > MAX_PARAMETERS;
  const { method, path, query, headers, body, sourceIp } = sent;
  const read = { queryPairs, content, formPairs, hasTooManyParameters, pairs, authorization, scheme };
  return { method, path, query, headers, body, sourceIp, ...read };
}

/** Reads a request given in the parts of the Fetch API; `url` is path and query as sent. */
export function receiveRaw({ method, url, headers, body }: RawRequest, sourceIp = ''): Received {
  const values = new Map([...headers].map(([name, value]) => [name, [value]]));
  return receive({ method, ...splitUrl(url), headers: values, body, sourceIp });
}

/** A header as in the Fetch API, several values joined; undefined when it was not sent. */
export function headerOf({ headers }: Pick<Sent, 'headers'>, name: string): string | undefined {
  return headers.get(name)?.join(', ');
}

/**
 * The names of a `SignedHeaders` list in its own order; undefined when it is absent, empty, too long, not lower-case names, or
 * has one twice: each time its value would be hashed anew.
 */
export function readHeaderNames(list: string | undefined): string[] | undefined {
  if (list === undefined || list.length > LONGEST_LIST || !headerNames.test(list)) return undefined;
  const names = list.split(';');
  return new Set(names).size === names.length ? names : undefined;
}

/**
 * An unsigned content type may have been changed by somebody else, to have a signed body read as something it is not. So a
 * body that begins like a JSON object is read as JSON unless the content type is signed.
 */
function contentOf({ body, headers }: Sent, isTypeSigned: boolean): Content {
  if (body.length === 0) return 'none';
  if (body.length > BODY_LIMIT_BYTES) return 'other';
  if (!isTypeSigned && opensObject(body)) return 'json';
  const mediaType = headerOf({ headers }, 'content-type');
  if (isFormType(mediaType)) return 'form';
  return mediaType === undefined || isJsonType(mediaType) ? 'json' : 'other';
}

/** Reads an `Authorization` header. An empty one counts as absent. */
function readAuthorization(header: string | undefined): Authorization | undefined {
  if (!header) return undefined;
  const [algorithm = ''] = header.split(' ', 1);
  return { algorithm, fields: readFields(header.slice(algorithm.length + 1)) };
}

/**
 * `Credential=..,SignedHeaders=..,Signature=..` in any order, blanks after the commas allowed (docs/vendors/wire.md 3.2).
 * Undefined when a field is unknown, repeated or has no `=`. The scheme refuses absent fields.
 */
function readFields(credentials: string): Fields | undefined {
  const fields = new Map<string, string>();
  if (credentials.trim() === '') return fields;
  // One part too many is enough to tell.
  for (const part of credentials.split(',', fieldNames.size + 1)) {
    const equals = part.indexOf('=');
    const name = part.slice(0, Math.max(equals, 0)).trim();
    if (!fieldNames.has(name) || fields.has(name)) return undefined;
    fields.set(name, part.slice(equals + 1).trim());
  }
  return fields;
}

/**
 * The scheme that a request seems to be signed by (docs/vendors/wire.md 1). Decided only here, so that the signature is
 * verified, and the operation chosen, by the same scheme.
 */
function schemeOf(
  authorization: Authorization | undefined,
  queryPairs: readonly Pair[],
  pairs: readonly Pair[],
): Scheme {
  if (authorization !== undefined) return byAlgorithm.get(authorization.algorithm) ?? 'unknown';
  if (queryPairs.some(([name]) => volcengineQueryMarks.has(name))) return 'volcengineQuery';
  return pairs.some(([name]) => rpcMarks.has(name)) ? 'rpc' : 'none';
}
