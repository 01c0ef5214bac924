import * as v from 'valibot';
import { Refusal } from '#lib/errors.ts';
import { operation } from '#lib/operation.ts';
import { itemConfiguration, itemConfigurationOf } from '#lib/products/operator/enrolments.ts';
import { accountUid } from '#lib/products/operator/fields.ts';
import { flatEnvelope, operator } from '#lib/products/operator/product.ts';
import { readEnrolled } from '#lib/store/governance/enrolled.ts';

export const app = operation({
  action: 'DescribeAccountConfiguration',
  product: operator,
  envelope: flatEnvelope,
  access: 'operator',
  effect: 'read',
  input: v.object({ Uid: v.pipe(accountUid, v.description('An account that is enrolled.')) }),
  output: v.object({ Uid: v.number(), BaselineId: v.string(), Items: v.array(itemConfiguration) }),
  errors: ['BlueprintUnknown'],
  async run({ input: { Uid }, deps }) {
    const enrolled = await readEnrolled(deps.table, Uid);
    if (enrolled === undefined) throw new Refusal('BlueprintUnknown', {});
    const { configurations, enrolment } = enrolled;
    return { Uid, BaselineId: enrolment.baselineId, Items: configurations.map(itemConfigurationOf) };
  },
});
