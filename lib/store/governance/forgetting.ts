import { removeConfiguration } from '#lib/store/governance/configurations.ts';
import type { Enrolled } from '#lib/store/governance/enrolled.ts';
import { leaveFrom } from '#lib/store/governance/usage.ts';
import { enrolmentKey, enrolmentPlanKey } from '#lib/store/keys.ts';
import { Stale, type Write } from '#lib/table/commit.ts';
import { equal } from '#lib/table/expressions.ts';
import { absent, check, neverRefused, remove } from '#lib/table/items.ts';

/**
 * Takes the enrolment of an account, and all that it has left on it, away with the account or its membership. `Stale` if it is no longer as
 * it was read, or has been begun since.
 */
export function forgetEnrolment(uid: number, enrolled: Enrolled | undefined): Write {
  if (enrolled === undefined) return [check(enrolmentKey(uid), [absent], () => new Stale())];
  const { baselineId, isCounted, leaves, requestId, version } = enrolled.enrolment;
  return [
    remove(enrolmentKey(uid), equal({ v: version, requestId }, 'read'), () => new Stale()),
    remove(enrolmentPlanKey(uid), [], neverRefused),
    ...enrolled.configurations.flatMap(removeConfiguration),
    ...(isCounted ? leaveFrom(baselineId, [uid]) : []),
    ...(leaves === undefined ? [] : leaveFrom(leaves, [uid])),
  ];
}
