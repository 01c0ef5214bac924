import * as v from 'valibot';
import { foldersIn, getFolder } from '#lib/domain/directory/folders.ts';
import { operation } from '#lib/operation.ts';
import { folderId, isNamedLike, pageNumber, pageSize, queryKeyword } from '#lib/products/directory/fields.ts';
import { folders, foldersOf } from '#lib/products/directory/folders.ts';
import { directory, directoryEnvelope } from '#lib/products/directory/product.ts';

export const app = operation({
  action: 'ListFoldersForParent',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'read',
  input: v.object({
    ParentFolderId: v.optional(
      v.pipe(folderId, v.description('The folder whose folders are listed; the root folder if it is not given.')),
    ),
    QueryKeyword: v.optional(queryKeyword, ''),
    PageNumber: v.optional(pageNumber, 1),
    PageSize: v.optional(pageSize, 10),
  }),
  output: v.object({ TotalCount: v.number(), PageNumber: v.number(), PageSize: v.number(), Folders: folders }),
  errors: ['DirectoryUnknown', 'FolderUnknown'],
  async run({ input: { PageNumber, PageSize, ParentFolderId, QueryKeyword }, call, deps }) {
    const directory = await deps.directories.get(call.uid);
    const { id } = getFolder(directory, ParentFolderId ?? directory.rootFolderId);
    const found = foldersIn(directory, id).filter(({ name }) => isNamedLike(name, QueryKeyword));
    const page = found.slice((PageNumber - 1) * PageSize, PageNumber * PageSize);
    return { TotalCount: found.length, PageNumber, PageSize, Folders: foldersOf(page) };
  },
});
