import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { tableDefinition } from '#infra/table.ts';
import { itemClient } from '#lib/table/requests.ts';
import { LOCAL_ANSWER_MS } from '#lib/timeouts.ts';

/**
 * A document client for a local server. Its transactions carry no token, because the embedded engine searches all tokens of the last ten
 * minutes at each transaction.
 */
export function localClient(endpoint: string, answerMs = LOCAL_ANSWER_MS): DynamoDBDocumentClient {
  return itemClient(localServer(endpoint, answerMs));
}

/** A client for the streams of a local server. */
export function localStreams(endpoint: string, answerMs = LOCAL_ANSWER_MS): DynamoDBStreamsClient {
  return new DynamoDBStreamsClient(localServer(endpoint, answerMs));
}

/** A local server takes any credentials, but its calls are signed all the same. */
function localServer(endpoint: string, answerMs: number) {
  return {
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    // The client sends nothing twice: whoever asked does, who knows what a first sending would have left behind.
    maxAttempts: 1,
    requestHandler: { requestTimeout: answerMs, socketTimeout: answerMs, throwOnRequestTimeout: true },
  };
}

/** Makes sure the table is there. */
export async function ensureTable(client: DynamoDBDocumentClient, TableName: string): Promise<void> {
  try {
    await client.send(new CreateTableCommand({ TableName, ...tableDefinition }));
  } catch (error) {
    if (!isNamed(error, 'ResourceInUseException')) throw error;
  }
}

/** Makes a table that has no stream yet, for what nobody is to be told of: that costs its writes a third, and is not to be passed over. */
export async function makeSilentTable(client: DynamoDBDocumentClient, TableName: string): Promise<void> {
  const { StreamSpecification: _, ...silent } = tableDefinition;
  await client.send(new CreateTableCommand({ TableName, ...silent }));
}

/** Begins the stream of a table that was made without. */
export async function startStream(client: DynamoDBDocumentClient, TableName: string): Promise<void> {
  const { StreamSpecification } = tableDefinition;
  await client.send(new UpdateTableCommand({ TableName, StreamSpecification }));
}

/** Whether there is such a table. */
export async function hasTable(client: DynamoDBDocumentClient, TableName: string): Promise<boolean> {
  return unlessAbsent(client.send(new DescribeTableCommand({ TableName })));
}

/** Makes sure the table is not there. */
export async function dropTable(client: DynamoDBDocumentClient, TableName: string): Promise<void> {
  await unlessAbsent(client.send(new DeleteTableCommand({ TableName })));
}

/** Whether what was asked of a table was done; false where there is no such table. */
async function unlessAbsent(asked: Promise<unknown>): Promise<boolean> {
  try {
    await asked;
    return true;
  } catch (error) {
    if (isNamed(error, 'ResourceNotFoundException')) return false;
    throw error;
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
