import { randomBytes } from 'node:crypto';
import type { Values } from '#infra/local/callArguments.ts';
import { signAcs3 } from '#lib/auth/sign.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { versionsOf } from '#lib/pipeline/route.ts';

/** Where to send a call, and whose key signs it. */
export interface Destination {
  readonly url: string;
  readonly keyId: string;
  readonly secret: string;
}

/** Sends a call signed with ACS3: parameters in the query, or for Volcengine's operations as a JSON body. */
export function send({ url, keyId, secret }: Destination, operation: Operation, parameters: Values): Promise<Response> {
  const { action } = operation;
  const { query, body, mediaType } = written(operation, parameters);
  const target = new URL(url);
  target.search = query.toString();
  const { host, ...headers } = signAcs3({
    method: 'POST',
    url: `${target.pathname}${target.search}`,
    headers: { host: target.host, ...mediaType },
    body: Buffer.from(body),
    keyId,
    secret,
    action,
    // The latest knows all parameters.
    version: versionsOf(operation).at(-1) ?? '',
    nonce: randomBytes(16).toString('hex'),
    nowMs: Date.now(),
  });
  return fetch(target, { method: 'POST', headers, body: Buffer.from(body) });
}

interface Written {
  readonly query: URLSearchParams;
  readonly body: string;
  readonly mediaType: { readonly [header: string]: string };
}

function written({ action, product }: Operation, parameters: Values): Written {
  if (product.dialect.vendor === 'volcengine') {
    const query = new URLSearchParams({ Action: action, Version: product.version });
    return { query, body: JSON.stringify(parameters), mediaType: { 'content-type': 'application/json' } };
  }
  const pairs = Object.entries(parameters).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : value.map((member, index) => [`${name}.${index + 1}`, member]),
  );
  return { query: new URLSearchParams(pairs), body: '', mediaType: {} };
}
