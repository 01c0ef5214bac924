import { openKeyring } from '#lib/auth/keyring.ts';
import type { Deps } from '#lib/deps.ts';
import { findAccessKey } from '#lib/store/accessKeys.ts';
import { openAccounts } from '#lib/store/accounts.ts';
import { openLedger } from '#lib/store/ledger.ts';
import { openRelations } from '#lib/store/relations/relations.ts';
import { openStandings } from '#lib/store/standings.ts';
import type { Action, Query, Table } from '#lib/table/table.ts';
import type { Resource } from '#test/infra/packaged.ts';
import { statementsOf } from '#test/infra/packaged.ts';
import type { Estate } from '#test/support/estate.ts';

/** One thing done to the table, as IAM sees it. */
interface Access {
  readonly action: string;
  readonly index?: string | undefined;
  readonly keys: readonly unknown[];
}

/** One thing a role allows: an action, where, on the keys that are like a pattern; as text. */
interface Grant {
  readonly action: string;
  readonly index: string | undefined;
  readonly pattern: string;
  readonly text: string;
}

/** All that a role allows on the table and its indexes, one thing at a time. */
export function grantsOf(role: Pick<Resource, 'Properties'>): Grant[] {
  return statementsOf(role)
    .filter(({ resources }) => resources.some((resource) => resource.includes(':table/')))
    .flatMap(({ actions, condition, resources }) =>
      actions.flatMap((action) =>
        resources.flatMap((resource) => {
          const index = /\/index\/(\w+)/.exec(resource)?.[1];
          const patterns = condition['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'];
          if (!Array.isArray(patterns)) throw new Error(`${action} is not bound to keys`);
          const name = action.slice('dynamodb:'.length);
          return patterns.map(String).map((pattern) => ({
            action: name,
            index,
            pattern,
            text: `${index ?? name} ${pattern}`,
          }));
        }),
      ),
    );
}

/**
 * Dependencies whose table does what a role allows and refuses everything else, as AWS would. The grants made use of are added to
 * `used`, by their texts.
 */
export function restricted(
  deps: Deps,
  masterKey: Buffer,
  role: Pick<Resource, 'Properties'>,
  used = new Set<string>(),
): Deps {
  const grants = grantsOf(role);
  const demand = ({ action, index, keys }: Access) => {
    for (const key of keys.map(String)) {
      const grant = grants.find((one) => one.action === action && one.index === index && isLike(key, one.pattern));
      if (grant === undefined) throw new Error(`AccessDenied: ${JSON.stringify({ action, index, key })}`);
      used.add(grant.text);
    }
  };
  const table = guarded(deps.table, demand);
  return {
    ...deps,
    table,
    keyring: openKeyring((keyId) => findAccessKey(table, keyId), masterKey, deps.ports.wallNow),
    accounts: openAccounts(table),
    relations: openRelations(table),
    standings: openStandings(table),
    ledger: openLedger(table),
  };
}

/** What the calls of an estate were denied. */
export function deniedIn({ logged }: Estate): unknown[] {
  return logged.filter((record) => JSON.stringify(record).includes('AccessDenied'));
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
    async getTogether(keys) {
      demand({ action: 'GetItem', keys: keys.map(({ pk }) => pk) });
      return table.getTogether(keys);
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
  if ('Delete' in action) return { action: 'DeleteItem', keys: [action.Delete.Key?.['pk']] };
  return { action: 'ConditionCheckItem', keys: [action.ConditionCheck.Key?.['pk']] };
}

function isLike(key: string, pattern: string): boolean {
  return pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern;
}
