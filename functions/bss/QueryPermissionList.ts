import * as v from 'valibot';
import { MOST_GRANTS, permissionSpans } from '#lib/domain/relation/permissions.ts';
import { endedAtMs } from '#lib/domain/relation/relation.ts';
import { operation } from '#lib/operation.ts';
import { queryEnvelope, relationId } from '#lib/products/bss/fields.ts';
import { bss } from '#lib/products/bss/product.ts';
import { minuteTime, relationTimesOf } from '#lib/products/bss/views.ts';
import { grantedPermissions } from '#lib/products/bss/vocabulary.ts';

const time = v.optional(v.string());

export const app = operation({
  action: 'QueryPermissionList',
  product: bss,
  envelope: queryEnvelope,
  access: 'account',
  effect: 'read',
  input: v.object({
    RelationId: v.pipe(
      relationId,
      v.description(
        `The relation. Its last ${MOST_GRANTS} sets of permissions are told; those of before count from the first told.`,
      ),
    ),
  }),
  output: v.object({
    MasterId: v.number(),
    MemberId: v.number(),
    RelationType: v.string(),
    State: v.string(),
    SetupTime: time,
    StartTime: time,
    EndTime: time,
    PermissionList: v.array(
      v.object({ PermissionCode: v.string(), PermissionName: v.string(), StartTime: v.string(), EndTime: time }),
    ),
  }),
  errors: ['RelationUnknown'],
  async run({ input, call, deps }) {
    const relation = await deps.relations.getOfParty(input.RelationId, call.uid, call.nowMs);
    const spans = permissionSpans(relation.grants, endedAtMs(relation));
    return {
      MasterId: relation.parentUid,
      MemberId: relation.childUid,
      ...relationTimesOf(relation),
      PermissionList: spans.map(({ permission, startMs, endMs }) => ({
        PermissionCode: grantedPermissions[permission].code,
        PermissionName: grantedPermissions[permission].name,
        StartTime: minuteTime(startMs),
        ...(endMs !== undefined && { EndTime: minuteTime(endMs) }),
      })),
    };
  },
});
