import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { directory, directoryEnvelope, onlySince } from '#lib/products/directory/product.ts';
import { enablement, enablements } from '#lib/products/directory/vocabulary.ts';
import { putSetting } from '#lib/store/directory/settings.ts';

export const app = operation({
  action: 'SetMemberDisplayNameSyncStatus',
  product: directory,
  versions: onlySince,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({
    Status: v.pipe(
      v.picklist(enablements),
      v.description('Whether members are to be shown the names that they have in the directory.'),
    ),
  }),
  output: v.object({ MemberAccountDisplayNameSyncStatus: v.string() }),
  errors: ['DirectoryUnknown'],
  async run({ input: { Status }, call, deps }) {
    const directory = await deps.directories.get(call.uid);
    const isEnabled = Status === enablement(true);
    const output = { MemberAccountDisplayNameSyncStatus: Status };
    return { output, write: putSetting(directory, 'displayNameSync', isEnabled, call) };
  },
});
