import { readFileSync } from 'node:fs';
import type { Deployed } from '#infra/deployed.ts';
import { tableDefinition } from '#infra/table.ts';

/** Actions on items of the table, in IAM's names. No role may scan. */
export const itemActions = [
  'GetItem',
  'BatchGetItem',
  'Query',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'ConditionCheckItem',
] as const;
/** The indexes. They can only be queried. */
export const indexNames = tableDefinition.GlobalSecondaryIndexes.map(({ IndexName }) => IndexName);

type Way = (typeof itemActions)[number] | (typeof indexNames)[number];

/** What a function may do to the table: by action or index, the partition keys it may name, as IAM patterns. */
export type Reach = Readonly<Partial<Record<Way, readonly string[]>>>;

/** What each function reaches, by its name. */
export type Grants = Readonly<Record<string, Reach>>;

/** What each function was seen to do in all its examples. `npm run grants` writes the file. */
export function readGrants(): Grants {
  return JSON.parse(readFileSync(new URL('grants.json', import.meta.url), 'utf8'));
}

/** What a function may reach. The door may reach what any operation may. */
export function reachOf(deployed: Deployed, all: readonly Deployed[], grants: Grants): Reach {
  const { name, trigger } = deployed;
  if (trigger.kind === 'door') {
    const operations = all.filter((other) => other.trigger.kind === 'operation');
    return operations.map((other) => reachOf(other, all, grants)).reduce(together);
  }
  const seen = grants[name];
  if (seen === undefined) throw new Error(`infra/grants.json lacks ${name}: "npm run grants" writes it anew`);
  return trigger.kind === 'operation' && trigger.operation.effect === 'write' ? withDryRuns(seen) : seen;
}

/** A dry run checks the conditions of the items that the real call would write. */
function withDryRuns(reach: Reach): Reach {
  const { DeleteItem = [], PutItem = [], UpdateItem = [] } = reach;
  return together(reach, { ConditionCheckItem: [...DeleteItem, ...PutItem, ...UpdateItem] });
}

function together(one: Reach, other: Reach): Reach {
  const both: Partial<Record<Way, readonly string[]>> = {};
  for (const way of [...itemActions, ...indexNames]) {
    const patterns = new Set([...(one[way] ?? []), ...(other[way] ?? [])]);
    if (patterns.size > 0) both[way] = [...patterns].sort();
  }
  return both;
}
