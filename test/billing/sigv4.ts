import { createHash, createHmac } from 'node:crypto';
import type { Request } from '#test/billing/calls.ts';
import type { Signer } from '#test/support/estate.ts';

const HOST = 'tributary.test';
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');

/**
 * A request as `curl --aws-sigv4 aws:amz:local:tributary` sends it; `query` must be sorted and encoded. Signs `more` headers,
 * whose names follow `host` and come before `x-amz-date`.
 */
export function signedSigv4(
  { keyId, secret }: Signer,
  path: string,
  query: string,
  body = '',
  more: Record<string, string> = {},
): Request {
  const method = body === '' ? 'GET' : 'POST';
  const date = `${new Date().toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`;
  const scope = [date.slice(0, 8), 'local', 'tributary', 'aws4_request'];
  const signed = Object.entries({ host: HOST, ...more, 'x-amz-date': date });
  const names = signed.map(([name]) => name).join(';');
  const lines = signed.map(([name, value]) => `${name}:${value}`);
  const canonical = [method, path, query, ...lines, '', names, sha256(body)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(canonical)].join('\n');
  const key = scope.reduce((chain: string | Buffer, part) => hmac(chain, part), `AWS4${secret}`);
  const signature = hmac(Buffer.from(key), toSign).toString('hex');
  const headers = {
    ...Object.fromEntries(signed),
    authorization: `AWS4-HMAC-SHA256 Credential=${keyId}/${scope.join('/')}, SignedHeaders=${names}, Signature=${signature}`,
    ...(body !== '' && { 'content-type': 'application/json' }),
  };
  return [`${path}?${query}`, { method, headers, ...(body !== '' && { body }) }];
}
