import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { accountUid, accountView, relationView } from '#lib/products/operator/fields.ts';
import { flatEnvelope, operator } from '#lib/products/operator/product.ts';
import { accountViewOf, relationViewOf } from '#lib/products/operator/views.ts';

export const app = operation({
  action: 'DescribeAccount',
  product: operator,
  envelope: flatEnvelope,
  access: 'operator',
  effect: 'read',
  input: v.object({ Uid: accountUid }),
  // `Relation` is the relation in effect that the account is the child of, if any.
  output: v.object({ ...accountView, Relation: v.optional(relationView) }),
  errors: ['AccountUnknown'],
  async run({ input, call, deps }) {
    const { account, relation } = await deps.relations.accountAsChild(input.Uid, call.nowMs);
    return { ...accountViewOf(account), ...(relation && { Relation: relationViewOf(relation) }) };
  },
});
