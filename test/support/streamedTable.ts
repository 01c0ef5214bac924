import { randomBytes } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ensureTable } from '#infra/local/database.ts';
import { systemPorts } from '#lib/ports.ts';
import { put } from '#lib/table/items.ts';
import { openTable } from '#lib/table/openTable.ts';
import { testEndpoint } from '#test/support/engine.ts';
import { engineClient } from '#test/support/engineClient.ts';

/** A new table with a stream, and a way to write to it. */
export interface StreamedTable {
  readonly client: DynamoDBDocumentClient;
  readonly endpoint: string;
  readonly tableName: string;
  /** Writes rows one after the other. */
  write(...pks: string[]): Promise<void>;
}

/** Makes a table with a stream. */
export async function newStreamedTable(): Promise<StreamedTable> {
  const tableName = `test-${randomBytes(8).toString('hex')}`;
  const endpoint = await testEndpoint();
  const client = engineClient(endpoint);
  await ensureTable(client, tableName);
  const table = openTable(client, tableName, systemPorts.pause);
  return {
    client,
    endpoint,
    tableName,
    async write(...pks) {
      for (const pk of pks) {
        await table.transact([put({ pk, sk: 'ROW' }, [], () => new Error('a row was refused')).action]);
      }
    },
  };
}
