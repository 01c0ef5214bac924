import type { IncomingMessage } from 'node:http';
import { splitUrl } from '#lib/auth/encoding.ts';
import { BODY_LIMIT_BYTES, type Received, receive } from '#lib/auth/received.ts';

/** Where a server listens unless it is told otherwise: on this machine only. */
export const HOST = '127.0.0.1';

/** Reads a request from its socket. Stops reading a body once it is too long. */
export async function receivedIn(request: IncomingMessage): Promise<Received> {
  const headers = new Map<string, string[]>();
  for (const [name, value] of pairsIn(request.rawHeaders)) {
    const key = name.toLowerCase();
    const values = headers.get(key);
    if (values) values.push(value);
    else headers.set(key, [value]);
  }
  return receive({
    method: request.method ?? '',
    ...targetOf(request),
    headers,
    body: await bodyOf(request),
    sourceIp: request.socket.remoteAddress ?? HOST,
  });
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > BODY_LIMIT_BYTES) break;
  }
  return Buffer.concat(chunks);
}

/** Path and query as they were sent. A client may send the server's name before them, as it would to a proxy. */
export function targetOf({ url = '/' }: IncomingMessage): { path: string; query: string } {
  return splitUrl(url.replace(/^https?:\/\/[^/?]*/i, ''));
}

function* pairsIn(names: readonly string[]): Generator<[name: string, value: string]> {
  for (let at = 0; at + 1 < names.length; at += 2) yield [names[at] ?? '', names[at + 1] ?? ''];
}
