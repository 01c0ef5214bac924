import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { accountUid } from '#lib/products/governance/enrolments.ts';
import { enrolledAccount, enrolledAccountViewOf } from '#lib/products/governance/enrolmentViews.ts';
import { governance, governanceEnvelope } from '#lib/products/governance/product.ts';
import { getEnrolment } from '#lib/store/governance/enrolmentReadings.ts';

export const app = operation({
  action: 'GetEnrolledAccount',
  product: governance,
  envelope: governanceEnvelope,
  access: 'account',
  effect: 'read',
  input: v.object({ AccountUid: accountUid }),
  output: enrolledAccount,
  errors: ['AccountUnverified', 'DirectoryUnknown', 'BlueprintUnknown'],
  async run({ input: { AccountUid }, call, deps }) {
    return enrolledAccountViewOf(await getEnrolment(deps.table, call.uid, AccountUid, call.nowMs));
  },
});
