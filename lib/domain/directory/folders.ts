declare module '#lib/errors.ts' {
  interface Reasons {
    FolderUnknown: Record<never, never>;
  }
}

/** A folder below the root folder. `createdAtMs` is epoch ms. */
export interface Folder {
  readonly name: string;
  readonly parentId: string;
  readonly createdAtMs: number;
}

/** The folders of a directory by their ids. A folder is never moved, so the ids on the way to it never change. */
export interface FolderTree {
  readonly rootFolderId: string;
  readonly folders: Readonly<Record<string, Folder>>;
  readonly createdAtMs: number;
}

/** A folder with its id, as lists show it. The root folder has no parent. */
export interface Located {
  readonly id: string;
  readonly name: string;
  readonly parentId?: string | undefined;
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

/** How deep a folder is below the root folder, whose own depth is 0. */
export function depthOf(tree: FolderTree, id: string): number {
  return pathTo(tree, id).length - 1;
}
