import { openKeyring } from '#lib/auth/keyring.ts';
import type { Deps } from '#lib/deps.ts';
import { findAccessKey } from '#lib/store/accessKeys.ts';
import { openAccounts } from '#lib/store/accounts.ts';
import { openRelations } from '#lib/store/relations.ts';
import { openStandings } from '#lib/store/standings.ts';
import type { Action, Query, Table } from '#lib/store/table.ts';
import type { Resource } from '#test/infra/packaged.ts';
import { statementsOf } from '#test/infra/packaged.ts';

/** One thing done to the table, as IAM sees it. */
interface Access {
  readonly action: string;
  readonly index?: string | undefined;
  readonly keys: readonly unknown[];
}

/** Dependencies whose table does what a role allows and refuses everything else, as AWS would. */
export function restricted(deps: Deps, masterKey: Buffer, role: Pick<Resource, 'Properties'>): Deps {
  const statements = statementsOf(role);
  const isAllowed = ({ action, index, keys }: Access) =>
    statements.some(({ actions, condition, resources }) => {
      const words = condition['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'];
      const patterns = Array.isArray(words) ? words.map(String) : undefined;
      const isMeant = resources.some((text) => (index ? text.includes(`/index/${index}"`) : !text.includes('/index/')));
      return (
        actions.includes(`dynamodb:${action}`) &&
        isMeant &&
        (patterns === undefined || keys.every((key) => patterns.some((pattern) => isLike(String(key), pattern))))
      );
    });
  const demand = (access: Access) => {
    if (!isAllowed(access)) throw new Error(`AccessDenied: ${JSON.stringify(access)}`);
  };
  const table = guarded(deps.table, demand);
  return {
    ...deps,
    table,
    keyring: openKeyring((keyId) => findAccessKey(table, keyId), masterKey, deps.ports.wallNow),
    accounts: openAccounts(table),
    relations: openRelations(table),
    standings: openStandings(table),
  };
}

function guarded(table: Table, demand: (access: Access) => void): Table {
  const querying = ({ ExpressionAttributeValues = {}, IndexName, KeyConditionExpression = '' }: Query) => {
    const hash = /= (:\w+)/.exec(KeyConditionExpression)?.[1] ?? '';
    demand({ action: 'Query', index: IndexName, keys: [ExpressionAttributeValues[hash]] });
  };
  return {
    async get(key) {
      demand({ action: 'GetItem', keys: [key.pk] });
      return table.get(key);
    },
    async getMany(keys) {
      demand({ action: 'BatchGetItem', keys: keys.map(({ pk }) => pk) });
      return table.getMany(keys);
    },
    async *query(query, pageSize) {
      querying(query);
      yield* table.query(query, pageSize);
    },
    async page(query, pageSize, after) {
      querying(query);
      return table.page(query, pageSize, after);
    },
    async countPage(query, pageSize, after) {
      querying(query);
      return table.countPage(query, pageSize, after);
    },
    pause: (upToMs) => table.pause(upToMs),
    async transact(actions) {
      for (const action of actions) demand(accessOf(action));
      return table.transact(actions);
    },
  };
}

function accessOf(action: Action): Access {
  if ('Put' in action) return { action: 'PutItem', keys: [action.Put.Item?.['pk']] };
  if ('Update' in action) return { action: 'UpdateItem', keys: [action.Update.Key?.['pk']] };
  return { action: 'ConditionCheckItem', keys: [action.ConditionCheck.Key?.['pk']] };
}

function isLike(key: string, pattern: string): boolean {
  return pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern;
}
