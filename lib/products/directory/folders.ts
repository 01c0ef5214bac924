import * as v from 'valibot';
import type { Directory } from '#lib/domain/directory/directory.ts';
import { type Located, pathTo } from '#lib/domain/directory/folders.ts';
import { tag, tagsOf } from '#lib/products/directory/views.ts';
import { toTheMillisecond } from '#lib/products/directory/vocabulary.ts';

const listed = { FolderId: v.string(), FolderName: v.string(), CreateTime: v.string() };

/** A folder, in the columns of docs/vendors/alibaba-resource-directory.md 7.3. The root folder has no parent. */
export const folder = v.object({ ...listed, ParentFolderId: v.optional(v.string()) });
export const fullFolder = v.object({ ...folder.entries, ResourceDirectoryPath: v.string() });
/** A list is there when it is empty, too: clients count on it (docs/vendors/alibaba-resource-directory.md 13.20). */
export const folders = v.object({ Folder: v.array(v.object(listed)) });

/** The same with their tags, which only the later version shows. */
export const taggedFolders = v.object({
  Folder: v.array(v.object({ ...listed, Tags: v.optional(v.object({ Tag: v.array(tag) })) })),
});

export function folderViewOf({ parentId, ...located }: Located) {
  return { ...listedOf(located), ...(parentId !== undefined && { ParentFolderId: parentId }) };
}

/** A folder with the ids on the way to it, its directory's first. */
export function fullFolderViewOf(directory: Directory, located: Located) {
  const ids = pathTo(directory, located.id).map(({ id }) => id);
  return { ...folderViewOf(located), ResourceDirectoryPath: [directory.id, ...ids].join('/') };
}

export function folderViewsOf(located: readonly Located[]) {
  return { Folder: located.map(listedOf) };
}

export function taggedFolderViewsOf(located: readonly Located[]) {
  return { Folder: located.map((folder) => ({ ...listedOf(folder), Tags: { Tag: tagsOf(folder) } })) };
}

function listedOf({ createdAtMs, id, name }: Located) {
  return { FolderId: id, FolderName: name, CreateTime: toTheMillisecond(createdAtMs) };
}
