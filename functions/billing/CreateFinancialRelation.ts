import * as v from 'valibot';
import { optionalField } from '#lib/dialects/fields.ts';
import { begin } from '#lib/domain/relation/begin.ts';
import { Refusal } from '#lib/errors.ts';
import { operation } from '#lib/operation.ts';
import { alias, authListStr, relation, subAccountId } from '#lib/products/billing/fields.ts';
import { acknowledgement, billing } from '#lib/products/billing/product.ts';
import { open } from '#lib/store/relations/opening.ts';

export const app = operation({
  action: 'CreateFinancialRelation',
  product: billing,
  envelope: acknowledgement,
  access: 'account',
  effect: 'write',
  input: v.object({
    SubAccountID: subAccountId,
    Relation: relation,
    AccountAlias: v.optional(alias, ''),
    AuthListStr: optionalField(authListStr, 'Required with Relation 4; of no use with 1.'),
  }),
  output: v.object({}),
  errors: [
    'AccountUnknown',
    'SelfRelation',
    'LegalNamesDiffer',
    'ChildAlreadyRelated',
    'AliasTaken',
    'ParentInTrusteeship',
    'ChildHoldsTrusteeships',
    'ParentFrozen',
    'ParentOverdrawnAtLinking',
    'OrdersOpenAtLinking',
    'ChildInArrearsAtLinking',
  ],
  async run({ input, call, deps }) {
    const { AccountAlias, AuthListStr = [], Relation: policy, SubAccountID } = input;
    if (policy === 'management' && AuthListStr.length === 0) {
      throw new Refusal('ParameterMissing', { parameter: 'AuthListStr' });
    }
    const { parent, child, ...prior } = await deps.relations.prospect(call.uid, SubAccountID, AccountAlias);
    const id = deps.ports.ids.next(call.nowMs);
    // A trusteeship has no list of permissions: it includes all of them.
    const permissions = policy === 'management' ? AuthListStr : [];
    const begun = begin({ id, parent, child, policy, permissions, nick: AccountAlias }, call.nowMs);
    return { output: {}, write: open({ ...begun, prior, call, claimsAlias: AccountAlias !== '' }) };
  },
});
