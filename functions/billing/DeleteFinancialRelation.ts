import * as v from 'valibot';
import { reasonsUnless } from '#lib/domain/relation/reasons.ts';
import { operation } from '#lib/operation.ts';
import { relation, relationId, subAccountId } from '#lib/products/billing/fields.ts';
import { endingErrors } from '#lib/products/billing/operationErrors.ts';
import { acknowledgement, billing } from '#lib/products/billing/product.ts';
import { end } from '#lib/store/relations/ending.ts';

export const app = operation({
  action: 'DeleteFinancialRelation',
  product: billing,
  envelope: acknowledgement,
  access: 'account',
  effect: 'write',
  input: v.object({ SubAccountID: subAccountId, RelationID: relationId, Relation: relation }),
  output: v.object({}),
  errors: [
    'RelationUnknown',
    'RelationOtherwise',
    'CallerNotParent',
    ...reasonsUnless('active'),
    'OrdersOpen',
    'ParentOverdrawn',
    'ChildInArrears',
    'LentCreditSpent',
  ],
  catalogue: endingErrors,
  async run({ input, call }) {
    const named = { childUid: input.SubAccountID, policy: input.Relation };
    return { output: {}, write: end({ relationId: input.RelationID, call, named }) };
  },
});
