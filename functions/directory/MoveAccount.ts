import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { accountId, folderId } from '#lib/products/directory/fields.ts';
import { directory, directoryEnvelope } from '#lib/products/directory/product.ts';
import { move } from '#lib/store/directory/changing.ts';

export const app = operation({
  action: 'MoveAccount',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({ AccountId: accountId, DestinationFolderId: folderId }),
  output: v.object({}),
  errors: ['DirectoryUnknown', 'MemberUnknown', 'MemberUnfit', 'FolderUnknown'],
  async run({ input: { AccountId, DestinationFolderId }, call, deps }) {
    const membership = await deps.directories.getMember(call.uid, AccountId);
    return { output: {}, write: move(membership, DestinationFolderId, call) };
  },
});
