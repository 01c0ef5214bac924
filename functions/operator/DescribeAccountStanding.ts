import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { accountUid, standingView } from '#lib/products/operator/fields.ts';
import { flatEnvelope, operator } from '#lib/products/operator/product.ts';
import { standingViewOf } from '#lib/products/operator/views.ts';

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
    return standingViewOf(Uid, await deps.standings.getOfAccount(Uid));
  },
});
