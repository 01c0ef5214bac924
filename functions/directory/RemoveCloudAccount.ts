import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { accountId } from '#lib/products/directory/fields.ts';
import { directory, directoryEnvelope } from '#lib/products/directory/product.ts';
import { removeMember } from '#lib/store/directory/changing.ts';
import { readEnrolled } from '#lib/store/governance/enrolled.ts';

export const app = operation({
  action: 'RemoveCloudAccount',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({ AccountId: accountId }),
  output: v.object({}),
  errors: ['DirectoryUnknown', 'MemberUnknown', 'MemberUnfit'],
  async run({ input: { AccountId }, call, deps }) {
    const [{ member }, enrolled] = await Promise.all([
      deps.directories.getMember(call.uid, AccountId),
      readEnrolled(deps.table, AccountId),
    ]);
    return { output: {}, write: removeMember(member, enrolled, call) };
  },
});
