import { EventEmitter, once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalServer, listen } from '#infra/local/server.ts';
import { refuseUnparsed } from '#infra/local/unparsed.ts';
import { BODY_LIMIT_BYTES, type Received } from '#lib/auth/received.ts';

const LONG_BYTES = 8 * BODY_LIMIT_BYTES;

let server: LocalServer;
const received: Received[] = [];
const steps = new EventEmitter();

beforeAll(async () => {
  const controls = new Hono().all('/_emulator/*', async (c) => c.text(await c.req.text()));
  server = await listen(0, {
    controls,
    async answer(request) {
      received.push(request);
      if (request.path === '/slow') {
        const released = once(steps, 'released');
        steps.emit('arrived');
        await released;
      }
      return { status: 200, headers: {}, body: `answer to ${request.path}` };
    },
  });
});

afterAll(() => server.close());

function opened(other?: Server): Socket {
  const address = other?.address();
  const port = typeof address === 'object' && address ? address.port : Number(new URL(server.baseUrl).port);
  return connect(port, '127.0.0.1').setEncoding('latin1');
}

/** What comes until the server ends the connection. */
async function read(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  await once(socket, 'end');
  return text;
}

async function exchanged(...pieces: (string | Buffer)[]): Promise<string> {
  const socket = opened();
  const text = read(socket);
  for (const piece of pieces) socket.write(piece);
  return text;
}

/** Status and body of the only answer in a text. */
function answerIn(text: string): { status: number; body: Record<string, unknown> } {
  const [head = '', body = '', ...more] = text.split('\r\n\r\n');
  expect(more).toEqual([]);
  expect(head).toMatch(/^content-type: application\/json/im);
  expect(head).toMatch(/^connection: close$/im);
  expect(head).toMatch(new RegExp(`^content-length: ${body.length}$`, 'im'));
  return { status: Number(head.split(' ')[1]), body: JSON.parse(body) };
}

const get = (target: string, ...headers: string[]) => `GET ${target} HTTP/1.1\r\n${lines('Host: a', ...headers)}\r\n`;
const post = (...headers: string[]) => `POST / HTTP/1.1\r\n${lines('Host: a', ...headers)}\r\n`;
const lines = (...headers: string[]) => headers.map((header) => `${header}\r\n`).join('');
const chunked = post('Transfer-Encoding: chunked');

