import { type Call, isRootUser } from '#lib/call.ts';
import type { Account } from '#lib/domain/account.ts';
import {
  type AccountType,
  folderIdOf,
  isPromoting,
  type Member,
  type MemberEvent,
  memberMachine,
} from '#lib/domain/directory/member.ts';
import { Refusal } from '#lib/errors.ts';
import { holdsNoRootKey } from '#lib/store/accessKeys.ts';
import type { Move } from '#lib/store/aggregate.ts';
import { folderPathTo } from '#lib/store/directory/creating.ts';
import type { Membership } from '#lib/store/directory/directories.ts';
import { claimName, freeName } from '#lib/store/directory/memberNames.ts';
import { type MemberKind, memberAggregate, ownersOf, soughtAs } from '#lib/store/directory/members.ts';
import { enterFolder, leave, leaveFolder } from '#lib/store/directory/seats.ts';
import type { Enrolled } from '#lib/store/governance/enrolled.ts';
import { forgetEnrolment } from '#lib/store/governance/forgetting.ts';
import { accountKey, membersIn } from '#lib/store/keys.ts';
import { eventRecord, type Facts } from '#lib/store/ledger.ts';
import { transition } from '#lib/store/transition.ts';
import { Stale, type Write, type WriteItem } from '#lib/table/commit.ts';
import { equal, together } from '#lib/table/expressions.ts';
import { check } from '#lib/table/items.ts';

/** What is to become of a member; what is not said stays. */
export interface MemberUpdate {
  readonly displayName?: string | undefined;
  readonly accountType?: AccountType | undefined;
}

/** A member that is updated, and the write by which it is. */
export interface Updated {
  readonly member: Member;
  readonly write: Write;
}

/**
 * Moves a member to another folder; nothing is written if it is there already. Throws `FolderUnknown`, or is refused with it once
 * the folder is deleted; `Stale` if the member is no longer as it was read.
 */
export function move(
  { directory, member }: Pick<Membership, 'directory' | 'member'>,
  folderId: string,
  call: Call,
): Write {
  const folderPath = folderPathTo(directory, folderId);
  const [{ uid }, from] = [member, folderIdOf(member)];
  if (from === folderId) return [];
  return moved(member, 'move', call, {
    change: { set: { folderPath, gsi2pk: membersIn(folderId) } },
    also: [leaveFolder({ uid, folderId: from }), enterFolder({ uid, folderId })],
    facts: { folderIdBefore: from, folderIdAfter: folderId },
  });
}

/**
 * Takes a cloud account out of its directory, and its enrolment with it. Its name, its seat and its place in a folder are free again; who pays for it still
 * does. Refused with `MemberUnfit` for a resource account; `Stale` if the member is no longer as it was read.
 */
export function removeMember(member: Member, enrolled: Enrolled | undefined, call: Call): Write {
  const { displayName, managementUid, seat, uid } = member;
  return moved(member, 'remove', call, {
    also: [
      ...leave(managementUid, { uid, seat, folderId: folderIdOf(member) }),
      freeName(managementUid, displayName, String(uid)),
      ...forgetEnrolment(uid, enrolled),
    ],
    facts: { displayName },
  });
}

/**
 * Renames a member, changes its type, or both; what it is already is no change. Throws `CallerIsRootUser` if its type changes at the
 * call of a root user, and `MemberTypeUnfit` while a promotion is pending. Refused with `DisplayNameTaken`, and with what stands
 * in the way of becoming a resource account; `Stale` if the member is no longer as it was read.
 */
export function updateMember(
  { account, member }: Pick<Membership, 'account' | 'member'>,
  { accountType = member.accountType, displayName = member.displayName }: MemberUpdate,
  call: Call,
): Updated {
  const renaming = displayName === member.displayName ? undefined : rename(member, displayName, call);
  const updated = { ...member, displayName, updatedAtMs: call.nowMs };
  if (accountType === member.accountType) {
    return renaming ? { member: updated, write: moved(member, 'rename', call, renaming) } : { member, write: [] };
  }
  if (isRootUser(call.caller)) throw new Refusal('CallerIsRootUser', {});
  if (isPromoting(member, call.nowMs)) throw new Refusal('MemberTypeUnfit', {});
  const outcome = 'switched';
  const switching = { set: { accountType, outcome }, remove: ['promotion'] };
  const write = moved(member, 'switchType', call, {
    change: together(renaming?.change ?? {}, switching),
    also: [
      ...(renaming ? [...renaming.also, renameRecord(member, renaming.facts, call)] : []),
      ...(accountType === 'resource' ? canBecomeResource(account, member.managementUid) : []),
    ],
    facts: { accountTypeBefore: member.accountType, accountTypeAfter: accountType },
  });
  return { member: { ...updated, accountType, outcome, promotion: undefined }, write };
}

type Renaming = Required<Pick<Move<MemberKind>, 'also' | 'change' | 'facts'>>;

function rename({ displayName: before, managementUid, uid }: Member, displayName: string, call: Call): Renaming {
  return {
    change: { set: { displayName, ...soughtAs(displayName) } },
    also: [claimName(managementUid, displayName, String(uid), call), freeName(managementUid, before, String(uid))],
    facts: { displayNameBefore: before, displayNameAfter: displayName },
  };
}

/** The record of a renaming that is part of another move of the member. */
function renameRecord(member: Member, facts: Facts, call: Call): WriteItem {
  const { from, to } = memberMachine.transitions.rename;
  return eventRecord(
    { subject: 'member', id: member.uid, owners: ownersOf(member), event: 'rename', from, to, facts },
    call,
  );
}

/** What a resource account has to be (docs/vendors/alibaba-resource-directory.md 8.11). */
function canBecomeResource({ legalName, uid }: Account, managementUid: number): Write {
  return [
    check(accountKey(managementUid), equal({ legalName }, 'member'), () => new Refusal('MemberLegalNameDiffers', {})),
    check(accountKey(uid), [...equal({ legalName }, 'read'), { text: 'attribute_exists(#email)' }], (row) =>
      row?.['email'] === undefined ? new Refusal('SecurityContactMissing', {}) : new Stale(),
    ),
    holdsNoRootKey(uid, () => new Refusal('RootKeyInUse', {})),
  ];
}

function moved(
  member: Member,
  event: MemberEvent,
  call: Call,
  move: Pick<Move<MemberKind>, 'also' | 'change' | 'facts'>,
): Write {
  const { joinedAtMs, uid: id, version } = member;
  // The versions of an account that has left and joined again begin at 1 again.
  const conditions = equal({ v: version, joinedAtMs }, 'read');
  return transition(memberAggregate, { ...move, event, id, call, conditions, owners: ownersOf(member) });
}
