import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { accountUid, amount, standingView } from '#lib/products/operator/fields.ts';
import { flatEnvelope, operator } from '#lib/products/operator/product.ts';
import { standingViewOf } from '#lib/products/operator/views.ts';
import { allocateCredit } from '#lib/store/relations/amendments.ts';

export const app = operation({
  action: 'AllocateCredit',
  product: operator,
  envelope: flatEnvelope,
  access: 'operator',
  effect: 'write',
  input: v.object({
    ParentUid: accountUid,
    ChildUid: accountUid,
    Amount: v.pipe(amount, v.notValue(0), v.description('Minor units lent to the child; negative takes back.')),
  }),
  output: v.object({ Parent: standingView, Child: standingView, LentCredit: v.number() }),
  errors: ['RelationUnknown', 'RelationNotManagement', 'CreditNotShared', 'CreditBeyondBalance', 'CreditBeyondLent'],
  target: ({ ParentUid, ChildUid }) => `account ${ParentUid}, account ${ChildUid}`,
  async run({ input, call, deps }) {
    const { ParentUid, ChildUid, Amount } = input;
    const parties = { parentUid: ParentUid, childUid: ChildUid };
    const found = await deps.relations.getWithStandings(parties, call.nowMs);
    const lent = allocateCredit({ ...found, amount: Amount }, call);
    const output = {
      Parent: standingViewOf(ParentUid, lent.parent),
      Child: standingViewOf(ChildUid, lent.child),
      LentCredit: lent.lentCredit,
    };
    return { output, write: lent.write };
  },
});
