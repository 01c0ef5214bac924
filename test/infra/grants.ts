import { type Grants, indexNames, itemActions, type Reach } from '#infra/reach.ts';
import { type Deps, depsOver } from '#lib/deps.ts';
import type { Action, Query, Table } from '#lib/table/table.ts';
import type { Resource } from '#test/infra/packaged.ts';
import { statementsOf } from '#test/infra/packaged.ts';
import { type Estate, masterKey } from '#test/support/estate.ts';

/** One access to the table as IAM sees it: to an item, or to an index. */
interface Access {
  readonly action: string;
  readonly index?: string | undefined;
  readonly key: string;
}

/** One permission of a role: an action, where, and on keys of which pattern. */
interface Grant {
  readonly action: string;
  readonly index: string | undefined;
  readonly pattern: string;
}

/** Functions that delete items, and why. */
export const deleting: Readonly<Record<string, string>> = {
  'directory/DeleteFolder': 'A folder is open for members for as long as it has rows to count them in.',
  'directory/DestroyResourceDirectory': 'Its account may enable another, and its id names nothing any more.',
  'directory/RemoveCloudAccount': 'A display name that is given up is free again.',
  'directory/UpdateAccount': 'A display name that is given up is free again.',
  'governance/DeleteAccountFactoryBaseline':
    'A baseline is open for accounts for as long as it has rows to count them in.',
  'workers/outbox': 'A deleted account is in the registry no more, and its names and addresses are free again.',
};

/** The permissions of a role on the table and its indexes. */
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
          return patterns.map((pattern) => ({ action: name, index, pattern: String(pattern) }));
        }),
      ),
    );
}

/** A process over the same table that may do what a role allows; everything else is refused as AWS would. */
export function restricted({ ports, table }: Deps, role: Pick<Resource, 'Properties'>): Deps {
  const grants = grantsOf(role);
  const demand = (access: Access) => {
    const { action, index, key } = access;
    const isGranted = grants.some((one) => one.action === action && one.index === index && isLike(key, one.pattern));
    if (!isGranted) throw new Error(`AccessDenied: ${JSON.stringify(access)}`);
  };
  return depsOver(watched(table, demand), masterKey, ports);
}

/** What processes do to their tables. */
interface Observation {
  /** A watched process over the same table. */
  over(deps: Deps): Deps;
  /** Everything seen so far. */
  reach(): Reach;
}

export function newObservation(): Observation {
  const seen = new Map<string, Set<string>>();
  const note = ({ action, index = action, key }: Access) => {
    seen.set(index, (seen.get(index) ?? new Set()).add(patternOf(key)));
  };
  return {
    over: ({ ports, table }) => depsOver(watched(table, note), masterKey, ports),
    reach: () =>
      Object.fromEntries(
        [...itemActions, ...indexNames]
          .map((way) => [way, [...(seen.get(way) ?? [])].sort()] as const)
          .filter(([, patterns]) => patterns.length > 0),
      ),
  };
}

/** The text of infra/grants.json: one line per function and way. */
export function textOf(grants: Grants): string {
  const functions = Object.entries(grants)
    .toSorted(([one], [other]) => one.localeCompare(other, 'en'))
    .map(([name, reach]) => {
      const ways = Object.entries(reach).map(([way, patterns]) => {
        return `    "${way}": [${patterns.map((pattern) => `"${pattern}"`).join(', ')}]`;
      });
      return `  "${name}": {\n${ways.join(',\n')}\n  }`;
    });
  return `{\n${functions.join(',\n')}\n}\n`;
}

/** What the calls of an estate were denied. */
export function deniedIn({ logged }: Estate): unknown[] {
  return logged.filter((record) => JSON.stringify(record).includes('AccessDenied'));
}

/** The table, with `notice` called before each access. If that throws, the access does not happen. */
function watched(table: Table, notice: (access: Access) => void): Table {
  const querying = ({ ExpressionAttributeValues = {}, IndexName, KeyConditionExpression = '' }: Query) => {
    const hash = /= (:\w+)/.exec(KeyConditionExpression)?.[1] ?? '';
    notice({ action: 'Query', index: IndexName, key: String(ExpressionAttributeValues[hash]) });
  };
  return {
    async get(key) {
      notice({ action: 'GetItem', key: key.pk });
      return table.get(key);
    },
    async getMany(keys) {
      for (const { pk } of keys) notice({ action: 'BatchGetItem', key: pk });
      return table.getMany(keys);
    },
    async getTogether(keys) {
      for (const { pk } of keys) notice({ action: 'GetItem', key: pk });
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
      for (const action of actions) notice(accessOf(action));
      return table.transact(actions);
    },
  };
}

interface Keys {
  readonly Item?: Readonly<Record<string, unknown>> | undefined;
  readonly Key?: Readonly<Record<string, unknown>> | undefined;
}

/** IAM's name for an action of a transaction is DynamoDB's with `Item` after it. */
function accessOf(action: Action): Access {
  const [kind, { Item, Key = Item }] = Object.entries<Keys>(action)[0] ?? ['', {}];
  return { action: `${kind}Item`, key: String(Key?.['pk']) };
}

/** A pattern for all keys that begin with the same word. */
function patternOf(key: string): string {
  return key.replace(/#.*$/s, '#*');
}

function isLike(key: string, pattern: string): boolean {
  return pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern;
}
