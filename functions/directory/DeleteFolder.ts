import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { ownFolderId } from '#lib/products/directory/fields.ts';
import { directory, directoryEnvelope } from '#lib/products/directory/product.ts';
import { deleteFolder } from '#lib/store/directory/folders.ts';

export const app = operation({
  action: 'DeleteFolder',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({ FolderId: ownFolderId }),
  output: v.object({}),
  errors: ['DirectoryUnknown', 'FolderUnknown', 'FolderHasFolders', 'FolderHasMembers'],
  async run({ input: { FolderId }, call, deps }) {
    const directory = await deps.directories.get(call.uid);
    return { output: {}, write: deleteFolder(directory, FolderId, call) };
  },
});
