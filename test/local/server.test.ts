import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalServer, listen } from '#infra/local/server.ts';
import { app as rpc } from '#infra/operations.ts';
import { BODY_LIMIT_BYTES, type Received } from '#lib/auth/received.ts';
import { answerOf } from '#lib/pipeline/service.ts';
import { type Estate, newEstate } from '#test/support/estate.ts';

let estate: Estate;
let server: LocalServer;
let served: Parameters<typeof listen>[1];
const received: Received[] = [];

beforeAll(async () => {
  estate = await newEstate();
  const controls = new Hono().all('/_emulator/*', (c) => c.text('own'));
  const answer = (request: Received) => {
    received.push(request);
    return answerOf(rpc, request, estate.deps);
  };
  served = { controls, answer };
  server = await listen(0, served);
});

afterAll(() => server.close());

/** Writes to a socket, piece by piece, reads nothing before all is written, and answers what came until the server closed. */
async function exchanged(pieces: Iterable<string | Buffer>): Promise<string> {
  const socket = connect(Number(new URL(server.baseUrl).port), '127.0.0.1');
  socket.pause();
  await once(socket, 'connect');
  for (const piece of pieces) {
    if (!socket.write(piece)) await once(socket, 'drain');
  }
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk;
  });
  socket.resume();
  await once(socket, 'close');
  return text;
}

const head = (line: string, ...headers: string[]) => `${[line, 'Connection: close', ...headers].join('\r\n')}\r\n\r\n`;

test('a query of a hundred kilobytes is read: the vendors’ clients send all parameters in it', async () => {
  const asked = (bytes: number) =>
    exchanged([
      head(`POST /?Action=GetAccountRelation&Version=2017-12-14&Note=${'a'.repeat(bytes)} HTTP/1.1`, 'Host: a'),
    ]);
  expect(await asked(100_000)).toMatch(/^HTTP\/1.1 400 .*MissingAccessKeyId/s);
  expect(await asked(BODY_LIMIT_BYTES)).toMatch(/^HTTP\/1.1 413 .*RequestBodyTooLarge/s);
});

