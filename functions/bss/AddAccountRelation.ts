import * as v from 'valibot';
import { begin } from '#lib/domain/relation/begin.ts';
import { Refusal } from '#lib/errors.ts';
import { operation } from '#lib/operation.ts';
import {
  childNick,
  childUserId,
  parentUserId,
  permissions,
  relationEnvelope,
  relationType,
  requestId,
  roles,
} from '#lib/products/bss/fields.ts';
import { bss } from '#lib/products/bss/product.ts';
import { open } from '#lib/store/relations/opening.ts';

export const app = operation({
  action: 'AddAccountRelation',
  product: bss,
  envelope: relationEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({
    RelationType: relationType,
    ParentUserId: parentUserId,
    ChildUserId: childUserId,
    RequestId: requestId,
    ChildNick: v.optional(childNick, ''),
    PermissionCodes: v.optional(
      v.pipe(permissions, v.description('Permission codes, as a set; required, or RoleCodes instead, or both.')),
      [],
    ),
    RoleCodes: v.optional(roles, []),
  }),
  output: v.object({ HostId: v.string(), RelationId: v.number() }),
  errors: [
    'AlternativesMissing',
    'CallerNotParent',
    'AccountUnknown',
    'SelfRelation',
    'LegalNamesDiffer',
    'ChildAlreadyRelated',
    'ParentInTrusteeship',
    'ChildHoldsTrusteeships',
    'ParentFrozen',
    'ParentOverdrawnAtLinking',
    'OrdersOpenAtLinking',
    'ChildInArrearsAtLinking',
  ],
  async run({ input, call, deps }) {
    const { ParentUserId, ChildUserId, PermissionCodes, RoleCodes, ChildNick } = input;
    const policy = RoleCodes.length > 0 ? 'trusteeship' : 'management';
    if (policy === 'management' && PermissionCodes.length === 0) {
      throw new Refusal('AlternativesMissing', { alternatives: 'PermissionCodes or RoleCodes' });
    }
    if (call.uid !== ParentUserId) throw new Refusal('CallerNotParent', {});
    const { parent, child, ...prior } = await deps.relations.prospect(ParentUserId, ChildUserId);
    const id = deps.ports.ids.next(call.nowMs);
    const terms = { id, parent, child, policy, permissions: PermissionCodes, nick: ChildNick } as const;
    const write = open({ ...begin(terms, call.nowMs), prior, call });
    return { output: { HostId: call.sourceIp, RelationId: id }, write };
  },
});
