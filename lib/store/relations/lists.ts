import {
  greatestIdAt,
  INVITATION_TTL_MS,
  leastIdAfter,
  type Phase,
  type Relation,
  type RelationParty,
  relationAt,
} from '#lib/domain/relation/relation.ts';
import {
  asChild,
  asParent,
  behind,
  listingRank,
  type Place,
  phaseOfPlace,
  phaseRank,
  placeRank,
  standsWith,
  tallyRank,
  unsettledRank,
} from '#lib/store/keys.ts';
import {
  conditionOf,
  inOrderOfLife,
  isOverdueAlone,
  oneOf,
  phasesOf,
  placesIn,
  type RelationFilter,
} from '#lib/store/relations/filters.ts';
import { relationOf } from '#lib/store/relations/rows.ts';
import { tallyRow } from '#lib/store/relations/tallies.ts';
import { anyOf, type Fragment, namesIn } from '#lib/table/expressions.ts';
import type { Query, Row, Table } from '#lib/table/table.ts';

/** Part of an index partition, from one position to another. */
export interface Range {
  readonly first: string;
  readonly last: string;
}

/** Those an account is the child of, of one phase, oldest first, at most `limit`. */
export async function listAsChild(table: Table, filter: RelationFilter, limit: number): Promise<Relation[]> {
  const found: Relation[] = [];
  for await (const row of table.query(asChildInOneGo(filter), limit)) {
    found.push(relationAt(relationOf(row), filter.nowMs));
    if (found.length === limit) break;
  }
  return found;
}

/** What an account is the child of, one query for each phase that the filter has statuses of, in the order of life. */
export function asChildInTurn(filter: RelationFilter): Query[] {
  return standingPhases(filter).map((phase) =>
    queryIn('gsi2', asChild(filter.uid), conditionOf(filter), rangeOfPhases(phase)),
  );
}

/** The same as one query, in order of phases. */
export function asChildInOneGo(filter: RelationFilter): Query {
  const phases = standingPhases(filter).toSorted((one, other) => (phaseRank(one) < phaseRank(other) ? -1 : 1));
  return queryIn('gsi2', asChild(filter.uid), conditionOf(filter), rangeOfPhases(phases[0] ?? 'past', phases.at(-1)));
}

/** The phases under which a child's relations of the filter may stand; those in effect did by themselves before they stayed where they were offered. */
function standingPhases(filter: RelationFilter): Phase[] {
  const wanted = phasesOf(filter);
  const standing = new Set([...wanted, ...wanted.map((phase) => standsWith[phase])]);
  return inOrderOfLife.filter((phase) => standing.has(phase));
}

/** What an account is the parent of, in a part of its index. */
export function asParentIn(filter: RelationFilter, range: Range): Query {
  return queryIn('gsi1', asParent(filter.uid), conditionOf(filter), range);
}

/** The same of all places, those of what is unsettled and of earlier rows included. Ahead of them the account's tally, if that is filed. */
export function asParentInAll(filter: RelationFilter): Query {
  const ends = phasesOf(filter).map((phase) => rangeOfPhases(phase).last);
  const last = [rangeOfPlaces(filter, placesIn(filter)).last, ...ends].toSorted().at(-1) ?? '';
  return fromTally(filter, last);
}

/** The same up to the end of a place. */
export function asParentUpTo(filter: RelationFilter, place: Place): Query {
  return fromTally(filter, behind(placeRank(place)));
}

/** The tally, all that is unsettled, and what the filter wants as far as `last`. */
function fromTally(filter: RelationFilter, last: string): Query {
  const isTally: Fragment = { text: '#type = :tally', values: { ':tally': tallyRow.type } };
  const isUnsettled: Fragment = { text: 'attribute_exists(#countedAs)' };
  const condition = anyOf([isTally, isUnsettled, conditionOf(filter)]);
  return queryIn('gsi1', asParent(filter.uid), condition, { first: tallyRank(), last });
}

