import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { receive } from '#lib/auth/received.ts';
import { alibaba } from '#lib/dialects/alibaba/dialect.ts';
import { gatewayErrors, missing } from '#lib/dialects/alibaba/errors.ts';
import type { Rendered } from '#lib/dialects/dialect.ts';
import type { ErrorAnswer } from '#lib/errors.ts';
import { systemPorts } from '#lib/ports.ts';

/** No client sends nearly as many headers. A request with more is refused. */
export const MAX_HEADERS = 1000;

const methodUnsupported: ErrorAnswer = {
  ...gatewayErrors.MethodNotAllowed({ method: '' }),
  message: 'This http method is not supported: send GET or POST, in capitals.',
};
// A later Node's parser refuses too many headers as it does long ones.
const headersTooLarge: ErrorAnswer = {
  status: 431,
  code: 'RequestHeaderFieldsTooLarge',
  message: `The URL and the headers are too long, or there are more than ${MAX_HEADERS} headers.`,
};

/** What is answered to some of the errors of Node's parser; to all others, that the request is unreadable, and why. */
const byCode: ReadonlyMap<string, ErrorAnswer> = new Map([
  ['HPE_INVALID_METHOD', methodUnsupported],
  ['HPE_HEADER_OVERFLOW', headersTooLarge],
  [
    'HPE_CHUNK_EXTENSIONS_OVERFLOW',
    { status: 413, code: 'RequestBodyTooLarge', message: 'The extensions of a chunk are too long.' },
  ],
  ['HPE_INVALID_URL', unreadable('Its URL holds a character that has to be sent as %XX.')],
  ['HPE_INVALID_EOF_STATE', unreadable('The connection ended before it did.')],
  [
    'ERR_HTTP_REQUEST_TIMEOUT',
    { status: 408, code: 'RequestTimeout', message: 'The request took too long to arrive.' },
  ],
]);

/** A request of which nothing is known, for answers in the form of those without a known vendor. */
const unknown = receive({ method: '', path: '/', query: '', headers: new Map(), body: new Uint8Array(), sourceIp: '' });

/** By its connection, the answers that are awaited there, the oldest first. */
const awaited = new WeakMap<Duplex, Set<ServerResponse>>();
/** The connections that are closing because of what was sent on them. */
const closing = new WeakSet<Duplex>();

/** Notes that a request awaits its answer. */
export function begin({ socket }: IncomingMessage, response: ServerResponse): void {
  const answers = awaited.get(socket) ?? new Set();
  awaited.set(socket, answers.add(response));
  response.once('close', () => answers.delete(response));
}

/** The refusal of a request that Node would answer with nothing in it, or would hand over without some of its headers. */
export function faultIn({ headers, httpVersion, rawHeaders }: IncomingMessage): Rendered | undefined {
  if (rawHeaders.length > 2 * MAX_HEADERS) return rendered(headersTooLarge);
  return httpVersion === '1.1' && headers.host === undefined ? rendered(missing('Host')) : undefined;
}

/**
 * Answers a request that Node's parser refuses, and closes the connection. While earlier requests await their answers, those are sent
 * first, and nothing is written between. What still arrives is read for `lingerMs`, because a reset could cost the answer.
 */
export function refuseUnparsed(
  error: NodeJS.ErrnoException & { reason?: string },
  socket: Duplex,
  lingerMs: number,
): void {
  if (closing.has(socket)) return;
  closing.add(socket);
  const close = () => closeGently(socket, lingerMs);
  const refusal = rendered(byCode.get(error.code ?? '') ?? unreadable(`${error.reason ?? error.message}.`));
  const last = [...(awaited.get(socket) ?? [])].at(-1);
  if (last === undefined) {
    if (!socket.writable) return void socket.destroy();
    return void socket.write(writtenOut(refusal), close);
  }
  last.shouldKeepAlive = false;
  if (last.req.complete || last.headersSent) return void last.once('close', close);
  // It began like a request: its refusal takes its turn among the answers.
  const { status, headers, body } = refusal;
  last.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).write(body, close);
}

/** To whoever takes this for a proxy. */
export function noTunnel(allow: string): string {
  const { status, headers, body } = rendered(gatewayErrors.MethodNotAllowed({ method: 'CONNECT' }));
  return writtenOut({ status, headers: { ...headers, allow }, body });
}

function closeGently(socket: Duplex, lingerMs: number): void {
  socket.end();
  const overdue = setTimeout(() => socket.destroy(), lingerMs).unref();
  socket.once('close', () => clearTimeout(overdue));
}

function unreadable(why: string): ErrorAnswer {
  return { status: 400, code: 'InvalidRequest', message: `The request cannot be read as HTTP/1.1. ${why}` };
}

function rendered(answer: ErrorAnswer): Rendered {
  return alibaba.failure(answer, {
    request: unknown,
    requestId: alibaba.newRequestId(systemPorts),
    action: undefined,
    version: undefined,
    region: undefined,
    defaultFormat: 'json',
  });
}

function writtenOut({ status, headers, body }: Rendered): string {
  const all = { ...headers, connection: 'close', 'content-length': Buffer.byteLength(body) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`;
}
