import { masterKeyFrom } from '#lib/adapters/masterKey.ts';
import { type Deps, openDeps } from '#lib/deps.ts';
import { systemPorts } from '#lib/ports.ts';
import { productionClient } from '#lib/table/client.ts';

/**
 * The dependencies of a function that serves calls, from its environment: `TABLE_NAME`, and where the master key is. It begins to
 * read that while it loads; should it fail, a call that needs it after that reads again, and those that need none are answered.
 */
export function operationDeps(env: NodeJS.ProcessEnv): Deps {
  const deps = open(env, () => masterKeyFrom(env));
  deps.keyring.prepare().catch(() => undefined);
  return deps;
}

/** The dependencies of a worker, which has to do with no secret and may read no master key. */
export function workerDeps(env: NodeJS.ProcessEnv): Deps {
  return open(env, () => Promise.reject(new Error('a worker has no master key')));
}

function open(env: NodeJS.ProcessEnv, masterKey: () => Promise<Buffer>): Deps {
  const ports = { ...systemPorts, metricNamespace: env['METRIC_NAMESPACE'] ?? systemPorts.metricNamespace };
  return openDeps({ client: productionClient(), tableName: env['TABLE_NAME'] ?? '', masterKey, ports });
}
