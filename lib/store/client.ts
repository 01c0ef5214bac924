import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

const CONNECT_MS = 1000;
const ANSWER_MS = 3000;

/**
 * The document client of a Lambda function, whose credentials are in its environment. Opens no connection yet. Gives up early and
 * tries again: the vendors' clients wait three seconds for an answer (reference wire 7.5).
 */
export function productionClient(): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    credentials: fromEnv(),
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS },
  });
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}
