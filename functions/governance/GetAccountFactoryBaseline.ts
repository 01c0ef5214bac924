import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { anyBaselineId, fullBaselineView, fullBaselineViewOf } from '#lib/products/governance/baselines.ts';
import { governance, governanceEnvelope } from '#lib/products/governance/product.ts';
import { getBaseline } from '#lib/store/governance/baselines.ts';

export const app = operation({
  action: 'GetAccountFactoryBaseline',
  product: governance,
  envelope: governanceEnvelope,
  access: 'account',
  effect: 'read',
  input: v.object({ BaselineId: anyBaselineId }),
  output: fullBaselineView,
  errors: ['AccountUnverified', 'DirectoryUnknown', 'BaselineUnknown'],
  async run({ input: { BaselineId }, call, deps }) {
    const { baseline } = await getBaseline(deps.table, call.uid, BaselineId);
    return fullBaselineViewOf(baseline);
  },
});
