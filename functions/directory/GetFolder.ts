import * as v from 'valibot';
import { getFolder } from '#lib/domain/directory/folders.ts';
import { operation } from '#lib/operation.ts';
import { folderId } from '#lib/products/directory/fields.ts';
import { fullFolder, fullFolderViewOf } from '#lib/products/directory/folders.ts';
import { directory, directoryEnvelope } from '#lib/products/directory/product.ts';

export const app = operation({
  action: 'GetFolder',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'read',
  input: v.object({ FolderId: folderId }),
  output: v.object({ Folder: fullFolder }),
  errors: ['DirectoryUnknown', 'FolderUnknown'],
  async run({ input: { FolderId }, call, deps }) {
    const directory = await deps.directories.get(call.uid);
    return { Folder: fullFolderViewOf(directory, getFolder(directory, FolderId)) };
  },
});