describe('a body over the limit', () => {
  const bytes = 40 * BODY_LIMIT_BYTES;
  function* pieces(first: string, frame: (piece: Buffer) => string | Buffer) {
    yield first;
    const piece = Buffer.alloc(BODY_LIMIT_BYTES / 4, 0x61);
    for (let sent = 0; sent < bytes; sent += piece.length) yield frame(piece);
  }

  test('is answered 413 to a client that reads once it has sent all, its length told or not', async () => {
    const told = head('POST / HTTP/1.1', 'Host: a', `Content-Length: ${bytes}`);
    expect(await exchanged(pieces(told, (piece) => piece))).toMatch(/^HTTP\/1.1 413 .*RequestBodyTooLarge/s);
    const chunked = head('POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked');
    const framed = function* () {
      yield* pieces(chunked, (piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`);
      yield '0\r\n\r\n';
    };
    expect(await exchanged(framed())).toMatch(/^HTTP\/1.1 413 .*RequestBodyTooLarge/s);
  });

  test('is not read on for ever', async () => {
    const hasty = await listen(0, served, { lingerMs: 200 });
    const socket = connect(Number(new URL(hasty.baseUrl).port), '127.0.0.1');
    socket.on('error', () => undefined);
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk) => {
      text += chunk;
    });
    socket.write(head('POST / HTTP/1.1', 'Host: a', `Content-Length: ${bytes}`));
    socket.write(Buffer.alloc(BODY_LIMIT_BYTES + 1));
    await Promise.race([once(socket, 'close'), setTimeout(60_000)]);
    expect(text).toMatch(/^HTTP\/1.1 413 /);
    expect(socket.closed).toBe(true);
    await hasty.close();
  });
});

test('capitals in a host with a port are in nobody’s way', async () => {
  const asked = await exchanged([
    head('GET /?Action=GetAccountRelation&Version=2017-12-14 HTTP/1.1', 'Host: LOCALHOST:4600'),
  ]);
  expect(asked).toMatch(/^HTTP\/1.1 400 .*MissingAccessKeyId/s);
  expect(await exchanged([head('GET /_emulator/x HTTP/1.1', 'Host: LOCALHOST:4600')])).toMatch(/^HTTP\/1.1 200 .*own/s);
});

test('what was sent is what is received: path, query, headers and the body of a GET', async () => {
  const target = `/a%20b/'"<>?q='"<>|{}\\^\``;
  const request = head(`GET ${target} HTTP/1.1`, 'Host: Example.COM', 'X-Note: b', 'X-Note: a', 'Content-Length: 2');
  await exchanged([`${request}{}`]);
  const last = received.at(-1);
  expect(last).toMatchObject({
    method: 'GET',
    path: `/a%20b/'"<>`,
    query: `q='"<>|{}\\^\``,
    sourceIp: '127.0.0.1',
  });
  expect(last?.headers.get('x-note')).toEqual(['b', 'a']);
  expect(last?.headers.get('host')).toEqual(['Example.COM']);
  expect(Buffer.from(last?.body ?? []).toString()).toBe('{}');
});

test('a request in the form that proxies are sent is one for its path, and any method is answered', async () => {
  await exchanged([head('GET http://a.example/bss/GetAccountRelation?RelationId=1 HTTP/1.1', 'Host: a')]);
  expect(received.at(-1)).toMatchObject({ path: '/bss/GetAccountRelation', query: 'RelationId=1' });
  expect(await exchanged([head('OPTIONS * HTTP/1.1', 'Host: a')])).toMatch(/^HTTP\/1.1 204 /);
  for (const line of ['TRACE / HTTP/1.1', 'PURGE /x HTTP/1.1', 'CONNECT a.example:443 HTTP/1.1']) {
    expect(await exchanged([head(line, 'Host: a')])).toMatch(/^HTTP\/1.1 405 /);
  }
});

describe('a request whose answer is awaited', () => {
  /** More than the buffers between the two ends hold. */
  const LONG_BYTES = 50_000_000;

  /** What has been told as delivered, and a client of a server that answers when `release` is called. */
  async function asked() {
    const delivered: object[] = [];
    const steps = new EventEmitter();
    const arrived = once(steps, 'arrived');
    const own = await listen(0, {
      controls: new Hono(),
      async answer(request) {
        const released = once(steps, 'released');
        steps.emit('arrived', request);
        await released;
        return { status: 200, headers: {}, body: 'x'.repeat(LONG_BYTES) };
      },
      deliveries: { delivered: (request) => delivered.push(request), lost: () => undefined },
    });
    const client = connect(Number(new URL(own.baseUrl).port), '127.0.0.1').pause();
    client.write(head('GET / HTTP/1.1', 'Host: a'));
    const [request] = await arrived;
    return { delivered, request, client, release: () => steps.emit('released'), close: own.close };
  }

  test('is told as delivered once the client has the whole answer', async () => {
    const { delivered, request, client, release, close } = await asked();
    release();
    await once(client, 'readable');
    expect(delivered).toEqual([]);
    client.resume();
    await once(client, 'close');
    await close();
    expect(delivered).toEqual([request]);
    expect(delivered[0]).toBe(request);
  });

  test('is taken back, when a connection that the client could keep ends at once', async () => {
    const told: string[] = [];
    const steps = new EventEmitter();
    const own = await listen(0, {
      controls: new Hono(),
      answer: async ({ path }) => ({ status: 200, headers: {}, body: path }),
      deliveries: {
        delivered: ({ path }) => told.push(`delivered ${path}`),
        lost({ path }) {
          told.push(`lost ${path}`);
          steps.emit('lost');
        },
      },
    });
    const lost = once(steps, 'lost');
    const client = connect(Number(new URL(own.baseUrl).port), '127.0.0.1');
    for (const path of ['/first', '/second']) {
      client.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
      await once(client, 'data');
    }
    client.destroy();
    await lost;
    await own.close();
    expect(told).toEqual(['delivered /first', 'delivered /second', 'lost /second']);
  });

  test('is not, when the connection was cut before the answer or amid it', async () => {
    const before = await asked();
    before.client.destroy();
    await once(before.client, 'close');
    before.release();
    await before.close();
    const amid = await asked();
    amid.release();
    await once(amid.client, 'readable');
    amid.client.destroy();
    await amid.close();
    expect([...before.delivered, ...amid.delivered]).toEqual([]);
  });
});
