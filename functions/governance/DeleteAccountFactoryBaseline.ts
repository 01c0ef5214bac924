import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { idNamed, ownBaselineId } from '#lib/products/governance/baselines.ts';
import { governance, governanceEnvelope } from '#lib/products/governance/product.ts';
import { deleteBaseline, getBaseline } from '#lib/store/governance/baselines.ts';

export const app = operation({
  action: 'DeleteAccountFactoryBaseline',
  product: governance,
  envelope: governanceEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({ BaselineId: ownBaselineId }),
  output: v.object({}),
  errors: ['AccountUnverified', 'DirectoryUnknown', 'BaselineUnknown', 'BaselineIsSystem', 'BaselineInUse'],
  async run({ input: { BaselineId }, call, deps }) {
    const own = await getBaseline(deps.table, call.uid, idNamed(BaselineId));
    return { output: {}, write: deleteBaseline(own, call) };
  },
});
