import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { type Cors, corsHeaders } from '#infra/local/cors.ts';
import { OWN_PATH } from '#infra/local/ownPaths.ts';
import { HOST, targetOf } from '#infra/local/receivedIn.ts';
import { respond, send } from '#infra/local/respond.ts';
import { reasonOf, StartError } from '#infra/local/startError.ts';
import { begin, faultIn, MAX_HEADERS, noTunnel, refuseUnparsed } from '#infra/local/unparsed.ts';
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
/** Addresses that stand for all of a machine's. */
const everywhere = ['0.0.0.0', '::'];

/** Serves on a port, 0 for any free one. Throws `StartError`. */
export async function listen(
  port: number,
  served: Served,
  { host = HOST, cors = [], lingerMs = LINGER_MS }: Listening = {},
): Promise<LocalServer> {
  const handle = handlerOf(served, cors, lingerMs);
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: HEAD_LIMIT_BYTES, requireHostHeader: false },
    handle,
  );
  // Node leaves further ones out and tells nobody. One too many is enough to tell.
  server.maxHeadersCount = MAX_HEADERS + 1;
  server.on('clientError', (error, socket) => refuseUnparsed(error, socket, lingerMs));
  // Without these listeners Node answers 417 with nothing in it, or closes the connection.
  server.on('checkExpectation', handle);
  server.on('connect', (_, socket) => socket.end(noTunnel(METHODS)));
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

function handlerOf({ controls, ...served }: Served, cors: Cors, lingerMs: number) {
  const own = getRequestListener(controls.fetch);
  return (request: IncomingMessage, response: ServerResponse) => {
    begin(request, response);
    const { path } = targetOf(request);
    const isOwn = path === OWN_PATH || path.startsWith(`${OWN_PATH}/`);
    // The adapter that serves the controls refuses a Host that has capitals and a port.
    if (request.headers.host) request.headers.host = request.headers.host.toLowerCase();
    for (const [name, value] of corsHeaders(request.headers, cors)) response.setHeader(name, value);
    const fault = faultIn(request);
    if (fault === undefined && request.method === 'OPTIONS') {
      return void response.writeHead(204, { allow: METHODS }).end();
    }
    const answer = () => {
      if (fault) return send(request, response, fault, lingerMs);
      return isOwn ? own(request, response) : respond(request, response, served, lingerMs);
    };
    // A client that has gone can be told nothing.
    Promise.resolve(answer()).catch(() => response.destroy());
  };
}

function refusalOf(error: unknown, port: number, host: string): StartError {
  const code = isErrno(error) ? error.code : undefined;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new StartError(`${host} is no address of this machine; --host is one, such as ${HOST} or 0.0.0.0.`);
  }
  const why = code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${reasonOf(error)})`;
  return new StartError(`Port ${port} ${why}; name another by --port or PORT, or 0 for any free one.`);
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
