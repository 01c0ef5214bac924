import * as v from 'valibot';
import { planEnrolment, refuseEnrolling } from '#lib/domain/governance/asked.ts';
import { operation } from '#lib/operation.ts';
import { anyBaselineId } from '#lib/products/governance/baselines.ts';
import { batchedAccounts, overrideOf, overrides, uidsIn } from '#lib/products/governance/enrolments.ts';
import { enrollingReasons } from '#lib/products/governance/errors.ts';
import { governance, governanceEnvelope } from '#lib/products/governance/product.ts';
import { scheduleMembers } from '#lib/store/governance/enrolling.ts';
import { readEnrolees } from '#lib/store/governance/enrolmentReadings.ts';

export const app = operation({
  action: 'BatchEnrollAccounts',
  product: governance,
  envelope: governanceEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({ Accounts: batchedAccounts, BaselineItems: overrides, BaselineId: anyBaselineId }),
  output: v.object({}),
  errors: enrollingReasons,
  async run({ input: { Accounts, BaselineId, BaselineItems }, call, deps }) {
    const uids = uidsIn(Accounts);
    const items = BaselineItems.map(overrideOf);
    const { enrolees, ...own } = await readEnrolees(deps.table, call.uid, BaselineId, uids);
    const all = enrolees.map((enrolee) => {
      const planned = planEnrolment(own.baseline, { uid: enrolee.member.uid, items }, enrolee);
      refuseEnrolling(enrolee, call.nowMs);
      return { enrolee, planned };
    });
    return { output: {}, write: scheduleMembers(own, all, call) };
  },
});
