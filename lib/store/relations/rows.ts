import * as v from 'valibot';
import { type Grant, permissions } from '#lib/domain/relation/permissions.ts';
import {
  policies,
  type Relation,
  type RelationParty,
  relationParties,
  relationStatuses,
} from '#lib/domain/relation/relation.ts';
import {
  asChild,
  asParent,
  clearedRank,
  dueShard,
  listingKey,
  listingRank,
  ranks,
  relationKey,
} from '#lib/store/keys.ts';
import type { Change } from '#lib/table/expressions.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Row } from '#lib/table/table.ts';

const permissionList = v.array(v.picklist(permissions));

const offer = v.object({ id: v.number(), permissions: permissionList });

export const relationRow = rowKind({
  type: 'relation',
  shape: v.object({
    id: v.number(),
    version: v.number(),
    parentUid: v.number(),
    parentName: v.string(),
    childUid: v.number(),
    childName: v.string(),
    nick: v.string(),
    policy: v.picklist(policies),
    sameLegalName: v.boolean(),
    status: v.picklist(relationStatuses),
    grants: v.array(offer),
    grantedAtMs: v.array(v.number()),
    sinceMs: v.optional(v.number()),
    offered: v.optional(v.tuple([offer])),
    lentCredit: v.optional(v.number(), 0),
    /** Said before each party cleared its own lists: both have. */
    cleanedUp: v.optional(v.boolean(), false),
    clearedBy: v.optional(v.array(v.picklist(relationParties)), []),
    deadlineMs: v.optional(v.number()),
    /** The status that its parent's tally has it in, if it has moved since: it is said until it is counted anew. */
    countedAs: v.optional(v.picklist(relationStatuses)),
    createdAtMs: v.number(),
    updatedAtMs: v.number(),
  }),
  // All of the first schema are counted where they stand.
  upgrades: [(row) => row],
});

/** That a relation is in its parent's lists: an entry that stays where it is, whatever becomes of the relation. */
export const listingRow = rowKind({ type: 'listing', shape: v.object({ id: v.number() }) });

/** The relation of a row; throws when the row is malformed, so that damage shows at the edge. */
export function relationOf(row: Row): Relation {
  const { v: version, ...item } = row;
  const { cleanedUp, clearedBy, grants, grantedAtMs, offered, ...relation } = relationRow.read({ ...item, version });
  return {
    ...relation,
    grants: grants.map((grant, index) => ({ ...grant, sinceMs: grantedAtMs[index] ?? 0 })),
    offered: offered?.[0],
    clearedBy: cleanedUp ? relationParties : clearedBy,
  };
}

/**
 * The row of a new relation. What is offered stands in a list of its own, and grants apart from their times, so that a
 * transition can append the one to the other without knowing it.
 */
export function rowOf({ version, offered, deadlineMs, grants, ...relation }: Relation): Row {
  return relationRow.row(relationKey(relation.id), {
    v: version,
    ...relation,
    ...grantsApart(grants),
    ...(offered && { offered: [offered] }),
    ...(deadlineMs !== undefined && { deadlineMs, due: dueShard(relation.id) }),
    gsi1pk: asParent(relation.parentUid),
    gsi2pk: asChild(relation.childUid),
    ...ranks(relation.status, relation.id, relation.policy),
  });
}

/** Where a relation that is settled stands in its parent's index. */
export function placedAs({ id, policy, status }: Relation): { gsi1sk: string } {
  return { gsi1sk: ranks(status, id, policy).gsi1sk };
}

/** The entry of a new relation in its parent's lists. */
export function listingOf({ id, parentUid }: Relation): Row {
  return listingRow.row(listingKey(id), { id, gsi1pk: asParent(parentUid), gsi1sk: listingRank(id) });
}

/** The grants of a row, apart from their times. */
export function grantsApart(grants: readonly Grant[]) {
  return {
    grants: grants.map(({ id, permissions }) => ({ id, permissions })),
    grantedAtMs: grants.map(({ sinceMs }) => sinceMs),
  };
}

/**
 * The index positions of a relation that parties have cleared. Parents look up single children among these children's own, so
 * what only the child has cleared stays there, behind all that it lists.
 */
export function cleared(clearedBy: readonly RelationParty[], id: number): Change {
  const isOfParent = clearedBy.includes('parent');
  const unlisted = ['gsi1pk', 'gsi1sk', 'countedAs'];
  if (!clearedBy.includes('child')) return { remove: unlisted };
  return isOfParent ? { remove: [...unlisted, 'gsi2pk', 'gsi2sk'] } : { set: { gsi2sk: clearedRank(id) } };
}
