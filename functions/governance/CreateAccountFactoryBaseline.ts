import * as v from 'valibot';
import { newBaseline, refuseUnknown } from '#lib/domain/governance/baseline.ts';
import { operation } from '#lib/operation.ts';
import { baselineItems, baselineName, description, itemOf } from '#lib/products/governance/baselines.ts';
import { governance, governanceEnvelope } from '#lib/products/governance/product.ts';
import { createBaseline } from '#lib/store/governance/baselines.ts';
import { getManaged } from '#lib/store/governance/callers.ts';

export const app = operation({
  action: 'CreateAccountFactoryBaseline',
  product: governance,
  envelope: governanceEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({
    BaselineName: v.optional(baselineName, ''),
    Description: v.optional(description, ''),
    BaselineItems: v.optional(baselineItems, []),
  }),
  output: v.object({ BaselineId: v.string() }),
  errors: ['AccountUnverified', 'DirectoryUnknown', 'ItemUnknown'],
  async run({ input: { BaselineItems, BaselineName, Description }, call, deps }) {
    const directory = await getManaged(deps.table, call.uid);
    const content = { name: BaselineName, description: Description, items: BaselineItems.map(itemOf) };
    refuseUnknown(content.items);
    const baseline = newBaseline(directory.id, content, deps.ports.ids.alphanumeric(9), call.nowMs);
    return { output: { BaselineId: baseline.id }, write: createBaseline(directory, baseline, call) };
  },
});
