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

interface Receiving {
  streamCollector(stream: unknown): Promise<Uint8Array>;
}

type ClientProtocol = NonNullable<DynamoDBClientConfig['protocol']>;

/** What the client does for each request and answer. */
interface Protocol {
  getShapeId(): string;
  setSerdeContext(): void;
  serializeRequest(operation: Operation, input: object, context: Sending): Promise<HttpRequest>;
  deserializeResponse(operation: Operation, context: Receiving, response: HttpResponse): Promise<object>;
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
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDB_20120810.${name}` },
        body: Buffer.from(JSON.stringify({ ...token, ...input })),
      });
    },
    async deserializeResponse(_operation, { streamCollector }, { body, headers, statusCode }) {
      const bytes = body instanceof Uint8Array ? body : await streamCollector(body);
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
      const answer = Object(text === '' ? {} : JSON.parse(text));
      const $metadata = { httpStatusCode: statusCode, requestId: headers['x-amzn-requestid'] ?? '' };
      if (statusCode < 300) return { ...answer, $metadata };
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

/** The name of an error, without its namespace and whatever follows it. */
function nameOf(answer: Readonly<Record<string, unknown>>, headers: Readonly<Record<string, string>>): string {
  const said = String(answer['__type'] ?? answer['code'] ?? answer['Code'] ?? headers['x-amzn-errortype'] ?? 'Unknown');
  return said.replace(/[,:].*$/, '').replace(/^.*#/, '');
}

/** The client calls nothing else of a protocol; its type has also what the SDK's own protocols do for each other. */
function asProtocol(protocol: Protocol): ClientProtocol {
  return protocol as unknown as ClientProtocol;
}

/** A log of nothing. The client looks whether each level is there before it makes a record, for which it would go through the request. */
export const noLog = asLogger({});

function asLogger(levels: object): NonNullable<DynamoDBClientConfig['logger']> {
  return levels as NonNullable<DynamoDBClientConfig['logger']>;
}
