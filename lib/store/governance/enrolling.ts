import type { Call } from '#lib/call.ts';
import type { Member } from '#lib/domain/directory/member.ts';
import { type Enrolee, type Planned, retagged } from '#lib/domain/governance/asked.ts';
import type { Baseline } from '#lib/domain/governance/baseline.ts';
import type { SentTag } from '#lib/domain/governance/effective.ts';
import { type Enrolment, enrolmentMachine, newEnrolment } from '#lib/domain/governance/enrolment.ts';
import { dueEvent } from '#lib/domain/machine.ts';
import { ownersOf } from '#lib/store/directory/members.ts';
import { tag } from '#lib/store/directory/tagging.ts';
import { type OwnBaseline, remainsAsRead } from '#lib/store/governance/baselines.ts';
import { nextStepOf } from '#lib/store/governance/enrolmentSteps.ts';
import { planRowOf, rowOf } from '#lib/store/governance/enrolments.ts';
import { remainsReady } from '#lib/store/governance/factories.ts';
import { comeUnder } from '#lib/store/governance/usage.ts';
import { memberKey } from '#lib/store/keys.ts';
import { eventRecord } from '#lib/store/ledger.ts';
import { dueFrom } from '#lib/store/steps.ts';
import { Stale, type Write } from '#lib/table/commit.ts';
import { equal } from '#lib/table/expressions.ts';
import { absent, check, neverRefused, put } from '#lib/table/items.ts';

/** An enrolment as it is asked for. */
export interface Enrolling {
  readonly enrolee: Enrolee;
  readonly planned: Planned;
  /** The tags that the call gives, if it gives any. */
  readonly tags?: readonly SentTag[] | undefined;
}

/**
 * Enrols an account that is made in the same transaction. Refused with `BaselineUnknown` once the baseline is deleted; `Stale` if the
 * account was enrolled since it was read, if the baseline is no longer as it was, or the account factory no longer ready.
 */
export function enrollNew(own: OwnBaseline, member: Member, planned: Planned, call: Call): Write {
  const enrolling = { enrolee: { member, prior: undefined, priorPlan: undefined }, planned };
  return [...opened(enrolling, own.baseline, 'enroll', call), ...grounded(own, [enrolling], call)];
}

/** Enrols a member, with its tags where they are given. Refused as {@link enrollNew} is; throws `TagQuotaReached`; `Stale` if it is no longer as it was read. */
export function enrollMember(own: OwnBaseline, enrolling: Enrolling, call: Call): Write {
  const { enrolee, tags } = enrolling;
  const { member, priorPlan } = enrolee;
  const before = priorPlan?.inputs.tags ?? [];
  return [
    ...(tags === undefined
      ? [isMember(member)]
      : tag(own.directory, { members: [member] }, 'tagResources', (has) => retagged(has, before, tags), call)),
    ...opened(enrolling, own.baseline, 'enroll', call),
    ...grounded(own, [enrolling], call),
  ];
}

/** Schedules the enrolments of several members, all or none. Refused as {@link enrollMember} is. */
export function scheduleMembers(own: OwnBaseline, all: readonly Enrolling[], call: Call): Write {
  return [
    ...all.flatMap((enrolling) => [
      ...remains(enrolling.enrolee, call),
      ...opened(enrolling, own.baseline, 'schedule', call),
    ]),
    ...grounded(own, all, call),
  ];
}

/**
 * That an account is a member still. If its enrolment before is to be recorded as lapsed, that row alone says so: twenty accounts with both
 * would be more than a transaction bears.
 */
function remains({ member, prior }: Enrolee, { nowMs }: Call): Write {
  return prior && dueEvent(enrolmentMachine, prior, nowMs) ? [] : [isMember(member)];
}

/** An account that has left and joined again is another member. */
function isMember({ joinedAtMs, managementUid, uid }: Member) {
  const asRead = equal({ status: 'joined', managementUid, joinedAtMs }, 'read');
  return check(memberKey(uid), asRead, () => new Stale());
}

/** Has the first steps taken and the accounts counted that come under a baseline, on the ground that was read. */
function grounded({ baseline, directory }: OwnBaseline, all: readonly Enrolling[], call: Call): Write {
  const { id, type } = baseline;
  const uids = all.map(({ enrolee }) => enrolee.member.uid);
  const come = all.filter(({ enrolee: { prior } }) => prior?.baselineId !== id);
  const coming = come.map(({ enrolee }) => enrolee.member.uid);
  return [
    ...(type === 'custom' ? comeUnder(id, coming) : []),
    remainsReady(directory),
    remainsAsRead({ baseline, directory }),
    nextStepOf(uids, call),
  ];
}

function opened(
  { enrolee: { member, prior }, planned: { order, plan } }: Enrolling,
  { id: baselineId, type }: Baseline,
  event: 'enroll' | 'schedule',
  call: Call,
): Write {
  const { managementUid, uid } = member;
  const { nowMs, requestId } = call;
  const asked = { uid, managementUid, baselineId, isCounted: type === 'custom', order, requestId, prior };
  const { from, to } = enrolmentMachine.transitions[event];
  const asRead = prior ? equal({ v: prior.version, requestId: prior.requestId }, 'read') : [absent];
  const row = { ...rowOf(newEnrolment(asked, event, nowMs)), ...dueFrom(uid, call) };
  const owners = ownersOf(member);
  return [
    put(row, asRead, () => new Stale()),
    put(planRowOf({ requestId, uid }, plan), [], neverRefused),
    ...(prior ? lapseOf(prior, call) : []),
    eventRecord({ subject: 'enrolment', id: uid, owners, event, from, to, facts: { baselineId } }, call),
  ];
}

/** The event of what was due of the enrolment before, if nobody has recorded it. */
function lapseOf(prior: Enrolment, call: Call): Write {
  const due = dueEvent(enrolmentMachine, prior, call.nowMs);
  if (due === undefined) return [];
  const { from, to } = enrolmentMachine.transitions[due];
  const lapse = { subject: 'enrolment', id: prior.uid, owners: ownersOf(prior), event: due, from, to };
  return [eventRecord(lapse, { ...call, caller: { kind: 'clock' } })];
}
