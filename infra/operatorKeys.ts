import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { openDeps } from '#lib/deps.ts';
import { systemPorts } from '#lib/ports.ts';
import { issue } from '#lib/store/accessKeys.ts';
import { commit } from '#lib/table/commit.ts';

/** Issues a key for operators, as IssueAccessKey does, where there is no operator yet to sign that call. */
export async function issueOperatorKey(
  client: DynamoDBDocumentClient,
  tableName: string,
  masterKey: Buffer,
): Promise<{ keyId: string; secret: string }> {
  const { keyring, ports, table } = openDeps({ client, tableName, masterKey, ports: systemPorts });
  const keyId = ports.ids.accessKeyId();
  await commit(table, issue({ keyId, active: true, createdAtMs: ports.now() }));
  return { keyId, secret: keyring.derive(keyId) };
}
