import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { includeTags, pageNumber, pageSize, sliceOf, tagFilter } from '#lib/products/directory/fields.ts';
import { directory, directoryEnvelope } from '#lib/products/directory/product.ts';
import { accountPage, listedAccountOf } from '#lib/products/directory/views.ts';

export const app = operation({
  action: 'ListAccounts',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'read',
  input: v.object({
    PageNumber: v.optional(pageNumber, 1),
    PageSize: v.optional(pageSize, 10),
    Tag: v.optional(tagFilter, []),
    IncludeTags: v.optional(includeTags, false),
  }),
  output: accountPage,
  errors: ['DirectoryUnknown'],
  async run({ input, call, deps }) {
    const { IncludeTags, PageNumber, PageSize, Tag } = input;
    const { members, total } = await deps.members.page(call.uid, { tags: Tag }, sliceOf(input));
    const shown = { path: true, tags: IncludeTags };
    const Account = members.map((member) => listedAccountOf(member, shown, call.nowMs));
    return { TotalCount: total, PageNumber, PageSize, Accounts: { Account } };
  },
});