/** All relations of a parent that have moved since they were counted; by `untilMs`, epoch ms, if that is given. */
export function unsettledOf(uid: number, untilMs?: number): Query {
  const isOlder: Fragment = { text: '#updatedAtMs <= :untilMs', values: { ':untilMs': untilMs } };
  return queryIn('gsi1', asParent(uid), untilMs === undefined ? undefined : isOlder, rangeOfUnsettled);
}

/** The same, and the tally they are not counted anew in: one answer has both as they are at one moment. */
export function tallyAndUnsettledOf(uid: number): Query {
  return queryIn('gsi1', asParent(uid), undefined, { ...rangeOfUnsettled, first: tallyRank() });
}

const rangeOfUnsettled: Range = { first: unsettledRank(), last: behind(unsettledRank()) };

/** The listings of all relations an account is the parent of, in the order of their ids. */
export function listings({ uid }: Pick<RelationFilter, 'uid'>): Query {
  return queryIn('gsi1', asParent(uid), undefined, { first: listingRank(), last: behind(listingRank()) });
}

/**
 * From the first of some places to the last. Of invitations, if only those are wanted that are overdue, or that are not, as far as their ids
 * may be so old, or not so old.
 */
export function rangeOfPlaces(filter: RelationFilter, wanted: readonly Place[]): Range {
  const [first = 'ended', last = first] = [wanted[0], wanted.at(-1)];
  const openSinceMs = filter.nowMs - INVITATION_TTL_MS;
  const isOpenAlone = first === 'inviting' && !isOverdueAlone(filter, first) && !filter.statuses.includes('expired');
  const lastId = last === 'inviting' && isOverdueAlone(filter, last) ? greatestIdAt(openSinceMs) : undefined;
  return {
    first: placeRank(first, isOpenAlone ? leastIdAfter(openSinceMs) : undefined),
    last: behind(placeRank(last, lastId)),
  };
}

/** The same as {@link asParentInAll} in parts, without the tally: phase by phase in the order of life, and what has moved last. */
export function rangesByPhase(filter: RelationFilter): Range[] {
  const byPhase = phasesOf(filter).flatMap((phase) => {
    const wanted = placesIn(filter).filter((place) => phaseOfPlace(place) === phase);
    return [rangeOfPhases(phase), ...(wanted.length > 0 ? [rangeOfPlaces(filter, wanted)] : [])];
  });
  return [...byPhase, rangeOfUnsettled];
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
    queryIn('gsi2', asChild(uid), conditionOf(filter, asChildOf)),
    ...[...new Set(counterparties)].map((childUid) =>
      queryIn('gsi2', asChild(childUid), conditionOf(filter, asParent)),
    ),
  ];
}

function queryIn(IndexName: 'gsi1' | 'gsi2', owner: string, condition: Fragment | undefined, range?: Range): Query {
  return {
    IndexName,
    KeyConditionExpression: `${IndexName}pk = :owner${range ? ` AND ${IndexName}sk BETWEEN :first AND :last` : ''}`,
    ...(condition && { FilterExpression: condition.text, ExpressionAttributeNames: namesIn(condition.text) }),
    ExpressionAttributeValues: {
      ...condition?.values,
      ':owner': owner,
      ...(range && { ':first': range.first, ':last': range.last }),
    },
  };
}

/** From one phase to another, in the order of their positions. */
function rangeOfPhases(first: Phase, last = first): Range {
  return { first: phaseRank(first), last: behind(phaseRank(last)) };
}

/** That a party has not cleared the relation from its lists. */
function listedBy(party: RelationParty): Fragment[] {
  return [{ text: 'NOT contains(#clearedBy, :clearing)', values: { ':clearing': party } }];
}

/** Rows in order of their ids. */
export function oldestFirst(one: Row, other: Row): number {
  return Number(one['id']) - Number(other['id']);
}
