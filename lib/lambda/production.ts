import { type Deps, openDeps } from '#lib/deps.ts';
import { systemPorts } from '#lib/ports.ts';
import { productionClient } from '#lib/store/client.ts';
import { masterKeyOf, readMasterKey } from '#lib/store/masterKey.ts';

/**
 * The dependencies of a deployed function, from its environment: `TABLE_NAME`, and `MASTER_KEY_PARAMETER`, the SSM parameter
 * with the master key (or, for a function run by hand, `MASTER_KEY` itself).
 */
export async function productionDeps(env: NodeJS.ProcessEnv): Promise<Deps> {
  const client = productionClient();
  const given = env['MASTER_KEY'];
  const masterKey = given
    ? masterKeyOf(given, 'MASTER_KEY')
    : await readMasterKey(env['MASTER_KEY_PARAMETER'] ?? '', env['AWS_REGION'] ?? '');
  return openDeps({ client, tableName: env['TABLE_NAME'] ?? '', masterKey, ports: systemPorts });
}
