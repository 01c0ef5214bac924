import * as v from 'valibot';
import { reasonsUnless } from '#lib/domain/relation/reasons.ts';
import { operation } from '#lib/operation.ts';
import { relationEnvelope, relationNameIn, relationNames, requestId } from '#lib/products/bss/fields.ts';
import { bss } from '#lib/products/bss/product.ts';
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
    const relationId = await deps.relations.idOf(relationNameIn(input), call.uid);
    const named = { parentUid: input.ParentUserId, childUid: input.ChildUserId };
    return { output: { HostId: call.sourceIp }, write: end({ relationId, call, named }) };
  },
});
