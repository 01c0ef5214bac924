import { type DynamoDBClientConfig, DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { HttpRequest, type HttpResponse } from '@smithy/core/transport';

/** An operation of DynamoDB, as the client knows it. */
interface Operation {
  readonly name: string;
}

/** Where the client sends a request. */
interface Address {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
}

interface Sending {
  endpoint(): Promise<Address>;
}

type ClientProtocol = NonNullable<DynamoDBClientConfig['protocol']>;

/** What the client does for each request and answer. */
interface Protocol {
  getShapeId(): string;
  setSerdeContext(): void;
  serializeRequest(operation: Operation, input: object, context: Sending): Promise<HttpRequest>;
  deserializeResponse(operation: Operation, context: unknown, response: HttpResponse): Promise<object>;
}

/**
 * JSON as DynamoDB speaks it, for requests whose members are what is sent: those for items that hold no bytes. The SDK's own protocol goes
 * through the schema of each value, which is a third of its work for a request, and a fifth of a bundle. With `newToken` a transaction
 * that the client sends twice is the same one to DynamoDB.
 */
export function itemProtocol(newToken?: () => string): ClientProtocol {
  return asProtocol({
    getShapeId: () => 'aws.protocols#awsJson1_0',
    setSerdeContext: () => undefined,
    async serializeRequest({ name }, input, { endpoint }) {
      const { hostname, port, protocol } = await endpoint();
      const token = newToken && name === 'TransactWriteItems' ? { ClientRequestToken: newToken() } : {};
      return new HttpRequest({
        method: 'POST',
        protocol,
        hostname,
        ...(port !== undefined && { port }),
        path: '/',
        headers: {
          host: port === undefined ? hostname : `${hostname}:${port}`,
          'content-type': 'application/x-amz-json-1.0',
          'user-agent': 'tributary',
          'x-amz-target': `DynamoDB_20120810.${name}`,
        },
        body: JSON.stringify({ ...token, ...input }),
      });
    },
    async deserializeResponse(_operation, _context, { body, headers, statusCode }) {
      const text = await textOf(body);
      const answer = Object(text === '' ? {} : JSON.parse(text));
      const $metadata = { httpStatusCode: statusCode, requestId: headers['x-amzn-requestid'] ?? '' };
      if (statusCode < 300) return { $metadata, ...answer };
      const { CancellationReasons } = answer;
      const refused = new DynamoDBServiceException({
        name: nameOf(answer, headers),
        message: answer.message ?? answer.Message ?? 'UnknownError',
        $fault: statusCode < 500 ? 'client' : 'server',
        $metadata,
      });
      throw Object.assign(refused, CancellationReasons && { CancellationReasons });
    },
  });
}

/** A whole body. The client's own collector would pipe it into a stream of its own. */
function textOf(body: NodeJS.ReadableStream | Uint8Array): Promise<string> | string {
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  return new Promise((resolve, reject) => {
    let text = '';
    body.setEncoding('utf8');
    body.on('data', (chunk) => {
      text += chunk;
    });
    body.on('end', () => resolve(text)).on('error', reject);
  });
}

/** The name of an error, without its namespace and whatever follows it. */
function nameOf(answer: Readonly<Record<string, unknown>>, headers: Readonly<Record<string, string>>): string {
  const said = String(answer['__type'] ?? answer['code'] ?? answer['Code'] ?? headers['x-amzn-errortype'] ?? 'Unknown');
  return said.replace(/[,:].*$/, '').replace(/^.*#/, '');
}

/** The client calls nothing else of a protocol; its type has also what the SDK's own protocols do for each other. */
function asProtocol(protocol: Protocol): ClientProtocol {
  return protocol as unknown as ClientProtocol;
}

/**
 * The tags of middleware that a client with this protocol does without: it names the SDK and the trace of the call, of which DynamoDB makes
 * nothing, and sets headers that the protocol and Node set by themselves. The client would put it together and run it for each request.
 */
export const unneeded = ['USER_AGENT', 'TRACE_CONTEXT_PROPAGATION', 'HOST', 'CONTENT_LENGTH'];

/** A log of nothing. The client looks whether each level is there before it makes a record, for which it would go through the request. */
export const noLog = asLogger({});

function asLogger(levels: object): NonNullable<DynamoDBClientConfig['logger']> {
  return levels as NonNullable<DynamoDBClientConfig['logger']>;
}
