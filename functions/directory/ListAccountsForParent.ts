import * as v from 'valibot';
import { folderIn } from '#lib/domain/directory/folders.ts';
import { Refusal } from '#lib/errors.ts';
import { operation } from '#lib/operation.ts';
import { folderId, includeTags, pageNumber, pageSize, queryKeyword, sliceOf } from '#lib/products/directory/fields.ts';
import { directory, directoryEnvelope, resourceManager } from '#lib/products/directory/product.ts';
import { tagFilter } from '#lib/products/directory/tags.ts';
import { accountPage, listedAccountViewOf } from '#lib/products/directory/views.ts';
import { openMembers } from '#lib/store/directory/lists.ts';

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
    const { IncludeTags, PageNumber, PageSize, QueryKeyword, Tag } = input;
    const found = await deps.directories.get(call.uid);
    const { ParentFolderId = found.rootFolderId } = input;
    if (folderIn(found, ParentFolderId) === undefined) throw new Refusal('FolderUnknown', {});
    const filter = { keyword: QueryKeyword, tags: Tag };
    const { members, total } = await openMembers(deps.table).pageIn(ParentFolderId, filter, sliceOf(input));
    const shown = { path: false, tags: IncludeTags };
    const names = await deps.accounts.namesOf(version === resourceManager ? [] : members.map(({ uid }) => uid));
    const Account = members.map((member) => listedAccountViewOf(member, shown, call.nowMs, names));
    return { TotalCount: total, PageNumber, PageSize, Accounts: { Account } };
  },
});
