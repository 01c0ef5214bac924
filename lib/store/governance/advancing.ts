import type { Call } from '#lib/call.ts';
import type { EnrolledItem } from '#lib/domain/governance/effective.ts';
import type { Enrolment } from '#lib/domain/governance/enrolment.ts';
import { type EnrolmentFailure, restAfter, triedInVain } from '#lib/domain/governance/enrolmentFailure.ts';
import type { Applied } from '#lib/domain/governance/itemKind.ts';
import { type ItemConfiguration, putConfiguration } from '#lib/store/governance/configurations.ts';
import { moveEnrolment } from '#lib/store/governance/enrolmentSteps.ts';
import { leaveFrom } from '#lib/store/governance/usage.ts';
import type { Write } from '#lib/table/commit.ts';

/** Has an enrolment that was scheduled wait its turn. */
export function dispatch(enrolment: Enrolment, call: Call): Write {
  return moveEnrolment(enrolment, 'dispatch', call);
}

/** Begins an enrolment; the account is counted no longer under the baseline of its enrolment before. */
export function begin(enrolment: Enrolment, call: Call): Write {
  const { leaves, uid } = enrolment;
  if (leaves === undefined) return moveEnrolment(enrolment, 'begin', call);
  return moveEnrolment(enrolment, 'begin', call, { change: { remove: ['leaves'] }, also: leaveFrom(leaves, [uid]) });
}

/** Notes that an item was applied, with what it leaves on the account; the enrolment ends with its last. `refused` as in {@link putConfiguration}. */
export function noteApplied(
  enrolment: Enrolment,
  item: EnrolledItem,
  applied: Applied,
  before: ItemConfiguration | undefined,
  call: Call,
  claimRefused: EnrolmentFailure | undefined,
): Write {
  const isLast = enrolment.applied + 1 === enrolment.order.length;
  const refused = () => fail(enrolment, item, claimRefused ?? triedInVain, call);
  return moveEnrolment(enrolment, isLast ? 'finish' : 'apply', call, {
    change: { set: { applied: enrolment.applied + 1, attempts: 0, ...(isLast && { isInitialized: true }) } },
    also: putConfiguration(enrolment.uid, item, applied, before, call, refused),
    facts: { item: item.name },
  });
}

/** Ends an enrolment of which every item was applied. */
export function finish(enrolment: Enrolment, call: Call): Write {
  return moveEnrolment(enrolment, 'finish', call, { change: { set: { isInitialized: true } } });
}

/** Ends an enrolment whose item cannot be applied. */
export function fail(enrolment: Enrolment, item: EnrolledItem, failure: EnrolmentFailure, call: Call): Write {
  return moveEnrolment(enrolment, 'fail', call, failedBy(failure, item));
}

/** Has an item tried again later, or gives it up after as many attempts as it may take. */
export function postpone(enrolment: Enrolment, item: EnrolledItem, failure: EnrolmentFailure, call: Call): Write {
  const attempts = enrolment.attempts + 1;
  if (restAfter(attempts) === undefined) return fail(enrolment, item, failure, call);
  return moveEnrolment(enrolment, 'postpone', call, { change: { set: { attempts } }, facts: { item: item.name } });
}

/** Hands an item over, by an event of the enrolment, to be applied and reported on by somebody else. */
export function handOver(enrolment: Enrolment, { config, name, version }: EnrolledItem, call: Call): Write {
  const facts = { item: name, version, ...(config !== undefined && { config }) };
  return moveEnrolment(enrolment, 'handOver', call, { facts });
}

/** That an enrolment has failed, and for which item. */
export function failedBy({ code, message, product }: EnrolmentFailure, item?: EnrolledItem) {
  return {
    change: { set: { failure: { code, message, product } } },
    facts: { ...(item && { item: item.name }), code },
  };
}
