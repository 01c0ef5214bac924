import * as v from 'valibot';
import type { Call } from '#lib/call.ts';
import {
  type Enrolment,
  type EnrolmentEvent,
  enrolmentMachine,
  isEnrolling,
} from '#lib/domain/governance/enrolment.ts';
import { REPORT_TTL_MS, restAfter, timedOut } from '#lib/domain/governance/enrolmentFailure.ts';
import { dueEvent } from '#lib/domain/machine.ts';
import type { Move } from '#lib/store/aggregate.ts';
import { ownersOf } from '#lib/store/directory/members.ts';
import { type EnrolmentKind, enrolmentAggregate, enrolmentOf } from '#lib/store/governance/enrolments.ts';
import { enrolmentKey, enrolmentStepKey, enrolmentUidOf } from '#lib/store/keys.ts';
import { STALLED_AFTER_MS, stepOut, takeUp } from '#lib/store/steps.ts';
import { transition } from '#lib/store/transition.ts';
import { Stale, type Write, type WriteItem } from '#lib/table/commit.ts';
import { anyOf, equal } from '#lib/table/expressions.ts';
import { absent, check } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Key } from '#lib/table/table.ts';

/** Says that the next step of some enrolments is to be taken; which, each of them tells. Its insertion wakes the job. */
export const enrolmentStepRow = rowKind({ type: 'enrolmentStep', shape: v.object({ uids: v.array(v.number()) }) });

/** Has the next step taken of the enrolments of some accounts. */
export function nextStepOf(uids: readonly number[], call: Call): WriteItem {
  const [first = 0] = uids;
  return stepOut(enrolmentStepRow, (id) => enrolmentStepKey(first, id), { uids }, call);
}

/** What a move of an enrolment changes and writes beside its status. */
type Moved = Pick<Move<EnrolmentKind>, 'change' | 'also' | 'facts'>;

/**
 * The write of one step of an enrolment. Unless it is over, or waits for a report or a time, the next follows. `Stale` if the enrolment is
 * no longer as it was read.
 */
export function moveEnrolment(enrolment: Enrolment, event: EnrolmentEvent, call: Call, moved: Moved = {}): Write {
  const { attempts, managementUid, requestId, uid, version } = enrolment;
  const { to } = enrolmentMachine.transitions[event];
  const waitsMs =
    to === 'awaiting' ? REPORT_TTL_MS : to === 'resting' ? (restAfter(attempts + 1) ?? 0) : STALLED_AFTER_MS;
  return [
    ...transition(enrolmentAggregate, {
      ...moved,
      event,
      id: uid,
      // A step is taken, and a report is made, for the management account.
      call: { ...call, uid: managementUid },
      owners: ownersOf(enrolment),
      conditions: equal({ v: version, requestId }, 'read'),
      deadlineMs: isEnrolling({ status: to }) ? call.nowMs + waitsMs : undefined,
    }),
    ...(to === 'pending' || to === 'running' ? [nextStepOf([uid], call)] : []),
  ];
}

/** What is due of an enrolment that waits, by the clock; nothing while it does. */
export function lapseEnrolment(enrolment: Enrolment, call: Call): Write {
  const due = dueEvent(enrolmentMachine, enrolment, call.now());
  if (due === undefined) return [];
  const change = due === 'timeOut' ? { change: { set: { failure: timedOut } } } : {};
  return moveEnrolment(enrolment, due, { ...call, caller: { kind: 'clock' } }, change);
}

/**
 * That nothing is under way of an account's enrolment, which was over when it was read, or there was none. If it was over by the clock alone,
 * that is recorded, so that nobody who has read it before puts another in its place. `Stale` if it is no longer as it was read.
 */
export function remainsOver(uid: number, enrolment: Enrolment | undefined, call: Call): Write {
  const lapse = enrolment ? lapseEnrolment(enrolment, call) : [];
  if (lapse.length > 0) return lapse;
  const asRead = enrolment ? equal({ v: enrolment.version, requestId: enrolment.requestId }, 'read') : [absent];
  return [check(enrolmentKey(uid), asRead, () => new Stale())];
}

/**
 * Calls again for a step that has stalled, and lets an enrolment whose wait is over go on or fail. `Stale` if neither is the case.
 */
export function takeUpEnrolment(key: Key, call: Call): Write {
  const taken = (['scheduling', 'pending', 'running'] as const).flatMap((status) => equal({ status }, status));
  const step = nextStepOf([enrolmentUidOf(key)], call);
  return takeUp(key, step, call, [anyOf(taken)], (row) => {
    const write = row ? lapseEnrolment(enrolmentOf(row), call) : [];
    return write.length > 0 ? write : new Stale();
  });
}
