import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { clientTimeouts } from '#lib/timeouts.ts';

/** A client of the table's database. */
export type DocumentClient = DynamoDBDocumentClient;

/** The document client of a Lambda function, whose credentials are in its environment. Opens no connection yet. */
export function productionClient(): DynamoDBDocumentClient {
  const client = new DynamoDBClient({ credentials: fromEnv(), ...clientTimeouts });
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}
