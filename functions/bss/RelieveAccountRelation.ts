import * as v from 'valibot';
import { namedRelation, relationNames, requestId } from '#lib/dialects/alibaba/bssFields.ts';
import { relationEnvelope } from '#lib/dialects/alibaba/envelopes.ts';
import { bss } from '#lib/dialects/alibaba/products.ts';
import { reasonsUnless } from '#lib/domain/refusals.ts';
import { operation } from '#lib/operation.ts';
import { end } from '#lib/store/relations/ending.ts';

export const app = operation({
  action: 'RelieveAccountRelation',
  product: bss,
  envelope: relationEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({ ...relationNames, RequestId: requestId }),
  output: v.object({ HostId: v.string() }),
  errors: [
    'AlternativesMissing',
    'RelationOtherwise',
    'RelationUnknown',
    'CallerNotParent',
    ...reasonsUnless('active'),
    'OrdersOpen',
    'ParentOverdrawn',
    'ChildInArrears',
    'LentCreditSpent',
  ],
  async run({ input, call, deps }) {
    const relationId = await namedRelation(input, deps.relations);
    const named = { parentUid: input.ParentUserId, childUid: input.ChildUserId };
    return { output: { HostId: call.sourceIp }, write: end({ relationId, call, named }) };
  },
});
