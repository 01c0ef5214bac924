import { createConnection } from 'node:net';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { HttpRequest, HttpResponse } from '@smithy/core/protocols';
import { localClient } from '#infra/local/database.ts';

type Handler = DynamoDBDocumentClient['config']['requestHandler'];

/**
 * What a client does for servers that check signatures, and to send a request again, which that of a local server never does. It is half of
 * its work.
 */
const needless = ['httpAuthSchemeMiddleware', 'httpSigningMiddleware', 'loggerMiddleware', 'retryMiddleware'] as const;

/** The engine asks that there be a signature, and not whether it is right. */
const signature = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20250101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
  'x-amz-date': '20250101T000000Z',
};

/**
 * The client of a local server, for the embedded engine alone: what it asks, how often, and what it makes of the answers is the same,
 * for a quarter of the time.
 */
export function engineClient(endpoint: string): DynamoDBDocumentClient {
  const client = localClient(endpoint);
  const { config, middlewareStack } = client;
  for (const name of needless) {
    if (!middlewareStack.remove(name)) throw new Error(`the client has no ${name} any more`);
  }
  middlewareStack.add(
    (next) => (args) => {
      if (HttpRequest.isInstance(args.request)) Object.assign(args.request.headers, signature);
      return next(args);
    },
    { step: 'finalizeRequest', name: 'alwaysTheSameSignature' },
  );
  // Its rules find the address anew for each request.
  const address = { url: new URL(endpoint) };
  config.endpointProvider = () => address;
  config.requestHandler.handle = handle;
  return client;
}

/**
 * Sends a request over a connection of its own as long as it waits. The SDK's handler and Node's client below it do more for each request
 * than all the rest of it costs: timers, streams, checks of every header. Whoever waits in vain is a test that runs out of time.
 */
const handle: Handler['handle'] = async ({ body, headers, hostname, method, path, port = 80 }) => {
  const at = `${hostname}:${port}`;
  const connection = idle.get(at)?.pop() ?? connect(hostname, port, at);
  const named = Object.entries({ host: at, ...headers, 'content-length': Buffer.byteLength(body) });
  const head = [`${method} ${path} HTTP/1.1`, ...named.map(([name, value]) => `${name}: ${value}`), '', ''];
  return { response: await connection.ask(head.join('\r\n') + body) };
};

interface Connection {
  ask(request: string): Promise<HttpResponse>;
}

/** By address, the connections over which nothing is asked. */
const idle = new Map<string, Connection[]>();

function connect(hostname: string, port: number, at: string): Connection {
  const socket = createConnection({ host: hostname, port, noDelay: true });
  let asked: { readonly resolve: (answer: HttpResponse) => void; readonly reject: (error: Error) => void } | undefined;
  let heard = Buffer.alloc(0);
  const connection: Connection = {
    ask: (request) =>
      new Promise((resolve, reject) => {
        asked = { resolve, reject };
        socket.ref();
        socket.write(request);
      }),
  };
  const rest = idle.get(at) ?? [];
  idle.set(at, rest);
  socket.on('data', (chunk) => {
    heard = heard.length === 0 ? chunk : Buffer.concat([heard, chunk]);
    const answer = answerIn(heard);
    if (answer === undefined) return;
    heard = Buffer.alloc(0);
    const { resolve } = asked ?? {};
    asked = undefined;
    socket.unref();
    rest.push(connection);
    resolve?.(answer);
  });
  let fault = new Error(`${at} closed the connection`);
  socket.on('error', (error) => {
    fault = error;
  });
  socket.on('close', () => {
    if (rest.includes(connection)) rest.splice(rest.indexOf(connection), 1);
    asked?.reject(fault);
  });
  return connection;
}

const END = '\r\n\r\n';

/** The answer, once all of it is there. */
function answerIn(heard: Buffer): HttpResponse | undefined {
  const end = heard.indexOf(END);
  if (end < 0) return;
  const [status = '', ...lines] = heard.toString('latin1', 0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const { 'content-length': length } = headers;
  if (length === undefined) throw new Error('the engine does not say how long its answer is');
  const body = heard.subarray(end + END.length);
  if (body.length < Number(length)) return;
  return new HttpResponse({ statusCode: Number(status.split(' ')[1]), headers, body });
}
