import { Agent, request } from 'node:http';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { HttpRequest, HttpResponse } from '@smithy/core/protocols';
import { localClient } from '#infra/local/database.ts';

type Handler = DynamoDBDocumentClient['config']['requestHandler'];

/** What a client does for servers that check signatures, count clients or stand behind others. It is half of its work. */
const needless = [
  'getUserAgentMiddleware',
  'hostHeaderMiddleware',
  'httpAuthSchemeMiddleware',
  'httpSigningMiddleware',
  'loggerMiddleware',
  'recursionDetectionMiddleware',
] as const;

/** The engine asks that there be a signature, and not whether it is right. */
const signature = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20250101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
  'x-amz-date': '20250101T000000Z',
};

// Each client would open connections of its own, and each estate has its clients.
const agent = new Agent({ keepAlive: true });

/**
 * The client of a local server, for the embedded engine alone: what it asks, how often, and what it makes of the answers is the same,
 * for half the time.
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

/** Sends a request without the four timers that the SDK's own handler sets for each: whoever waits in vain is a test that runs out of time. */
const handle: Handler['handle'] = ({ body, headers, hostname, method, path, port }) =>
  new Promise((resolve, reject) => {
    const sent = request({ agent, headers, hostname, method, path, port }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('error', reject);
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const { statusCode = 0 } = answer;
        const headers = Object.fromEntries(
          Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
        );
        resolve({ response: new HttpResponse({ statusCode, headers, body: Buffer.concat(chunks) }) });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
