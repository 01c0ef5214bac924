import * as v from 'valibot';
import { flatEnvelope } from '#lib/dialects/alibaba/envelopes.ts';
import { accountUid, amount, standingView } from '#lib/dialects/alibaba/operatorFields.ts';
import { standingViewOf } from '#lib/dialects/alibaba/operatorViews.ts';
import { operator } from '#lib/dialects/alibaba/products.ts';
import { flag, integer } from '#lib/dialects/fields.ts';
import { operation } from '#lib/operation.ts';
import { putStanding } from '#lib/store/standings.ts';

export const app = operation({
  action: 'PutAccountStanding',
  product: operator,
  envelope: flatEnvelope,
  access: 'operator',
  effect: 'write',
  input: v.object({
    Uid: accountUid,
    AvailableBalance: v.optional(
      v.pipe(amount, v.description('Minor units, lent credit included; may be negative.')),
      0,
    ),
    Arrears: v.optional(v.pipe(integer(0), v.description('Minor units owed on bills.')), 0),
    OpenOrders: v.optional(v.pipe(integer(0), v.description('How many orders are unfinished.')), 0),
    Frozen: v.optional(v.pipe(flag, v.description('A frozen account cannot become a parent.')), false),
  }),
  output: standingView,
  errors: ['AccountUnknown'],
  async run({ input }) {
    const { Uid, AvailableBalance, Arrears, OpenOrders, Frozen } = input;
    const standing = { availableBalance: AvailableBalance, arrears: Arrears, openOrders: OpenOrders, frozen: Frozen };
    return { output: standingViewOf(Uid, standing), write: putStanding(Uid, standing) };
  },
});
