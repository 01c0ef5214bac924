import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { accountId, includeTags } from '#lib/products/directory/fields.ts';
import { directory, directoryEnvelope, resourceManager } from '#lib/products/directory/product.ts';
import { fullAccount, fullAccountViewOf, tagsOf } from '#lib/products/directory/views.ts';

export const app = operation({
  action: 'GetAccount',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'read',
  input: v.object({ AccountId: accountId, IncludeTags: v.optional(includeTags, false) }),
  output: v.object({ Account: fullAccount }),
  errors: ['DirectoryUnknown', 'MemberUnknown'],
  async run({ input: { AccountId, IncludeTags }, version, call, deps }) {
    const { account, directory, member } = await deps.directories.getMember(call.uid, AccountId);
    const Account = {
      ...fullAccountViewOf(directory, member, account, call.nowMs),
      // Accounts of this service have no telephone.
      ...(version !== resourceManager && { HasSecureMobilePhone: false }),
      ...(IncludeTags && { Tags: tagsOf(member) }),
    };
    return { Account };
  },
});
