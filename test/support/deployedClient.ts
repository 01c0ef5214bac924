import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { vi } from 'vitest';
import { productionClient } from '#lib/table/client.ts';
import { atFileEnd } from '#test/support/fileEnd.ts';

/** The document client of a Lambda function, in an environment that has it call a server of ours. */
export function deployedClient(endpoint: string): DynamoDBDocumentClient {
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'none');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'none');
  atFileEnd(() => vi.unstubAllEnvs());
  return productionClient();
}
