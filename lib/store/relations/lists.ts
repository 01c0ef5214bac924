import { storedForms } from '#lib/domain/machine.ts';
import type { Policy } from '#lib/domain/policy.ts';
import { phaseOf, type Relation, type RelationStatus, relationAt, relationMachine } from '#lib/domain/relation.ts';
import { allOf, type Fragment, namesIn, standsAs } from '#lib/store/expressions.ts';
import { asChild, asParent, phaseRank } from '#lib/store/keys.ts';
import { merged } from '#lib/store/merged.ts';
import { relationOf } from '#lib/store/relations/rows.ts';
import type { Query, Row, Table } from '#lib/store/table.ts';

/** Which relations of an account to list: by their status at `nowMs` (epoch ms), by policy, by the other party. */
export interface RelationFilter {
  readonly uid: number;
  readonly statuses: readonly RelationStatus[];
  readonly nowMs: number;
  readonly policies?: readonly Policy[];
  readonly counterparties?: readonly number[];
}

/** Those at `offset` and after, oldest first, at most `limit`: pages stay as they are while relations are added. */
export async function listRelations(
  table: Table,
  filter: RelationFilter,
  offset: number,
  limit: number,
): Promise<Relation[]> {
  const queries = [...queriesAsParent(filter), ...queriesAsChild(filter)];
  const pages = queries.map((query) => table.query(query, offset + limit));
  const found: Relation[] = [];
  let position = 0;
  let last: unknown;
  for await (const row of merged(pages, oldestFirst)) {
    // While an index follows a row from one phase to the next, both may show it.
    if (row['id'] === last) continue;
    last = row['id'];
    if (position++ >= offset) found.push(relationAt(relationOf(row), filter.nowMs));
    if (found.length === limit) break;
  }
  return found;
}

/**
 * What finds the relations an account is the parent of. Those with certain children are looked for among the children's own,
 * which are few, and not among all the parent's.
 */
export function queriesAsParent(filter: RelationFilter): Query[] {
  const children = new Set(filter.counterparties);
  if (children.size === 0) return queriesIn('gsi1', asParent(filter.uid), filter);
  const ofParent = oneOf('#parentUid', ':parent', [filter.uid]);
  return [...children].flatMap((childUid) => queriesIn('gsi2', asChild(childUid), filter, ofParent));
}

/** What finds the relations an account is the child of, which are few. */
export function queriesAsChild(filter: RelationFilter): Query[] {
  return queriesIn('gsi2', asChild(filter.uid), filter, oneOf('#parentUid', ':parent', filter.counterparties));
}

/** One query for each phase that the filter has statuses of: within one, the index is in order of ids. */
function queriesIn(
  index: 'gsi1' | 'gsi2',
  owner: string,
  { nowMs, policies, statuses }: RelationFilter,
  more: readonly Fragment[] = [],
): Query[] {
  const forms = [...new Set(statuses)].flatMap((status) => storedForms(relationMachine.lapses, status));
  const phases = [...new Set(forms.map(({ status }) => phaseOf(status)))];
  return phases.map((phase) => {
    const formsOfPhase = forms.filter(({ status }) => phaseOf(status) === phase);
    const { text, values } = allOf([standsAs(formsOfPhase, nowMs), ...oneOf('#policy', ':policy', policies), ...more]);
    return {
      IndexName: index,
      KeyConditionExpression: `${index}pk = :owner AND begins_with(${index}sk, :phase)`,
      FilterExpression: text,
      ExpressionAttributeNames: namesIn(text),
      ExpressionAttributeValues: { ...values, ':owner': owner, ':phase': phaseRank(phase) },
    };
  });
}

function oneOf(path: string, placeholder: string, wanted: readonly unknown[] = []): Fragment[] {
  if (wanted.length === 0) return [];
  const values = Object.fromEntries(wanted.map((value, index) => [`${placeholder}${index}`, value]));
  return [{ text: `${path} IN (${Object.keys(values).join(', ')})`, values }];
}

function oldestFirst(one: Row, other: Row): number {
  return Number(one['id']) - Number(other['id']);
}
