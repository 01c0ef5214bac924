import * as v from 'valibot';
import { optionalField } from '#lib/dialects/fields.ts';
import { alterPermissions } from '#lib/domain/relation/permissions.ts';
import { reasonsUnless } from '#lib/domain/relation/reasons.ts';
import { permissionsInEffect } from '#lib/domain/relation/relation.ts';
import { operation } from '#lib/operation.ts';
import {
  childNick,
  permissions as permissionCodes,
  relationEnvelope,
  relationNameIn,
  relationNames,
  relationOperation,
  requestId,
  roles,
} from '#lib/products/bss/fields.ts';
import { bss } from '#lib/products/bss/product.ts';
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
    const relationId = await deps.relations.idOf(relationNameIn(input), call.uid);
    const relation = await deps.relations.getOfParty(relationId, call.uid, call.nowMs);
    const named = { parentUid: ParentUserId, childUid: ChildUserId };
    const permissions = alterPermissions(permissionsInEffect(relation), RelationOperation, PermissionCodes);
    const alteration = { permissions, offerId: deps.ports.ids.next(call.nowMs), nick: ChildNick };
    return { output: { HostId: call.sourceIp }, write: alter(relation, alteration, call, named) };
  },
});
