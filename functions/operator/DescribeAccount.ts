import * as v from 'valibot';
import { Refusal } from '#lib/errors.ts';
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
  // `Relation` is the account's live relation as a child, if it has one.
  output: v.object({ ...accountView, Relation: v.optional(relationView) }),
  errors: ['AccountUnknown'],
  async run({ input, call, deps }) {
    const [account, relation] = await Promise.all([
      deps.accounts.find(input.Uid),
      deps.relations.findParentOf(input.Uid, call.nowMs),
    ]);
    if (account === undefined) throw new Refusal('AccountUnknown', { party: 'account', uid: input.Uid });
    return { ...accountViewOf(account), ...(relation && { Relation: relationViewOf(relation) }) };
  },
});
