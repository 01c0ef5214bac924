import type { Call } from '#lib/call.ts';
import type { Account } from '#lib/domain/account.ts';
import { type Directory, seatShards } from '#lib/domain/directory/directory.ts';
import type { Member } from '#lib/domain/directory/member.ts';
import { Refusal } from '#lib/errors.ts';
import { accountEvent, register } from '#lib/store/accounts.ts';
import { amendDirectory, directoryEvent, idRowOf, rowOf } from '#lib/store/directory/directories.ts';
import { join } from '#lib/store/directory/members.ts';
import { closeEmpty, occupancyKeys, openFolder, openSeats, seatsKeys } from '#lib/store/directory/seats.ts';
import { claimEmail } from '#lib/store/emails.ts';
import { directoryIdKey, directoryKey, memberKey } from '#lib/store/keys.ts';
import { Stale, type Write } from '#lib/table/commit.ts';
import { anyOf, equal } from '#lib/table/expressions.ts';
import { absent, check, create, neverRefused, remove } from '#lib/table/items.ts';
import { latestMs } from '#lib/table/requests.ts';

/**
 * Enables a directory, empty but for its root folder, with the account that acts as its management account. Refused with
 * `DirectoryExists` if that has one, and with `AccountInDirectory` if it is a member of another; `Stale` if the id was taken.
 */
export function enable(directory: Directory, call: Call): Write {
  return [
    create(rowOf(directory), () => new Refusal('DirectoryExists', {})),
    check(
      memberKey(directory.managementUid),
      [anyOf([absent, ...equal({ status: 'left' }, 'past')])],
      () => new Refusal('AccountInDirectory', {}),
    ),
    ...opened(directory, call),
  ];
}

/**
 * Enables a directory with an account that is only just made as its management account. Who asks for that is its first member. Refused
 * as {@link enable} is, and with `ManagementNameTaken`; `Stale` if the id or the uid was taken. `refuseAt` throws why
 * it is too late at a time, epoch ms.
 */
export function enableAnew(
  directory: Directory,
  management: Account,
  founder: Member,
  call: Call,
  refuseAt: (nowMs: number) => void,
): Write {
  // The time until which that may be asked for is in no row, so it is compared as the write is sent.
  const inTime = () => {
    const nowMs = call.now();
    refuseAt(latestMs(nowMs));
    return nowMs;
  };
  const { name, uid } = management;
  return [
    check(directoryKey(founder.uid), [absent], () => new Refusal('DirectoryExists', {})),
    ...join(founder, 'found', call, () => new Refusal('AccountInDirectory', {})),
    claimEmail(name, { uid, nowMs: inTime }, () => new Refusal('ManagementNameTaken', {})),
    ...register(management, 'drawn'),
    accountEvent(uid, 'register', call),
    create(rowOf(directory), () => new Stale()),
    ...opened(directory, call, founder),
  ];
}

/**
 * Ends a directory that has no folder but its root folder, with all its rows. Refused with `MembersRemain` while it has members; `Stale`
 * if it is no longer as it was read.
 */
export function destroy(directory: Directory, call: Call): Write {
  const { id, managementUid, memberQuota, rootFolderId, version } = directory;
  const counted = [...seatsKeys(managementUid).slice(0, seatShards(memberQuota)), ...occupancyKeys(rootFolderId)];
  return [
    remove(directoryKey(managementUid), equal({ id, v: version }, 'read'), () => new Stale()),
    ...closeEmpty(counted, () => new Refusal('MembersRemain', {})),
    remove(directoryIdKey(id), [], neverRefused),
    directoryEvent(directory, 'destroy', call),
  ];
}

/** Permits that members of a directory are deleted, or forbids it; nothing is written where that is so already. `Stale` if it has changed. */
export function permitDeletion(directory: Directory, permitsDeletion: boolean, call: Call): Write {
  if (directory.permitsDeletion === permitsDeletion) return [];
  const event = permitsDeletion ? 'permitDeletion' : 'forbidDeletion';
  return [amendDirectory(directory, { permitsDeletion }), directoryEvent(directory, event, call)];
}

function opened(directory: Directory, call: Call, first?: Member): Write {
  const { managementUid, memberQuota, rootFolderId } = directory;
  return [
    create(idRowOf(directory), () => new Stale()),
    ...openSeats(managementUid, memberQuota, 0, first),
    ...openFolder(rootFolderId, first),
    directoryEvent(directory, 'enable', call),
  ];
}
