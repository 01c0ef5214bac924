import * as v from 'valibot';
import { refuseUnknown } from '#lib/domain/governance/baseline.ts';
import { operation } from '#lib/operation.ts';
import {
  baselineItems,
  baselineName,
  description,
  idNamed,
  itemOf,
  ownBaselineId,
} from '#lib/products/governance/baselines.ts';
import { governance, governanceEnvelope } from '#lib/products/governance/product.ts';
import { getBaseline, updateBaseline } from '#lib/store/governance/baselines.ts';

export const app = operation({
  action: 'UpdateAccountFactoryBaseline',
  product: governance,
  envelope: governanceEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({
    BaselineId: ownBaselineId,
    BaselineName: v.optional(baselineName),
    Description: v.optional(description),
    BaselineItems: v.optional(baselineItems),
  }),
  // Terraform clears a text by sending it empty, and sends nothing to keep it (docs/vendors/alibaba-governance.md 12.1).
  emptiable: ['BaselineName', 'Description'],
  output: v.object({}),
  errors: ['AccountUnverified', 'DirectoryUnknown', 'BaselineUnknown', 'ItemUnknown'],
  async run({ input: { BaselineId, BaselineItems, BaselineName, Description }, call, deps }) {
    const own = await getBaseline(deps.table, call.uid, idNamed(BaselineId));
    const items = BaselineItems?.map(itemOf);
    refuseUnknown(items ?? []);
    const content = {
      ...(BaselineName !== undefined && { name: BaselineName }),
      ...(Description !== undefined && { description: Description }),
      ...(items && { items }),
    };
    return { output: {}, write: updateBaseline(own, content, call) };
  },
});
