import { join } from 'node:path';
import { dropTable, ensureTable, localClient } from '#infra/local/database.ts';
import { masterKeyIn, openDataFolder, writeWhole } from '#infra/local/dataFolder.ts';
import { demoEnvironment, loadDemoEstate } from '#infra/local/demoEstate.ts';
import { startEngine } from '#infra/local/engine.ts';
import { openDeps } from '#lib/deps.ts';
import { systemPorts } from '#lib/ports.ts';

/** An embedded table with the demo estate, for functions that run in other processes. */
export interface OfflineTable {
  /** The environment of those functions. */
  readonly env: Readonly<Record<string, string>>;
  /** Writes the demo estate's credentials for callers, and answers the file. */
  writeCredentials(baseUrl: string): string;
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** Where the table is, and whether what is in it is to be kept. */
export interface OfflineSetting {
  readonly data: string;
  readonly tableName: string;
  readonly env: NodeJS.ProcessEnv;
  readonly isReset: boolean;
}

/** Opens the table in a data folder, as the emulator does, under a name of its own: the emulator's clock may have been turned. */
export async function openOfflineTable({ data, tableName, env, isReset }: OfflineSetting): Promise<OfflineTable> {
  const folder = await openDataFolder(data);
  const engine = await startEngine(folder.databaseFile, env);
  const client = localClient(engine.endpoint);
  if (isReset) await dropTable(client, tableName);
  await ensureTable(client, tableName);
  const masterKey = masterKeyIn(folder.path);
  const deps = openDeps({ client, tableName, masterKey, ports: systemPorts });
  await loadDemoEstate(deps);
  return {
    env: {
      TABLE_NAME: tableName,
      MASTER_KEY: masterKey.toString('hex'),
      AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
    writeCredentials(baseUrl) {
      const file = join(folder.path, 'demo.env');
      writeWhole(file, demoEnvironment(baseUrl, deps.keyring));
      return file;
    },
    ended: engine.ended,
    async close() {
      client.destroy();
      await engine.stop();
      await folder.close();
    },
  };
}
