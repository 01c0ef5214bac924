import { createHmac, randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { signAcs3 } from '#lib/auth/sign.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { versionsOf } from '#lib/pipeline/route.ts';
import { type Params, queryOf, type Signer } from '#test/support/estate.ts';
import type { Example } from '#test/support/examples.ts';

/** How a request differs from a good one. */
export interface Wire {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly contentType?: string;
  readonly nonce?: string;
  readonly nowMs?: number;
  readonly action?: string;
  readonly version?: string;
}

/** A request signed with ACS3 over exactly what is sent. */
export function signedRequest({ keyId, secret }: Signer, wire: Wire): [path: string, init: RequestInit] {
  const { method = 'POST', path = '/', query = '', body, contentType, action = '', version = '' } = wire;
  const { nonce = randomBytes(16).toString('hex'), nowMs = Date.now() } = wire;
  const { pathname, search } = new URL(`http://tributary.test${path}${query && `?${query}`}`);
  const url = pathname + search;
  const bytes = body === undefined ? new Uint8Array() : new Uint8Array(Buffer.from(body));
  const given = { host: 'tributary.test', ...(contentType !== undefined && { 'content-type': contentType }) };
  const signed = { method, url, headers: given, body: bytes, keyId, secret, action, version, nonce, nowMs };
  return [url, { method, headers: { ...given, ...signAcs3(signed) }, ...(body !== undefined && { body: bytes }) }];
}

/** A request signed with RPC 1.0, all in the query. `params` may replace the names that are signed. */
export function signedRpc({ keyId, secret }: Signer, params: Params, path = '/'): [path: string, init: RequestInit] {
  const common = {
    AccessKeyId: keyId,
    Format: 'JSON',
    SignatureMethod: 'HMAC-SHA1',
    SignatureNonce: randomBytes(16).toString('hex'),
    SignatureVersion: '1.0',
    Timestamp: `${new Date().toISOString().slice(0, 19)}Z`,
  };
  const query = new URLSearchParams(queryOf({ ...common, ...params }));
  query.sort();
  const canonical = query.toString().replaceAll('+', '%20').replaceAll('*', '%2A').replaceAll('%7E', '~');
  const signature = createHmac('sha1', `${secret}&`)
    .update(`GET&%2F&${encodeURIComponent(canonical)}`)
    .digest('base64');
  return [`${path}?${canonical}&Signature=${encodeURIComponent(signature)}`, { headers: { host: 'tributary.test' } }];
}

/** An example's request at the one-URL door, all in the query. */
export function requestOf(operation: Operation, example: Example, wire: Wire = {}) {
  const { by, params } = example;
  const version = versionOf(operation, example);
  return signedRequest(by, { action: operation.action, version, query: queryOf(params), ...wire });
}

/** The version in which an example calls its operation. */
export function versionOf(
  operation: Operation,
  { version = versionsOf(operation)[0] ?? '' }: Pick<Example, 'version'> = {},
): string {
  return version;
}

/** The names of an operation's parameters. */
export function parametersOf({ input }: Operation): string[] {
  return 'entries' in input && typeof input.entries === 'object' ? Object.keys(input.entries ?? {}) : [];
}

const token = /<(\/?)([A-Za-z_][\w.-]*)(\/?)>|[^<&]+|&(?:amp|lt|gt|quot|apos|#\d+|#x[\dA-Fa-f]+);/uy;
const forbidden = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/**
 * The root element of a document. Expects it to be well-formed: with a declaration, legal characters, and every element
 * closed in turn.
 */
export function xmlRoot(document: string): string {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>';
  expect(document.startsWith(declaration)).toBe(true);
  expect(document).not.toMatch(forbidden);
  const text = document.slice(declaration.length);
  const open: string[] = [];
  const roots: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const [, closing, name, empty] = token.exec(text) ?? [text.slice(at, at + 40)];
    if (token.lastIndex <= at) throw new Error(`not well-formed at ${at}: ${text.slice(at, at + 40)}`);
    if (name === undefined) expect(open, 'text belongs into an element').not.toEqual([]);
    else if (closing) expect(open.pop()).toBe(name);
    else {
      if (open.length === 0) roots.push(name);
      if (!empty) open.push(name);
    }
  }
  expect(open).toEqual([]);
  expect(roots).toHaveLength(1);
  return roots[0] ?? '';
}
