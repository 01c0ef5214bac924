import * as v from 'valibot';
import { actingUid } from '#lib/call.ts';
import {
  childNick,
  namedRelation,
  permissions,
  relationNames,
  relationOperation,
  requestId,
  roles,
} from '#lib/dialects/alibaba/bssFields.ts';
import { relationEnvelope } from '#lib/dialects/alibaba/envelopes.ts';
import { bss } from '#lib/dialects/alibaba/products.ts';
import { operation } from '#lib/operation.ts';
import { alter } from '#lib/store/relationChanges.ts';

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
    PermissionCodes: v.optional(permissions, []),
    // Accepted and ignored: no operation changes the policy of a relation.
    RoleCodes: v.optional(roles),
    ChildNick: v.optional(childNick),
  }),
  output: v.object({ HostId: v.string() }),
  errors: [
    'AlternativesMissing',
    'ParametersDisagree',
    'RelationUnknown',
    'CallerNotParent',
    'RelationInviting',
    'RelationChanging',
    'RelationDeclined',
    'RelationWithdrawn',
    'RelationExpired',
    'RelationEnded',
  ],
  async run({ input, call, deps }) {
    const { ParentUserId, ChildUserId, ChildNick, PermissionCodes, RelationOperation } = input;
    const relationId = await namedRelation(input, deps.relations);
    const relation = await deps.relations.getOfParty(relationId, actingUid(call.caller), call.nowMs);
    const named = { parentUid: ParentUserId, childUid: ChildUserId };
    const alteration = { operation: RelationOperation, permissions: PermissionCodes, nick: ChildNick };
    return { output: { HostId: call.sourceIp }, write: alter(relation, alteration, call, named) };
  },
});
