import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { deletionPermission } from '#lib/products/directory/deletions.ts';
import { directory, directoryEnvelope } from '#lib/products/directory/product.ts';
import { memberDeletionNames } from '#lib/products/directory/vocabulary.ts';
import { permitDeletion } from '#lib/store/directory/enabling.ts';

export const app = operation({
  action: 'SetMemberDeletionPermission',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({ Status: deletionPermission }),
  output: v.object({
    ResourceDirectoryId: v.string(),
    ManagementAccountId: v.string(),
    MemberDeletionStatus: v.string(),
  }),
  errors: ['CallerIsMember', 'DirectoryUnknown'],
  async run({ input: { Status }, call, deps }) {
    const directory = await deps.directories.getManaged(call.uid);
    const output = {
      ResourceDirectoryId: directory.id,
      ManagementAccountId: String(call.uid),
      MemberDeletionStatus: memberDeletionNames[Status ? 'permitted' : 'forbidden'],
    };
    return { output, write: permitDeletion(directory, Status, call) };
  },
});
