import * as v from 'valibot';
import { actingUid } from '#lib/call.ts';
import {
  childNick,
  namedRelation,
  permissions as permissionCodes,
  relationNames,
  relationOperation,
  requestId,
  roles,
} from '#lib/dialects/alibaba/bssFields.ts';
import { relationEnvelope } from '#lib/dialects/alibaba/envelopes.ts';
import { bss } from '#lib/dialects/alibaba/products.ts';
import { optionalField } from '#lib/dialects/fields.ts';
import { alterPermissions } from '#lib/domain/permissions.ts';
import { reasonsUnless } from '#lib/domain/refusals.ts';
import { permissionsInEffect } from '#lib/domain/relation.ts';
import { operation } from '#lib/operation.ts';
import { alter } from '#lib/store/relations/changes.ts';

export const app = operation({
  action: 'ModifyAccountRelation',
  product: bss,
  envelope: relationEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({
    ...relationNames,
    RelationOperation: relationOperation,
    RequestId: requestId,
    PermissionCodes: v.optional(permissionCodes, []),
    RoleCodes: optionalField(
      roles,
      'Taken and ignored: no operation makes a relation a trusteeship, or ends one being so.',
    ),
    ChildNick: v.optional(childNick),
  }),
  output: v.object({ HostId: v.string() }),
  errors: [
    'AlternativesMissing',
    'RelationOtherwise',
    'RelationUnknown',
    'CallerNotParent',
    ...reasonsUnless('active'),
  ],
  async run({ input, call, deps }) {
    const { ParentUserId, ChildUserId, ChildNick, PermissionCodes, RelationOperation } = input;
    const relationId = await namedRelation(input, deps.relations);
    const relation = await deps.relations.getOfParty(relationId, actingUid(call.caller), call.nowMs);
    const named = { parentUid: ParentUserId, childUid: ChildUserId };
    const permissions = alterPermissions(permissionsInEffect(relation), RelationOperation, PermissionCodes);
    const alteration = { permissions, offerId: deps.ports.ids.next(call.nowMs), nick: ChildNick };
    return { output: { HostId: call.sourceIp }, write: alter(relation, alteration, call, named) };
  },
});
