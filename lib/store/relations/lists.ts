import { type StoredForm, storedForms } from '#lib/domain/machine.ts';
import {
  type Phase,
  type Policy,
  phaseOf,
  type Relation,
  type RelationParty,
  type RelationStatus,
  relationAt,
  relationMachine,
} from '#lib/domain/relation/relation.ts';
import { asChild, asParent, phaseRank } from '#lib/store/keys.ts';
import { relationOf } from '#lib/store/relations/rows.ts';
import { standsAs } from '#lib/store/transition.ts';
import { allOf, type Fragment, namesIn } from '#lib/table/expressions.ts';
import { merged } from '#lib/table/merged.ts';
import type { Query, Row, Table } from '#lib/table/table.ts';

/** Which relations of an account to list: by their status at `nowMs` (epoch ms), by policy. */
export interface RelationFilter {
  readonly uid: number;
  readonly statuses: readonly RelationStatus[];
  readonly nowMs: number;
  readonly policies?: readonly Policy[];
}

const FEW = 100;

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

/** Those an account is the child of, of one phase, oldest first, at most `limit`. */
export async function listAsChild(table: Table, filter: RelationFilter, limit: number): Promise<Relation[]> {
  const found: Relation[] = [];
  for (const query of queriesAsChild(filter)) {
    for await (const row of table.query(query, limit)) {
      found.push(relationAt(relationOf(row), filter.nowMs));
      if (found.length === limit) return found;
    }
  }
  return found;
}

/** What finds the relations an account is the parent of, in order of ids each. */
export function queriesAsParent(filter: RelationFilter): Query[] {
  return eachPhase('gsi1', asParent(filter.uid), filter);
}

/** What finds the relations an account is the child of, likewise. */
export function queriesAsChild(filter: RelationFilter): Query[] {
  return eachPhase('gsi2', asChild(filter.uid), filter);
}

/**
 * All relations an account has with the counterparties of the filter, oldest first. Those it is the parent of are looked for among
 * the children's own, which are few, and not among all of the parent's.
 */
export async function relationsWith(
  table: Table,
  filter: RelationFilter,
  counterparties: readonly number[],
): Promise<Relation[]> {
  const { nowMs, uid } = filter;
  const asParent = [...oneOf('#parentUid', ':parent', [uid]), ...listedBy('parent')];
  const queries = [
    ...[...new Set(counterparties)].map((childUid) => queryIn('gsi2', asChild(childUid), filter, asParent)),
    queryIn('gsi2', asChild(uid), filter, [...oneOf('#parentUid', ':parent', counterparties), ...listedBy('child')]),
  ];
  const rows = await Promise.all(queries.map((query) => everyOne(table.query(query, FEW))));
  const byId = new Map(rows.flat().map((row) => [row['id'], row]));
  return [...byId.values()].toSorted(oldestFirst).map((row) => relationAt(relationOf(row), nowMs));
}

async function everyOne(rows: AsyncGenerator<Row, void>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

/** One query for each phase that the filter has statuses of: within one, the index is in order of ids. */
function eachPhase(index: 'gsi1' | 'gsi2', owner: string, filter: RelationFilter): Query[] {
  const phases = new Set(formsOf(filter).map(({ status }) => phaseOf(status)));
  return [...phases].map((phase) => {
    const { ExpressionAttributeValues, KeyConditionExpression, ...query } = queryIn(index, owner, filter, [], phase);
    return {
      ...query,
      KeyConditionExpression: `${KeyConditionExpression} AND begins_with(${index}sk, :phase)`,
      ExpressionAttributeValues: { ...ExpressionAttributeValues, ':phase': phaseRank(phase) },
    };
  });
}

function queryIn(
  IndexName: 'gsi1' | 'gsi2',
  owner: string,
  filter: RelationFilter,
  more: readonly Fragment[],
  phase?: Phase,
): Query {
  const forms = formsOf(filter).filter(({ status }) => phaseOf(status) === (phase ?? phaseOf(status)));
  const { text, values } = allOf([
    standsAs(forms, filter.nowMs),
    ...oneOf('#policy', ':policy', [...new Set(filter.policies)]),
    ...more,
  ]);
  return {
    IndexName,
    KeyConditionExpression: `${IndexName}pk = :owner`,
    FilterExpression: text,
    ExpressionAttributeNames: namesIn(text),
    ExpressionAttributeValues: { ...values, ':owner': owner },
  };
}

/** That a party has not cleared the relation from its lists. */
function listedBy(party: RelationParty): Fragment[] {
  return [{ text: 'NOT contains(#clearedBy, :clearing)', values: { ':clearing': party } }];
}

function formsOf({ statuses }: RelationFilter): StoredForm<RelationStatus>[] {
  return [...new Set(statuses)].flatMap((status) => storedForms(relationMachine, status));
}

function oneOf(path: string, placeholder: string, wanted: readonly unknown[] = []): Fragment[] {
  if (wanted.length === 0) return [];
  const values = Object.fromEntries(wanted.map((value, index) => [`${placeholder}${index}`, value]));
  return [{ text: `${path} IN (${Object.keys(values).join(', ')})`, values }];
}

function oldestFirst(one: Row, other: Row): number {
  return Number(one['id']) - Number(other['id']);
}
