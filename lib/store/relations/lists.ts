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
import type { Query, Row, Table } from '#lib/table/table.ts';

/** Which relations of an account to list: by their status at `nowMs` (epoch ms), by policy. */
export interface RelationFilter {
  readonly uid: number;
  readonly statuses: readonly RelationStatus[];
  readonly nowMs: number;
  readonly policies?: readonly Policy[];
}

/** Where an account's relations stand in an index: as their parent's, and as their child's. */
export const sides = [
  ['gsi2', asChild],
  ['gsi1', asParent],
] as const;

type Side = (typeof sides)[number];

/** Those an account is the child of, of one phase, oldest first, at most `limit`. */
export async function listAsChild(table: Table, filter: RelationFilter, limit: number): Promise<Relation[]> {
  const found: Relation[] = [];
  for (const query of inOrderOfLife(sides[0], filter)) {
    for await (const row of table.query(query, limit)) {
      found.push(relationAt(relationOf(row), filter.nowMs));
      if (found.length === limit) return found;
    }
  }
  return found;
}

/**
 * What finds the relations of one side, one query for each phase that the filter has statuses of, in order of ids each. The phases
 * are in the order of life: what moves on while one after the other is read is found later once more, and never missed.
 */
export function inOrderOfLife([index, owned]: Side, filter: RelationFilter): Query[] {
  return phasesOf(filter).map((phase) => queryIn(index, owned(filter.uid), filter, [], [phase, phase]));
}

/** The same as one query, in order of phases. */
export function inOneGo([index, owned]: Side, filter: RelationFilter): Query | undefined {
  const inRank = phasesOf(filter).toSorted((one, other) => (phaseRank(one) < phaseRank(other) ? -1 : 1));
  const [first, last] = [inRank[0], inRank.at(-1)];
  return first && last && queryIn(index, owned(filter.uid), filter, [], [first, last]);
}

/** Whether all that the filter has stands in one phase, and so in one order of ids. */
export function inOneOrder(filter: RelationFilter): boolean {
  return phasesOf(filter).length === 1;
}

/** The query with no more of each row than which it is, and which version of it. */
export function keysAlone(query: Query): Query {
  const ProjectionExpression = '#id, #v';
  const names = { ...query.ExpressionAttributeNames, ...namesIn(ProjectionExpression) };
  return { ...query, ProjectionExpression, ExpressionAttributeNames: names };
}

/**
 * What finds all relations an account has with the counterparties of the filter. Those it is the parent of are looked for among the
 * children's own, which are few, and not among all of the parent's.
 */
export function queriesWith(filter: RelationFilter, counterparties: readonly number[]): Query[] {
  const { uid } = filter;
  const asParent = [...oneOf('#parentUid', ':parent', [uid]), ...listedBy('parent')];
  const asChildOf = [...oneOf('#parentUid', ':parent', counterparties), ...listedBy('child')];
  return [
    queryIn('gsi2', asChild(uid), filter, asChildOf),
    ...[...new Set(counterparties)].map((childUid) => queryIn('gsi2', asChild(childUid), filter, asParent)),
  ];
}

function queryIn(
  IndexName: 'gsi1' | 'gsi2',
  owner: string,
  filter: RelationFilter,
  more: readonly Fragment[],
  between?: readonly [first: Phase, last: Phase],
): Query {
  const { text, values } = allOf([
    standsAs(formsOf(filter), filter.nowMs),
    ...oneOf('#policy', ':policy', [...new Set(filter.policies)]),
    ...more,
  ]);
  const [first, last] = between ?? [];
  return {
    IndexName,
    KeyConditionExpression: `${IndexName}pk = :owner${between ? ` AND ${IndexName}sk BETWEEN :first AND :last` : ''}`,
    FilterExpression: text,
    ExpressionAttributeNames: namesIn(text),
    ExpressionAttributeValues: {
      ...values,
      ':owner': owner,
      // `~` comes after every digit.
      ...(first && last && { ':first': phaseRank(first), ':last': `${phaseRank(last)}~` }),
    },
  };
}

/** The phases in which relations of the filter may stand, in the order of life. */
function phasesOf(filter: RelationFilter): Phase[] {
  const found = new Set(formsOf(filter).map(({ status }) => phaseOf(status)));
  return (['offered', 'inEffect', 'past'] as const).filter((phase) => found.has(phase));
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

/** Rows in order of their ids. */
export function oldestFirst(one: Row, other: Row): number {
  return Number(one['id']) - Number(other['id']);
}
