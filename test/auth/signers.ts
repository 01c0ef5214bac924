import { createHash, createHmac } from 'node:crypto';
import type { RawRequest } from '#lib/auth/authenticate.ts';

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

export type Signing = { keyId: string; secret: string; nowMs: number; method: string; path: string; body: Uint8Array };

function compactTime(nowMs: number): string {
  return `${new Date(nowMs).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`;
}

function volcengineSignature({ secret, nowMs }: Signing, region: string, canonicalRequest: string): string {
  const date = compactTime(nowMs);
  const scope = [date.slice(0, 8), region, 'billing', 'request'];
  const key = scope.reduce((chain: string | Buffer, part) => hmac(chain, part), secret);
  const stringToSign = ['HMAC-SHA256', date, scope.join('/'), sha256(canonicalRequest)].join('\n');
  return hmac(Buffer.from(key), stringToSign).toString('hex');
}

/** A request signed in the header over exactly `signedQuery` (the sorted query unless given). */
export function signVolcengine(
  call: Signing & {
    query: string;
    signedQuery?: string;
    region?: string;
    headers?: Record<string, string>;
    /** The names of the signed headers as they are listed, sorted unless given. */
    order?: string[];
  },
): RawRequest {
  const { method, path, body, query, region = 'cn-beijing' } = call;
  const date = compactTime(call.nowMs);
  const all = Object.entries({ 'x-date': date, ...call.headers });
  const order = call.order ?? all.map(([name]) => name).sort();
  const signed = all.sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  const names = signed.map(([name]) => name).join(';');
  const lines = signed.map(([name, value]) => `${name}:${value}\n`).join('');
  const canonicalRequest = [method, path, call.signedQuery ?? query, lines, names, sha256(body)].join('\n');
  const signature = volcengineSignature(call, region, canonicalRequest);
  const credential = `${call.keyId}/${date.slice(0, 8)}/${region}/billing/request`;
  const authorization = `HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
  return { method, url: `${path}?${query}`, headers: new Headers([...signed, ['authorization', authorization]]), body };
}

/** A request signed in the query: `params` and the protocol's own, all of them listed in `X-SignedQueries` if `list`. */
export function signVolcengineQuery(call: Signing & { params: Record<string, string>; list: boolean }): RawRequest {
  const date = compactTime(call.nowMs);
  const signed = {
    ...call.params,
    'X-Algorithm': 'HMAC-SHA256',
    'X-Credential': `${call.keyId}/${date.slice(0, 8)}/cn-beijing/billing/request`,
    'X-Date': date,
    'X-SignedHeaders': '',
  };
  const query = Object.entries(signed)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&');
  const canonicalRequest = [call.method, call.path, query, '\n', '', sha256(call.body)].join('\n');
  const list = call.list ? `&X-SignedQueries=${encodeURIComponent(Object.keys(signed).sort().join(';'))}` : '';
  const signature = volcengineSignature(call, 'cn-beijing', canonicalRequest);
  const url = `${call.path}?${query}${list}&X-Signature=${signature}`;
  return { method: call.method, url, headers: new Headers({ host: 'localhost' }), body: call.body };
}
