import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { type Cors, corsHeaders } from '#infra/local/cors.ts';
import { OWN_PATH } from '#infra/local/ownPaths.ts';
import { HOST, receivedIn, targetOf } from '#infra/local/receivedIn.ts';
import { reasonOf, StartError } from '#infra/local/startError.ts';
import { BODY_LIMIT_BYTES, type Received } from '#lib/auth/received.ts';
import type { Deliveries } from '#lib/deliveries.ts';
import type { Rendered } from '#lib/dialects/dialect.ts';

/** The vendors' clients keep connections and do not repeat a request whose connection was reset (docs/vendors/wire.md 7.5). */
const KEEP_ALIVE_MS = 65_000;
/** The vendors' clients send all parameters in the query: how much is too much of it, the service itself says, as of a body. */
const HEAD_LIMIT_BYTES = 4 * BODY_LIMIT_BYTES;
/** How long a stop waits for requests under way. */
const GRACE_MS = 2000;
const IDLE_CHECK_MS = 10;
const LINGER_MS = 5000;
/** How soon after an answer a connection that could be kept ends if it was cut on the way. */
const LOSS_MS = 1000;

/** A server that listens. */
export interface LocalServer {
  readonly baseUrl: string;
  /** Takes no more connections, and ends once the requests under way are answered. */
  close(): Promise<void>;
}

/** What answers: the emulator's own paths, and whatever else is received. */
export interface Served {
  readonly controls: Hono;
  answer(received: Received): Promise<Rendered>;
  /** Told of each request, as `answer` received it, once its client has been sent the whole answer. */
  readonly deliveries?: Pick<Deliveries, 'delivered' | 'lost'> | undefined;
}

/** Where a server listens, which pages may read its answers, and how patient it is. */
export interface Listening {
  /** An address of this machine; that which only it can reach, unless given. */
  readonly host?: string;
  readonly cors?: Cors;
  /** How long the rest of a request is still read after its answer: a client may read nothing before it has sent everything. */
  readonly lingerMs?: number;
}

const METHODS = 'GET, HEAD, POST, OPTIONS';
/** To whoever takes this for a proxy. */
const NO_TUNNEL = `HTTP/1.1 405 Method Not Allowed\r\nallow: ${METHODS}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`;
/** Addresses that stand for all of a machine's. */
const everywhere = ['0.0.0.0', '::'];

/** Serves on a port, 0 for any free one. Throws `StartError`. */
export async function listen(
  port: number,
  { controls, ...served }: Served,
  { host = HOST, cors = [], lingerMs = LINGER_MS }: Listening = {},
): Promise<LocalServer> {
  const own = getRequestListener(controls.fetch);
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: HEAD_LIMIT_BYTES },
    (request, response) => {
      const { path } = targetOf(request);
      const isOwn = path === OWN_PATH || path.startsWith(`${OWN_PATH}/`);
      // The adapter that serves the controls refuses a Host that has capitals and a port.
      if (request.headers.host) request.headers.host = request.headers.host.toLowerCase();
      for (const [name, value] of corsHeaders(request.headers, cors)) response.setHeader(name, value);
      if (request.method === 'OPTIONS') return void response.writeHead(204, { allow: METHODS }).end();
      const answered = isOwn ? own(request, response) : respond(request, response, served, lingerMs);
      // A client that has gone can be told nothing.
      Promise.resolve(answered).catch(() => response.destroy());
    },
  );
  // Without a listener Node closes the connection, and the client is told nothing.
  server.on('connect', (_, socket) => socket.end(NO_TUNNEL));
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw refusalOf(error, port, host);
  }
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  const name = everywhere.includes(host) ? HOST : host;
  return { baseUrl: `http://${name.includes(':') ? `[${name}]` : name}:${bound}`, close: () => closed(server) };
}

function refusalOf(error: unknown, port: number, host: string): StartError {
  const code = isErrno(error) ? error.code : undefined;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new StartError(`${host} is no address of this machine; --host is one, such as ${HOST} or 0.0.0.0.`);
  }
  const why = code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${reasonOf(error)})`;
  return new StartError(`Port ${port} ${why}; name another by --port or PORT, or 0 for any free one.`);
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { answer, deliveries }: Omit<Served, 'controls'>,
  lingerMs: number,
): Promise<void> {
  // Whoever asks again on the same connection has had the answer before.
  unsettled.get(request.socket)?.();
  const received = await receivedIn(request);
  const answered = await answer(received);
  if (deliveries) response.once('finish', () => noteDelivery(received, request.socket, response, deliveries));
  const body = Buffer.from(answered.body);
  const headers = { ...answered.headers, 'content-length': body.length };
  if (request.complete) return void response.writeHead(answered.status, headers).end(body);
  // The connection is closed by the end of the answer, with a reset if there is anything unread, which could cost the answer itself.
  response.writeHead(answered.status, { ...headers, connection: 'close' }).write(body);
  await drained(request, lingerMs);
  response.end();
}

/**
 * Whether an answer that was sent has arrived shows by what becomes of its connection. One that the client meant to keep, and that ends
 * at once, was cut on the way.
 */
function noteDelivery(
  received: Received,
  socket: Socket,
  { shouldKeepAlive }: ServerResponse,
  { delivered, lost }: NonNullable<Served['deliveries']>,
): void {
  // Node tells of an end also where the connection broke off amid the answer.
  if (socket.destroyed) return;
  delivered(received);
  if (!shouldKeepAlive) return;
  const end = () => lost(received);
  socket.once('close', end);
  const settle = () => socket.off('close', end);
  unsettled.set(socket, settle);
  setTimeout(settle, LOSS_MS).unref();
}

/** By its connection, what notes that the latest answer has arrived. */
const unsettled = new WeakMap<Socket, () => void>();

async function drained(request: IncomingMessage, lingerMs: number): Promise<void> {
  const overdue = AbortSignal.timeout(lingerMs);
  request.resume();
  // Whether it ends, breaks off or takes too long, the answer has been sent.
  await once(request, 'end', { signal: overdue }).catch(() => undefined);
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
