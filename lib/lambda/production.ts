import { masterKeyFrom } from '#lib/adapters/masterKey.ts';
import { openLinkTokens } from '#lib/auth/keyring.ts';
import { type Deps, openDeps } from '#lib/deps.ts';
import type { LinkTokens } from '#lib/jobs/needs.ts';
import { systemPorts } from '#lib/ports.ts';
import { productionClient } from '#lib/table/requests.ts';

/**
 * Dependencies of a function that serves calls, from its environment: `TABLE_NAME`, and where the master key is. Starts to
 * read the key while the function loads. If that fails, the next call that needs the key reads it again.
 */
export function operationDeps(env: NodeJS.ProcessEnv): Deps {
  const deps = open(env, () => masterKeyFrom(env));
  deps.keyring.prepare().catch(() => undefined);
  return deps;
}

/** Dependencies of a worker or a page: by these it knows no key, and none reads the master key but for `linkTokensFrom`. */
export function workerDeps(env: NodeJS.ProcessEnv): Deps {
  return open(env, () => Promise.reject(new Error('neither a worker nor a page has a master key')));
}

/** The tokens of links, for a worker that mails them: the one thing of the master key that a worker can be given. */
export function linkTokensFrom(env: NodeJS.ProcessEnv): LinkTokens {
  return openLinkTokens(() => masterKeyFrom(env));
}

function open(env: NodeJS.ProcessEnv, masterKey: () => Promise<Buffer>): Deps {
  const ports = { ...systemPorts, metricNamespace: env['METRIC_NAMESPACE'] ?? systemPorts.metricNamespace };
  return openDeps({ client: productionClient(), tableName: env['TABLE_NAME'] ?? '', masterKey, ports });
}
