import * as v from 'valibot';
import { getFolder, pathTo } from '#lib/domain/directory/folders.ts';
import { operation } from '#lib/operation.ts';
import { folderId } from '#lib/products/directory/fields.ts';
import { folders, folderViewsOf } from '#lib/products/directory/folders.ts';
import { directory, directoryEnvelope } from '#lib/products/directory/product.ts';

export const app = operation({
  action: 'ListAncestors',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'read',
  input: v.object({ ChildId: folderId }),
  output: v.object({ Folders: folders }),
  errors: ['DirectoryUnknown', 'FolderUnknown'],
  async run({ input: { ChildId }, call, deps }) {
    const directory = await deps.directories.get(call.uid);
    const { id } = getFolder(directory, ChildId);
    return { Folders: folderViewsOf(pathTo(directory, id).slice(0, -1)) };
  },
});
