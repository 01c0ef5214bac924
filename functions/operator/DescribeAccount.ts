import * as v from 'valibot';
import { flatEnvelope } from '#lib/dialects/alibaba/envelopes.ts';
import { accountUid, accountView, relationView } from '#lib/dialects/alibaba/operatorFields.ts';
import { accountViewOf, relationViewOf } from '#lib/dialects/alibaba/operatorViews.ts';
import { operator } from '#lib/dialects/alibaba/products.ts';
import { Refusal } from '#lib/errors.ts';
import { operation } from '#lib/operation.ts';

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
