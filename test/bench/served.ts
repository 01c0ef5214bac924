import { Agent, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Hono } from 'hono';
import { listen } from '#infra/local/server.ts';
import { app as rpc } from '#infra/operations.ts';
import type { Received } from '#lib/auth/received.ts';
import type { Deps } from '#lib/deps.ts';
import { answerOf } from '#lib/pipeline/service.ts';

/** A server on loopback, and a client that keeps its connections. */
export interface Served {
  post(path: string, headers: Readonly<Record<string, string>>): Promise<string>;
  close(): Promise<void>;
}

/** Serves every operation of Tributary over HTTP, as the emulator does. */
export async function serveTributary(deps: Deps): Promise<Served> {
  const answer = (received: Received) => answerOf(rpc, received, deps);
  const { baseUrl, close } = await listen(0, { controls: new Hono(), answer });
  return clientOf(Number(new URL(baseUrl).port), close);
}

function clientOf(port: number, close: () => Promise<void>): Served {
  const agent = new Agent({ keepAlive: true });
  return {
    post: (path, headers) =>
      new Promise((resolve, reject) => {
        const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers, agent }, (answer) => {
          let text = '';
          answer.setEncoding('utf8').on('data', (chunk) => {
            text += chunk;
          });
          answer.on('end', () => (answer.statusCode === 200 ? resolve(text) : reject(new Error(text))));
        });
        sent.on('error', reject).end();
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
