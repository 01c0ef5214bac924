import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { accountId, includeTags } from '#lib/products/directory/fields.ts';
import { directory, directoryEnvelope } from '#lib/products/directory/product.ts';
import { fullAccount, fullAccountOf, tagsOf } from '#lib/products/directory/views.ts';

export const app = operation({
  action: 'GetAccount',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'read',
  input: v.object({ AccountId: accountId, IncludeTags: v.optional(includeTags, false) }),
  output: v.object({ Account: fullAccount }),
  errors: ['DirectoryUnknown', 'MemberUnknown'],
  async run({ input: { AccountId, IncludeTags }, call, deps }) {
    const { account, directory, member } = await deps.directories.getMember(call.uid, AccountId);
    const Account = fullAccountOf(directory, member, account, call.nowMs);
    return { Account: IncludeTags ? { ...Account, Tags: tagsOf(member) } : Account };
  },
});
