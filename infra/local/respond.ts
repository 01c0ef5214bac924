import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { receivedIn } from '#infra/local/receivedIn.ts';
import type { Served } from '#infra/local/server.ts';
import type { Received } from '#lib/auth/received.ts';
import type { Rendered } from '#lib/dialects/dialect.ts';

/** How soon after an answer a connection that could be kept ends if it was cut on the way. */
const LOSS_MS = 1000;

/** Receives a request, has it answered and sends the answer. */
export async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { answer, deliveries }: Omit<Served, 'controls'>,
  lingerMs: number,
): Promise<void> {
  // Whoever asks again on the same connection has had the answer before.
  unsettled.get(request.socket)?.();
  const received = await receivedIn(request);
  // Refused on the way: the rest of it could not be read.
  if (response.headersSent) return;
  const answered = await answer(received);
  if (deliveries) response.once('finish', () => noteDelivery(received, request.socket, response, deliveries));
  await send(request, response, answered, lingerMs);
}

/** Sends an answer. Of a request that is not read to its end, the rest is read for `lingerMs` at most, and the connection closed. */
export async function send(
  request: IncomingMessage,
  response: ServerResponse,
  answered: Rendered,
  lingerMs: number,
): Promise<void> {
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
