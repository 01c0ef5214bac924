import type { Call } from '#lib/call.ts';
import type { Directory } from '#lib/domain/directory/directory.ts';
import { Refusal } from '#lib/errors.ts';
import { directoryEvent, idRowOf, rowOf } from '#lib/store/directory/directories.ts';
import { openFolder, openSeats } from '#lib/store/directory/seats.ts';
import { memberKey } from '#lib/store/keys.ts';
import { Stale, type Write } from '#lib/table/commit.ts';
import { anyOf, equal } from '#lib/table/expressions.ts';
import { absent, check, create } from '#lib/table/items.ts';

/**
 * Enables a directory, empty but for its root folder, with the account that acts as its management account. Refused with
 * `DirectoryExists` if that has one, and with `AccountInDirectory` if it is a member of another; `Stale` if the id was taken.
 */
export function enable(directory: Directory, call: Call): Write {
  const { managementUid, memberQuota, rootFolderId } = directory;
  return [
    create(rowOf(directory), () => new Refusal('DirectoryExists', {})),
    create(idRowOf(directory), () => new Stale()),
    check(
      memberKey(managementUid),
      [anyOf([absent, ...equal({ status: 'left' }, 'past')])],
      () => new Refusal('AccountInDirectory', {}),
    ),
    ...openSeats(managementUid, memberQuota),
    ...openFolder(rootFolderId),
    directoryEvent(directory, 'enable', call),
  ];
}
