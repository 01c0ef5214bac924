import * as v from 'valibot';
import { foldersIn, getFolder } from '#lib/domain/directory/folders.ts';
import { areTagged } from '#lib/domain/directory/tags.ts';
import { operation } from '#lib/operation.ts';
import { folderId, isNamedLike, pageNumber, pageSize, queryKeyword } from '#lib/products/directory/fields.ts';
import { folderViewsOf, taggedFolders, taggedFolderViewsOf } from '#lib/products/directory/folders.ts';
import { directory, directoryEnvelope, resourceManager, sinceMaster } from '#lib/products/directory/product.ts';
import { tagFilter } from '#lib/products/directory/tags.ts';

export const app = operation({
  action: 'ListFoldersForParent',
  product: directory,
  versions: sinceMaster({ parameters: ['Tag'] }),
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
    Tag: v.optional(tagFilter, []),
  }),
  output: v.object({ TotalCount: v.number(), PageNumber: v.number(), PageSize: v.number(), Folders: taggedFolders }),
  errors: ['DirectoryUnknown', 'FolderUnknown'],
  async run({ input: { PageNumber, PageSize, ParentFolderId, QueryKeyword, Tag }, version, call, deps }) {
    const directory = await deps.directories.get(call.uid);
    const { id } = getFolder(directory, ParentFolderId ?? directory.rootFolderId);
    const found = foldersIn(directory, id).filter(
      ({ name, tags = {} }) => isNamedLike(name, QueryKeyword) && areTagged(tags, Tag),
    );
    const page = found.slice((PageNumber - 1) * PageSize, PageNumber * PageSize);
    return {
      TotalCount: found.length,
      PageNumber,
      PageSize,
      Folders: version === resourceManager ? folderViewsOf(page) : taggedFolderViewsOf(page),
    };
  },
});
