import { refuseUnbearable, type Tags } from '#lib/domain/directory/tags.ts';
import { Refusal } from '#lib/errors.ts';

declare module '#lib/errors.ts' {
  interface Reasons {
    FolderUnknown: Record<never, never>;
    /** Another folder under the same parent has the name. */
    FolderNameTaken: Record<never, never>;
    FolderTooDeep: Record<never, never>;
    FolderQuotaReached: Record<never, never>;
    FolderHasFolders: Record<never, never>;
    FolderHasMembers: Record<never, never>;
  }
}

/** A folder below the root folder. `createdAtMs` is epoch ms. */
export interface Folder {
  readonly name: string;
  readonly parentId: string;
  readonly tags?: Tags | undefined;
  readonly createdAtMs: number;
}

export type Folders = Readonly<Record<string, Folder>>;

/** A folder that is to be made, with the id it is to have. */
export type NewFolder = Folder & { readonly id: string };

/** The folders of a directory by their ids. A folder is never moved, so the ids on the way to it never change. */
export interface FolderTree {
  readonly rootFolderId: string;
  readonly folders: Folders;
  readonly createdAtMs: number;
}

/** A folder with its id, as lists show it. The root folder has no parent. */
export interface Located {
  readonly id: string;
  readonly name: string;
  readonly parentId?: string | undefined;
  readonly tags?: Tags | undefined;
  readonly createdAtMs: number;
}

/** Folders nest so deep below the root folder (docs/vendors/alibaba-resource-directory.md 4). */
export const MOST_FOLDER_LEVELS = 5;

const ROOT_NAME = 'root';

/** The folder of the id, which may be the root folder; undefined if the tree has none. */
export function folderIn({ createdAtMs, folders, rootFolderId }: FolderTree, id: string): Located | undefined {
  if (id === rootFolderId) return { id, name: ROOT_NAME, createdAtMs };
  const folder = Object.hasOwn(folders, id) ? folders[id] : undefined;
  return folder && { id, ...folder };
}

/** The folders on the way to one, the root folder first and itself last; empty if the tree has no such folder. */
export function pathTo(tree: FolderTree, id: string): Located[] {
  const folder = folderIn(tree, id);
  if (folder === undefined) return [];
  return folder.parentId === undefined ? [folder] : [...pathTo(tree, folder.parentId), folder];
}

/** The folders directly in one, oldest first. */
export function foldersIn({ folders }: FolderTree, parentId: string): Located[] {
  return Object.entries(folders)
    .map(([id, folder]) => ({ id, ...folder }))
    .filter((folder) => folder.parentId === parentId)
    .toSorted((one, other) => one.createdAtMs - other.createdAtMs || (one.id < other.id ? -1 : 1));
}

/** The folder of the id. Throws `FolderUnknown` if the tree has none. */
export function getFolder(tree: FolderTree, id: string): Located {
  const folder = folderIn(tree, id);
  if (folder === undefined) throw new Refusal('FolderUnknown', {});
  return folder;
}

/**
 * The folders with a new one, of at most `quota`. Throws `FolderUnknown` for its parent, `FolderNameTaken`, `FolderTooDeep`,
 * `FolderQuotaReached` and `TagQuotaReached`.
 */
export function withFolder(tree: FolderTree, { id, ...folder }: NewFolder, quota: number): Folders {
  const levels = pathTo(tree, getFolder(tree, folder.parentId).id).length;
  refuseTaken(tree, folder);
  if (levels > MOST_FOLDER_LEVELS) throw new Refusal('FolderTooDeep', {});
  if (Object.keys(tree.folders).length >= quota) throw new Refusal('FolderQuotaReached', {});
  return borne({ ...tree.folders, [id]: folder });
}

/** The folders with other tags on some of them. Throws `FolderUnknown`, `TagQuotaReached`, and what `tagging` does. */
export function withFolderTags(tree: FolderTree, ids: readonly string[], tagging: (tags: Tags) => Tags): Folders {
  const retagged = ids.map((id) => {
    const { tags = {}, ...folder } = ownIn(tree, id);
    return [id, { ...folder, tags: tagging(tags) }] as const;
  });
  return borne({ ...tree.folders, ...Object.fromEntries(retagged) });
}

/** The folders with one of them under another name. Throws `FolderUnknown` and `FolderNameTaken`. */
export function withName(tree: FolderTree, id: string, name: string): Folders {
  const folder = ownIn(tree, id);
  refuseTaken(tree, { ...folder, name }, id);
  return { ...tree.folders, [id]: { ...folder, name } };
}

/** The folders without one of them. Throws `FolderUnknown`, and `FolderHasFolders` if there are any in it. */
export function withoutFolder(tree: FolderTree, id: string): Folders {
  ownIn(tree, id);
  if (foldersIn(tree, id).length > 0) throw new Refusal('FolderHasFolders', {});
  const { [id]: _, ...rest } = tree.folders;
  return rest;
}

/** A folder below the root folder. Throws `FolderUnknown`. */
function ownIn({ folders }: FolderTree, id: string): Folder {
  const folder = Object.hasOwn(folders, id) ? folders[id] : undefined;
  if (folder === undefined) throw new Refusal('FolderUnknown', {});
  return folder;
}

function refuseTaken(tree: FolderTree, { name, parentId }: Folder, itself?: string): void {
  const isTaken = foldersIn(tree, parentId).some((sibling) => sibling.name === name && sibling.id !== itself);
  if (isTaken) throw new Refusal('FolderNameTaken', {});
}

/** The same folders. Throws `TagQuotaReached`. */
function borne(folders: Folders): Folders {
  refuseUnbearable(Object.values(folders).map(({ tags }) => tags));
  return folders;
}
