import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { folderId, includeTags, pageNumber, pageSize, queryKeyword, sliceOf } from '#lib/products/directory/fields.ts';
import { directory, directoryEnvelope, resourceManager } from '#lib/products/directory/product.ts';
import { tagFilter } from '#lib/products/directory/tags.ts';
import { accountPage, listedAccountViewOf } from '#lib/products/directory/views.ts';
import { pageOfFolder, pageWithNames } from '#lib/store/directory/memberPages.ts';

export const app = operation({
  action: 'ListAccountsForParent',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'read',
  input: v.object({
    ParentFolderId: v.optional(v.pipe(folderId, v.description('The folder; the root folder if it is not given.'))),
    QueryKeyword: v.optional(queryKeyword),
    PageNumber: v.optional(pageNumber, 1),
    PageSize: v.optional(pageSize, 10),
    Tag: v.optional(tagFilter, []),
    IncludeTags: v.optional(includeTags, false),
  }),
  output: accountPage,
  errors: ['DirectoryUnknown', 'FolderUnknown'],
  async run({ input, version, call, deps }) {
    const { IncludeTags, PageNumber, PageSize, ParentFolderId, QueryKeyword, Tag } = input;
    const filter = { keyword: QueryKeyword, tags: Tag };
    const isNamed = version !== resourceManager;
    const [{ members, total }, names] = await pageWithNames(deps.table, call, input, isNamed, () =>
      pageOfFolder(deps.table, call.uid, ParentFolderId, filter, sliceOf(input)),
    );
    const shown = { path: false, tags: IncludeTags };
    const Account = members.map((member) => listedAccountViewOf(member, shown, call.nowMs, names));
    return { TotalCount: total, PageNumber, PageSize, Accounts: { Account } };
  },
});
