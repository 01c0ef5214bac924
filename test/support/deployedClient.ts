import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { vi } from 'vitest';
import { productionClient } from '#lib/table/requests.ts';
import { atFileEnd } from '#test/support/fileEnd.ts';

/** A Lambda function's document client, in an environment that points it to our own server. */
export function deployedClient(endpoint: string): DynamoDBDocumentClient {
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'none');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'none');
  atFileEnd(() => vi.unstubAllEnvs());
  return productionClient();
}
