import type { Call } from '#lib/call.ts';
import type { Account } from '#lib/domain/account.ts';
import type { Directory } from '#lib/domain/directory/directory.ts';
import { pathTo } from '#lib/domain/directory/folders.ts';
import { newMember } from '#lib/domain/directory/joining.ts';
import { folderIdOf, type Member } from '#lib/domain/directory/member.ts';
import { begin } from '#lib/domain/relation/begin.ts';
import { Refusal } from '#lib/errors.ts';
import { accountEvent, register } from '#lib/store/accounts.ts';
import type { MemberProspect, Payer } from '#lib/store/directory/directories.ts';
import { join, remainsOf } from '#lib/store/directory/members.ts';
import { enter, type Seats, seatLeft } from '#lib/store/directory/seats.ts';
import { claimEmail } from '#lib/store/emails.ts';
import { open } from '#lib/store/relations/opening.ts';
import { Stale, type Write } from '#lib/table/commit.ts';

/** An account to be created as a member of a directory. */
export interface Creation {
  readonly member: Member;
  readonly account: Account;
  readonly payer: Payer | undefined;
  /** The id of the relation to the payer. */
  readonly relationId: number;
  readonly memberQuota: number;
  /** Whether its caller chose the account's name. */
  readonly nameWas: 'given' | 'drawn';
}

/** The ids from the root folder to one. Throws `FolderUnknown` if the directory has no such folder. */
export function folderPathTo(directory: Directory, folderId: string): string[] {
  const path = pathTo(directory, folderId).map(({ id }) => id);
  if (path.length === 0) throw new Refusal('FolderUnknown', {});
  return path;
}

/** A seat of the directory that is free. Throws `MemberQuotaReached` if there is none. */
export function freeSeat(seats: Seats, { memberQuota }: Directory, drawn: number): number {
  const seat = seatLeft(seats, memberQuota, drawn);
  if (seat === undefined) throw new Refusal('MemberQuotaReached', {});
  return seat;
}

/** A resource account as its caller wants it. */
export interface WantedResourceAccount {
  readonly displayName: string;
  /** Where it is put, in the root folder unless that is said. */
  readonly folderId: string | undefined;
  /** How its account name begins; drawn unless that is said. */
  readonly namePrefix: string | undefined;
  readonly tags: Member['tags'];
}

/** What has to be drawn for a resource account; `seat` is a number from 0 to below 1. */
export interface Drawn {
  readonly uid: number;
  readonly relationId: number;
  readonly namePrefix: string;
  readonly seat: number;
}

/**
 * A resource account of the company that manages the directory, and the write that creates it as {@link createMember} does. Throws
 * `FolderUnknown` and `MemberQuotaReached`.
 */
export function createResourceAccount(
  { directory, management, payer, seats }: MemberProspect,
  { displayName, folderId, namePrefix, tags }: WantedResourceAccount,
  { relationId, seat, uid, ...drawn }: Drawn,
  call: Call,
): { account: Account; member: Member; write: Write } {
  const name = `${namePrefix ?? drawn.namePrefix}@${directory.id.toLowerCase()}.aliyunid.com`;
  const account = { uid, name, legalName: management.legalName, createdAtMs: call.nowMs };
  const place = {
    folderPath: folderPathTo(directory, folderId ?? directory.rootFolderId),
    seat: freeSeat(seats, directory, seat),
  };
  const member = newMember({ uid, directory, accountType: 'resource', displayName, tags, ...place }, call.nowMs);
  const nameWas = namePrefix === undefined ? 'drawn' : 'given';
  const creation = { member, account, payer, relationId, memberQuota: directory.memberQuota, nameWas } as const;
  return { account, member, write: createMember(creation, call) };
}

/**
 * Creates an account as a member of a directory, and opens the trusteeship by which another pays for it, all in one transaction. Its name
 * has the form of an address and is claimed as one. `Stale` if its uid, or a name that was drawn, was taken; throws and is refused as the
 * opening of that relation is.
 */
export function createMember(creation: Creation, call: Call): Write {
  const { account, member, memberQuota, nameWas, payer, relationId } = creation;
  const { managementUid, seat, uid } = member;
  return [
    ...enter(managementUid, memberQuota, { uid, seat, folderId: folderIdOf(member) }),
    ...register(account, 'drawn'),
    claimEmail(account.name, { uid, nowMs: call.now }, () =>
      nameWas === 'given' ? new Refusal('AccountNameTaken', { accountName: account.name }) : new Stale(),
    ),
    accountEvent(uid, 'register', call),
    ...join(member, 'create', call, () => new Stale()),
    ...(payer ? payFor(managementUid, account, payer, relationId, call) : []),
  ];
}

/** Opens the trusteeship by which a payer pays for an account that is only just made. `Stale` if the payer is not of the directory any more. */
export function payFor(
  managementUid: number,
  child: Account,
  { account: parent, counts, slot }: Payer,
  relationId: number,
  call: Call,
): Write {
  const terms = { id: relationId, parent, child, policy: 'trusteeship', permissions: [], nick: '' } as const;
  const prior = { pair: undefined, childSlot: {}, parentSlot: slot, counts };
  return [...remainsOf(managementUid, parent.uid), ...open({ ...begin(terms, call.nowMs), prior, call })];
}
