import * as v from 'valibot';
import { flatEnvelope } from '#lib/dialects/alibaba/envelopes.ts';
import { accountUid, standingView } from '#lib/dialects/alibaba/operatorFields.ts';
import { standingViewOf } from '#lib/dialects/alibaba/operatorViews.ts';
import { operator } from '#lib/dialects/alibaba/products.ts';
import { Refusal } from '#lib/errors.ts';
import { operation } from '#lib/operation.ts';

export const app = operation({
  action: 'DescribeAccountStanding',
  product: operator,
  envelope: flatEnvelope,
  access: 'operator',
  effect: 'read',
  input: v.object({ Uid: accountUid }),
  output: standingView,
  errors: ['AccountUnknown'],
  async run({ input: { Uid }, deps }) {
    const [account, standing] = await Promise.all([deps.accounts.find(Uid), deps.standings.get(Uid)]);
    if (account === undefined) throw new Refusal('AccountUnknown', { party: 'account', uid: Uid });
    return standingViewOf(Uid, standing);
  },
});
