import type { Call } from '#lib/call.ts';
import { type Directory, type Quotas, refuseLowered, seatShards } from '#lib/domain/directory/directory.ts';
import { type NewFolder, withFolder, withName, withoutFolder } from '#lib/domain/directory/folders.ts';
import { Refusal } from '#lib/errors.ts';
import { amendDirectory, directoryEvent } from '#lib/store/directory/directories.ts';
import { closeEmpty, occupancyKeys, openFolder, openSeats } from '#lib/store/directory/seats.ts';
import type { Write } from '#lib/table/commit.ts';

/**
 * Makes a folder and opens it for members. Throws `FolderUnknown` for its parent, `FolderNameTaken`, `FolderTooDeep` and
 * `FolderQuotaReached`; `Stale` if the folders have changed since the directory was read, or the id was taken.
 */
export function createFolder(directory: Directory, folder: NewFolder, call: Call): Write {
  const { id, name: folderName, parentId } = folder;
  return [
    amendDirectory(directory, { folders: withFolder(directory, folder, directory.folderQuota) }),
    ...openFolder(id),
    directoryEvent(directory, 'createFolder', call, { folderId: id, folderName, parentFolderId: parentId }),
  ];
}

/** Renames a folder. Throws `FolderUnknown` and `FolderNameTaken`; `Stale` as above. */
export function renameFolder(directory: Directory, id: string, name: string, call: Call): Write {
  return [
    amendDirectory(directory, { folders: withName(directory, id, name) }),
    directoryEvent(directory, 'renameFolder', call, { folderId: id, folderName: name }),
  ];
}

/**
 * Deletes a folder, so that no member can enter it any more. Throws `FolderUnknown` and `FolderHasFolders`; refused with
 * `FolderHasMembers`; `Stale` as above.
 */
export function deleteFolder(directory: Directory, id: string, call: Call): Write {
  return [
    amendDirectory(directory, { folders: withoutFolder(directory, id) }),
    ...closeEmpty(occupancyKeys(id), () => new Refusal('FolderHasMembers', {})),
    directoryEvent(directory, 'deleteFolder', call, { folderId: id }),
  ];
}

/**
 * Puts the quotas of a directory and opens the seats that follow; nothing is written if it has those already. Throws `QuotaLowered`; `Stale`
 * as above.
 */
export function putQuotas(directory: Directory, quotas: Quotas, call: Call): Write {
  refuseLowered(directory, quotas);
  const { folderQuota, managementUid, memberQuota } = directory;
  if (quotas.memberQuota === memberQuota && quotas.folderQuota === folderQuota) return [];
  const facts = {
    memberQuotaBefore: memberQuota,
    memberQuotaAfter: quotas.memberQuota,
    folderQuotaBefore: folderQuota,
    folderQuotaAfter: quotas.folderQuota,
  };
  return [
    amendDirectory(directory, quotas),
    ...openSeats(managementUid, quotas.memberQuota, seatShards(memberQuota)),
    directoryEvent(directory, 'putQuotas', call, facts),
  ];
}
