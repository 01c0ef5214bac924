import * as v from 'valibot';
import { nextTokens } from '#lib/nextToken.ts';
import { operation } from '#lib/operation.ts';
import {
  includeTags,
  maxResults,
  nextToken,
  pageNumber,
  pageSize,
  queryKeyword,
  sliceOf,
} from '#lib/products/directory/fields.ts';
import { directory, directoryEnvelope, resourceManager, sinceMaster } from '#lib/products/directory/product.ts';
import { tagFilter } from '#lib/products/directory/tags.ts';
import { accountPage, listedAccountViewOf } from '#lib/products/directory/views.ts';
import { openMembers, pageAfter } from '#lib/store/directory/lists.ts';
import { pageWithNames } from '#lib/store/directory/memberPages.ts';

export const app = operation({
  action: 'ListAccounts',
  product: directory,
  versions: sinceMaster({ parameters: ['QueryKeyword', 'MaxResults', 'NextToken'] }),
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'read',
  input: v.object({
    PageNumber: v.optional(pageNumber, 1),
    PageSize: v.optional(pageSize, 10),
    Tag: v.optional(tagFilter, []),
    IncludeTags: v.optional(includeTags, false),
    QueryKeyword: v.optional(queryKeyword),
    MaxResults: v.optional(
      v.pipe(maxResults, v.description('Members a page, at most 100: then pages are found by tokens, not by numbers.')),
    ),
    NextToken: v.optional(nextToken),
  }),
  output: accountPage,
  errors: ['DirectoryUnknown'],
  async run({ input, version, call, deps }) {
    const { IncludeTags, MaxResults, NextToken, PageNumber, PageSize, QueryKeyword, Tag } = input;
    const shown = { path: true, tags: IncludeTags };
    const filter = { keyword: QueryKeyword, tags: Tag };
    const tokens = nextTokens(deps.keyring, call, filter);
    const isByToken = MaxResults !== undefined || NextToken !== undefined;
    const after = tokens.open(NextToken);
    const read = async () =>
      isByToken
        ? pageAfter(deps.table, call.uid, filter, after, MaxResults ?? 10)
        : { next: undefined, ...(await openMembers(deps.table).page(call.uid, filter, sliceOf(input))) };
    const isNamed = version !== resourceManager;
    const [{ members, next, total }, names] = await pageWithNames(deps.table, call, input, isNamed, read);
    return {
      TotalCount: total,
      ...(isByToken ? next !== undefined && { NextToken: tokens.seal(next) } : { PageNumber, PageSize }),
      Accounts: { Account: members.map((member) => listedAccountViewOf(member, shown, call.nowMs, names)) },
    };
  },
});
