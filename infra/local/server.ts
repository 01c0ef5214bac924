import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { reasonOf, StartError } from '#infra/local/startError.ts';

export const HOST = '127.0.0.1';
/** The vendors' clients keep connections and do not repeat a request whose connection was reset (reference wire 7.5). */
const KEEP_ALIVE_MS = 65_000;
/** How long a stop waits for requests under way. */
const GRACE_MS = 2000;
const IDLE_CHECK_MS = 10;

/** A server that listens on this machine only. */
export interface LocalServer {
  readonly baseUrl: string;
  /** Takes no more connections, and ends once the requests under way are answered. */
  close(): Promise<void>;
}

/** Serves an app on a port, 0 for any free one. Throws `StartError`. */
export async function listen(port: number, app: Hono): Promise<LocalServer> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, getRequestListener(app.fetch));
  server.listen(port, HOST);
  try {
    await once(server, 'listening');
  } catch (error) {
    const why = isErrno(error) && error.code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${reasonOf(error)})`;
    throw new StartError(`Port ${port} ${why}; set PORT to another, or to 0 for any free one.`);
  }
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return { baseUrl: `http://${HOST}:${bound}`, close: () => closed(server) };
}

async function closed(server: Server): Promise<void> {
  const answered = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const overdue = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  server.close();
  await once(server, 'close');
  clearInterval(answered);
  clearTimeout(overdue);
}

function isErrno(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}
