import * as v from 'valibot';
import { getFolder } from '#lib/domain/directory/folders.ts';
import { operation } from '#lib/operation.ts';
import { folderName, ownFolderId } from '#lib/products/directory/fields.ts';
import { folder, folderViewOf } from '#lib/products/directory/folders.ts';
import { directory, directoryEnvelope } from '#lib/products/directory/product.ts';
import { renameFolder } from '#lib/store/directory/folders.ts';

export const app = operation({
  action: 'UpdateFolder',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({ FolderId: ownFolderId, NewFolderName: folderName }),
  output: v.object({ Folder: folder }),
  errors: ['FolderNameTaken', 'DirectoryUnknown', 'FolderUnknown'],
  async run({ input: { FolderId, NewFolderName }, call, deps }) {
    const directory = await deps.directories.get(call.uid);
    const renamed = { ...getFolder(directory, FolderId), name: NewFolderName };
    return { output: { Folder: folderViewOf(renamed) }, write: renameFolder(directory, FolderId, NewFolderName, call) };
  },
});
