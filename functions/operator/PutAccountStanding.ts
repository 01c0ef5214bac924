import * as v from 'valibot';
import { flag, integer } from '#lib/dialects/fields.ts';
import { operation } from '#lib/operation.ts';
import { accountUid, amount, saidOf, standingView } from '#lib/products/operator/fields.ts';
import { flatEnvelope, operator } from '#lib/products/operator/product.ts';
import { standingViewOf } from '#lib/products/operator/views.ts';
import { changeStanding } from '#lib/store/standings.ts';

export const app = operation({
  action: 'PutAccountStanding',
  product: operator,
  envelope: flatEnvelope,
  access: 'operator',
  effect: 'write',
  input: v.object({
    Uid: accountUid,
    AvailableBalance: v.optional(v.pipe(amount, v.description('Minor units, lent credit included; may be negative.'))),
    Arrears: v.optional(v.pipe(integer(0), v.description('Minor units owed on bills.'))),
    OpenOrders: v.optional(v.pipe(integer(0), v.description('How many orders are unfinished.'))),
    Frozen: v.optional(v.pipe(flag, v.description('A frozen account cannot open relations as a parent.'))),
  }),
  output: standingView,
  errors: ['AccountUnknown'],
  target: ({ Uid }) => `account ${Uid}`,
  async run({ input: { Uid, ...input }, call, deps }) {
    const before = await deps.standings.get(Uid);
    const said = saidOf(input);
    return { output: standingViewOf(Uid, { ...before, ...said }), write: changeStanding(Uid, said, before, call) };
  },
});
