import * as v from 'valibot';
import { permissions } from '#lib/domain/permissions.ts';
import { policies, type Relation, type RelationStatus, relationStatuses } from '#lib/domain/relation.ts';
import { asChild, asParent, dueShard, relationKey, relationRank } from '#lib/store/keys.ts';
import type { Row } from '#lib/store/table.ts';

const permissionList = v.array(v.picklist(permissions));

const relationSchema = v.object({
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
  grants: v.array(v.object({ sinceMs: v.number(), permissions: permissionList })),
  offered: v.optional(permissionList),
  deadlineMs: v.optional(v.number()),
  createdAtMs: v.number(),
  updatedAtMs: v.number(),
});

/** The relation of a row; throws when the row is malformed, so that damage shows at the edge. */
export function relationOf(row: Row): Relation {
  const { v: version, ...item } = row;
  return v.parse(relationSchema, { ...item, version });
}

/** The row of a new relation. */
export function rowOf({ version, offered, deadlineMs, ...relation }: Relation): Row {
  return {
    ...relationKey(relation.id),
    type: 'relation',
    v: version,
    ...relation,
    ...(offered && { offered }),
    ...(deadlineMs !== undefined && { deadlineMs, due: dueShard(relation.id) }),
    gsi1pk: asParent(relation.parentUid),
    gsi2pk: asChild(relation.childUid),
    ...ranks(relation.status, relation.id),
  };
}

/** The index positions that follow from a relation's status. */
export function ranks(status: RelationStatus, id: number): { gsi1sk: string; gsi2sk: string } {
  const rank = relationRank(status, id);
  return { gsi1sk: rank, gsi2sk: rank };
}
