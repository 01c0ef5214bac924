import * as v from 'valibot';
import { permissions } from '#lib/domain/relation/permissions.ts';
import { policies, type Relation, type RelationStatus, relationStatuses } from '#lib/domain/relation/relation.ts';
import { asChild, asParent, dueShard, relationKey, relationRank } from '#lib/store/keys.ts';
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
    offered: v.optional(v.tuple([offer])),
    lentCredit: v.optional(v.number(), 0),
    cleanedUp: v.optional(v.boolean(), false),
    deadlineMs: v.optional(v.number()),
    createdAtMs: v.number(),
    updatedAtMs: v.number(),
  }),
});

/** The relation of a row; throws when the row is malformed, so that damage shows at the edge. */
export function relationOf(row: Row): Relation {
  const { v: version, ...item } = row;
  const { grants, grantedAtMs, offered, ...relation } = relationRow.read({ ...item, version });
  return {
    ...relation,
    grants: grants.map((grant, index) => ({ ...grant, sinceMs: grantedAtMs[index] ?? 0 })),
    offered: offered?.[0],
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
    grants: grants.map(({ id, permissions }) => ({ id, permissions })),
    grantedAtMs: grants.map(({ sinceMs }) => sinceMs),
    ...(offered && { offered: [offered] }),
    ...(deadlineMs !== undefined && { deadlineMs, due: dueShard(relation.id) }),
    gsi1pk: asParent(relation.parentUid),
    gsi2pk: asChild(relation.childUid),
    ...ranks(relation.status, relation.id),
  });
}

/** The index positions that follow from a relation's status. */
export function ranks(status: RelationStatus, id: number): { gsi1sk: string; gsi2sk: string } {
  const rank = relationRank(status, id);
  return { gsi1sk: rank, gsi2sk: rank };
}