describe('a request that cannot be parsed is told what is wrong with it:', () => {
  test.each<[string, number, string, RegExp, string | Buffer]>([
    ['raw UTF-8 in the path', 400, 'InvalidRequest', /URL/, Buffer.from(get('/é'))],
    ['raw UTF-8 in the query', 400, 'InvalidRequest', /URL/, Buffer.from(get('/?Name=é'))],
    ['a blank in the query', 400, 'InvalidRequest', /HTTP/, get('/?Name=a b')],
    ['a header folded over two lines', 400, 'InvalidRequest', /whitespace/, get('/', 'X-Note: a\r\n b')],
    ['a blank in the name of a header', 400, 'InvalidRequest', /header token/, get('/', 'X Note: a')],
    ['a zero byte in a header', 400, 'InvalidRequest', /header value/, get('/', 'X-Note: a\0b')],
    ['a method in small letters', 405, 'UnsupportedHTTPMethod', /GET or POST/, 'get / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['an unknown method', 405, 'UnsupportedHTTPMethod', /GET or POST/, 'FOO / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a method too long', 405, 'UnsupportedHTTPMethod', /GET or POST/, 'POSTX / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['no Host', 400, 'MissingHost', /Host/, 'GET / HTTP/1.1\r\n\r\n'],
    ['no Host for the emulator itself', 400, 'MissingHost', /Host/, 'GET /_emulator/x HTTP/1.1\r\n\r\n'],
    ['a length that is no number', 400, 'InvalidRequest', /Content-Length/, post('Content-Length: x')],
    ['a negative length', 400, 'InvalidRequest', /Content-Length/, post('Content-Length: -1')],
    ['two lengths', 400, 'InvalidRequest', /Content-Length/, post('Content-Length: 1', 'Content-Length: 2')],
    ['a length beside chunks', 400, 'InvalidRequest', /./, post('Content-Length: 1', 'Transfer-Encoding: chunked')],
    ['an unknown coding', 400, 'InvalidRequest', /Transfer-Encoding/, post('Transfer-Encoding: gzip')],
    ['a chunk without a length', 400, 'InvalidRequest', /chunk size/, `${chunked}zz\r\n`],
    ['a later chunk without one', 400, 'InvalidRequest', /chunk size/, `${chunked}1\r\na\r\nzz\r\n`],
    ['long extensions of a chunk', 413, 'RequestBodyTooLarge', /chunk/, `${chunked}1;${'a'.repeat(20_000)}\r\n`],
    ['an unknown version', 400, 'InvalidRequest', /version/, 'GET / HTTP/3.7\r\nHost: a\r\n\r\n'],
    ['HTTP/2', 400, 'InvalidRequest', /HTTP\/1\.1/, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['long headers', 431, 'RequestHeaderFieldsTooLarge', /too long/, get('/', `X-Note: ${'a'.repeat(LONG_BYTES)}`)],
    ['a long URL', 431, 'RequestHeaderFieldsTooLarge', /too long/, get(`/?Note=${'a'.repeat(LONG_BYTES)}`)],
  ])('%s', async (_, status, code, message, sent) => {
    received.length = 0;
    const answer = answerIn(await exchanged(sent));
    expect(answer).toMatchObject({ status, body: { Code: code, Message: expect.stringMatching(message) } });
    expect(answer.body['RequestId']).toMatch(/^[0-9A-F-]{36}$/);
    expect(received).toEqual([]);
  });

  test('the method CONNECT', async () => {
    expect(answerIn(await exchanged('CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n'))).toMatchObject({
      status: 405,
      body: { Code: 'UnsupportedHTTPMethod' },
    });
  });

  test.each([
    ['amid its head', 'GET / HT'],
    ['amid its body', `${post('Content-Length: 5')}abc`],
    ['amid its chunks', `${chunked}5\r\nabc`],
    ['amid a body for the emulator itself', `POST /_emulator/x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc`],
  ])('that it ended %s', async (_, sent) => {
    const socket = opened();
    socket.end(sent);
    expect(answerIn(await read(socket))).toMatchObject({
      status: 400,
      body: { Message: expect.stringMatching(/ended/) },
    });
  });

  test('that it took too long', async () => {
    const overdue = Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
    const own = createServer((socket) => refuseUnparsed(overdue, socket, 0)).listen(0, '127.0.0.1');
    await once(own, 'listening');
    const answer = answerIn(await read(opened(own)));
    expect(answer).toMatchObject({ status: 408, body: { Code: 'RequestTimeout' } });
    own.close();
  });
});

describe('a refusal that cannot be parsed', () => {
  test('is read by a client that reads once it has sent all', async () => {
    const socket = opened().pause();
    await once(socket, 'connect');
    socket.write(get('/?Name=é'));
    for (let sent = 0; sent < 40; sent++) {
      if (!socket.write(Buffer.alloc(BODY_LIMIT_BYTES))) await once(socket, 'drain');
    }
    const text = read(socket);
    socket.end().resume();
    expect(answerIn(await text)).toMatchObject({ status: 400 });
  });

  test('waits for the answers to the requests before it, and nothing is written after them', async () => {
    const arrived = once(steps, 'arrived');
    const socket = opened();
    const text = read(socket);
    socket.write(`${get('/slow')}get / HTTP/1.1\r\n\r\n`);
    await arrived;
    socket.write('still no request');
    steps.emit('released');
    expect(await text).toMatch(/^HTTP\/1\.1 200 OK\r\n(?:(?!HTTP).)*\r\n\r\nanswer to \/slow$/s);
  });

  test('takes its turn, where it began like a request', async () => {
    const arrived = once(steps, 'arrived');
    const socket = opened();
    const text = read(socket);
    socket.write(`${get('/slow')}${chunked}zz\r\n`);
    await arrived;
    steps.emit('released');
    expect(await text).toMatch(/^HTTP\/1\.1 200 OK\r\n.*answer to \/slowHTTP\/1\.1 400 .*chunk size[^}]*}$/s);
  });

  test('comes after answers that have been read', async () => {
    const socket = opened();
    socket.write(get('/first'));
    expect(String(await once(socket, 'data'))).toMatch(/answer to \/first$/);
    const text = read(socket);
    socket.write('x'.repeat(10));
    expect(answerIn(await text)).toMatchObject({ status: 405 });
  });
});

test('a body longer than its length leaves the answer as it is', async () => {
  expect(await exchanged(`${post('Content-Length: 1')}{}`)).toMatch(/^HTTP\/1\.1 200 OK\r\n.*answer to \/$/s);
});

test('an expectation that nobody knows, and an offer of another protocol, are in nobody’s way', async () => {
  const closing = 'Connection: close';
  expect(await exchanged(get('/', 'Expect: nothing', closing))).toMatch(/^HTTP\/1\.1 200 OK/);
  expect(await exchanged(get('/', 'Upgrade: h2c', 'Connection: Upgrade, close'))).toMatch(/^HTTP\/1\.1 200 OK/);
  expect(await exchanged('GET / HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 OK/);
});

describe('of many headers', () => {
  const many = (count: number) => Array.from({ length: count }, (_, at) => `X-Note-${at % 500}: ${at}`);

  test('all are received', async () => {
    received.length = 0;
    await exchanged(get('/', ...many(998), 'Connection: close'));
    const headers = received[0]?.headers ?? new Map();
    expect([...headers.values()].flat()).toHaveLength(1000);
    expect(headers.get('x-note-497')).toEqual(['497', '997']);
  });

  test.each([1001, 1002, 1033, 1999, 2001, 5000])('%d are refused, and none is left out in silence', async (count) => {
    received.length = 0;
    for (const target of ['/', '/_emulator/x']) {
      const answer = answerIn(await exchanged(get(target, ...many(count - 2), 'Connection: close')));
      expect(answer).toMatchObject({ status: 431, body: { Message: expect.stringContaining('1000 headers') } });
    }
    expect(received).toEqual([]);
  });
});
