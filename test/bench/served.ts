import { Agent, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A client of a server on loopback, which keeps its connections. */
export interface Served {
  /** Posts a text, or nothing, to a path. Throws for any answer but 200. */
  post(path: string, headers: Readonly<Record<string, string>>, body?: string): Promise<string>;
  close(): Promise<void>;
}

/** A client of the server on a port; `close` is how that ends. */
export function clientOf(port: number, close: () => Promise<void>): Served {
  const agent = new Agent({ keepAlive: true });
  return {
    post: (path, headers, body = '') =>
      new Promise((resolve, reject) => {
        const whole = { ...headers, 'content-length': Buffer.byteLength(body) };
        const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers: whole, agent }, (answer) => {
          let text = '';
          answer.setEncoding('utf8').on('data', (chunk) => {
            text += chunk;
          });
          answer.on('end', () => (answer.statusCode === 200 ? resolve(text) : reject(new Error(text))));
        });
        sent.on('error', reject).end(body);
      }),
    async close() {
      agent.destroy();
      await close();
    },
  };
}

/** The port of a server that listens. */
export function portOf(address: string | AddressInfo | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return address;
}
