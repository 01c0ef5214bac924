import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { folderId, folderName } from '#lib/products/directory/fields.ts';
import { folder, folderViewOf } from '#lib/products/directory/folders.ts';
import { directory, directoryEnvelope, sinceMaster } from '#lib/products/directory/product.ts';
import { tags, tagsNamed } from '#lib/products/directory/tags.ts';
import { createFolder } from '#lib/store/directory/folders.ts';

export const app = operation({
  action: 'CreateFolder',
  product: directory,
  versions: sinceMaster({ parameters: ['Tag'] }),
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({
    ParentFolderId: v.optional(
      v.pipe(folderId, v.description('The folder it is made in; the root folder if it is not given.')),
    ),
    FolderName: folderName,
    Tag: v.optional(tags, []),
  }),
  output: v.object({ Folder: folder }),
  errors: [
    'FolderNameTaken',
    'DirectoryUnknown',
    'FolderUnknown',
    'FolderTooDeep',
    'FolderQuotaReached',
    'TagQuotaReached',
  ],
  async run({ input: { FolderName, ParentFolderId, Tag }, call, deps }) {
    const directory = await deps.directories.get(call.uid);
    const made = {
      id: `fd-${deps.ports.ids.alphanumeric(10)}`,
      name: FolderName,
      parentId: ParentFolderId ?? directory.rootFolderId,
      ...(Tag.length > 0 && { tags: tagsNamed(Tag) }),
      createdAtMs: call.nowMs,
    };
    return { output: { Folder: folderViewOf(made) }, write: createFolder(directory, made, call) };
  },
});
