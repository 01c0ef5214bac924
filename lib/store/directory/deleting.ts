import type { Call } from '#lib/call.ts';
import type { AccessKey } from '#lib/domain/account.ts';
import type { Deletion } from '#lib/domain/directory/deletion.ts';
import type { Finding } from '#lib/domain/directory/findings.ts';
import { folderIdOf, isPromoting, type MemberEvent } from '#lib/domain/directory/member.ts';
import { Refusal } from '#lib/errors.ts';
import { strikeOff } from '#lib/store/accessKeys.ts';
import { closeAccount } from '#lib/store/accounts.ts';
import type { Move } from '#lib/store/aggregate.ts';
import type { Seen } from '#lib/store/directory/circumstances.ts';
import type { DeletionKind } from '#lib/store/directory/deletions.ts';
import { freeName } from '#lib/store/directory/memberNames.ts';
import { awaitsNothing, type MemberKind, memberAggregate, ownersOf } from '#lib/store/directory/members.ts';
import { leave } from '#lib/store/directory/seats.ts';
import { moveDeletion } from '#lib/store/directory/steps.ts';
import type { Enrolled } from '#lib/store/governance/enrolled.ts';
import { remainsOver } from '#lib/store/governance/enrolmentSteps.ts';
import { forgetEnrolment } from '#lib/store/governance/forgetting.ts';
import { checkClear } from '#lib/store/obstacles.ts';
import { endAsRead } from '#lib/store/relations/ending.ts';
import { closeSlot } from '#lib/store/relations/slots.ts';
import { closeTally } from '#lib/store/relations/tallies.ts';
import { transition } from '#lib/store/transition.ts';
import type { Write } from '#lib/table/commit.ts';
import { equal } from '#lib/table/expressions.ts';

/**
 * A deletion that has passed its check: from now on nothing else is done with the member. Refused with `MemberUnfit` if it has changed;
 * `Stale` if it was enrolled meanwhile.
 */
export function pass(deletion: Deletion, { enrolment }: Pick<Seen, 'enrolment'>, call: Call): Write {
  return [
    ...moveDeletion(deletion, 'pass', call),
    ...moved(deletion, 'beginDeletion', call, {
      conditions: [...equal({ accountType: 'resource' }, 'fit'), awaitsNothing(call)],
      disagreement: (member) =>
        member.accountType !== 'resource' || isPromoting(member, call.now())
          ? new Refusal('MemberUnfit', {})
          : undefined,
    }),
    ...remainsOver(deletion.uid, enrolment, call),
  ];
}

const failures = { checking: 'failCheck', releasing: 'failRelease', removing: 'failRemoval' } as const;

/** A deletion that something stands against; the member stays. */
export function fail(deletion: Deletion, left: readonly Finding[], call: Call): Write {
  const { status } = deletion;
  if (status !== 'checking' && status !== 'releasing' && status !== 'removing') return [];
  const outcome = { change: { set: { findings: left } }, facts: { findings: left.join() } };
  return [
    ...moveDeletion(deletion, failures[status], call, outcome),
    ...(status === 'checking' ? [] : moved(deletion, 'abandonDeletion', call)),
  ];
}

/** Ends the relation by which the management account pays for the member, or has lent to it. Refused as ending it is; `Stale` if it has changed. */
export function release(deletion: Deletion, { relation }: Seen, call: Call): Write {
  const event: DeletionKind['event'] = deletion.status === 'removing' ? 'releaseAgain' : 'release';
  return [...moveDeletion(deletion, event, call), ...(relation ? endAsRead(relation, call) : [])];
}

/**
 * Removes the account with its place, its seat, its names and its enrolment; it can be related to nobody any more. `claimed` are its addresses. Refused
 * for what stands in the account's ledger; `Stale` if anything else is not as it was seen.
 */
export function removeAccount(
  deletion: Deletion,
  { member, slot }: Seen,
  claimed: readonly string[],
  enrolled: Enrolled | undefined,
  call: Call,
): Write {
  if (member === undefined) return [];
  const { displayName, managementUid, seat, uid } = member;
  return [
    ...moveDeletion(deletion, 'remove', call),
    ...moved(deletion, 'delete', call, {
      also: [
        ...leave(managementUid, { uid, seat, folderId: folderIdOf(member) }),
        freeName(managementUid, displayName, String(uid)),
      ],
      facts: { displayName },
    }),
    ...forgetEnrolment(uid, enrolled),
    checkClear(uid, { openOrders: 'OrdersOpen', overdrawn: 'ChildInArrears', arrears: 'ChildInArrears' }),
    ...closeAccount(uid, claimed, call),
    ...closeSlot(uid, slot),
    closeTally(uid),
  ];
}

/** Revokes some of the account's keys; with the last of them the deletion is done. `Stale` if one of them has changed. */
export function revokeKeys(deletion: Deletion, keys: readonly AccessKey[], areLast: boolean, call: Call): Write {
  const event: DeletionKind['event'] = areLast ? 'finish' : 'revoke';
  return [...moveDeletion(deletion, event, call), ...keys.flatMap((key) => strikeOff(key, deletion.uid, call))];
}

function moved(
  { managementUid, uid }: Deletion,
  event: MemberEvent,
  call: Call,
  more: Pick<Move<MemberKind>, 'also' | 'conditions' | 'disagreement' | 'facts'> = {},
): Write {
  return transition(memberAggregate, { ...more, event, id: uid, call, owners: ownersOf({ managementUid, uid }) });
}
