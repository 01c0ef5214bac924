import * as v from 'valibot';
import { flatEnvelope } from '#lib/dialects/alibaba/envelopes.ts';
import { accountView } from '#lib/dialects/alibaba/operatorFields.ts';
import { accountViewOf } from '#lib/dialects/alibaba/operatorViews.ts';
import { operator } from '#lib/dialects/alibaba/products.ts';
import { integer } from '#lib/dialects/fields.ts';
import { operation } from '#lib/operation.ts';

export const app = operation({
  action: 'ListRegisteredAccounts',
  product: operator,
  envelope: flatEnvelope,
  access: 'operator',
  effect: 'read',
  input: v.object({
    MaxResults: v.optional(v.pipe(integer(1, 100), v.description('Accounts a page, at most 100.')), 20),
    NextToken: v.optional(v.pipe(integer(1), v.description('Where the page before ended.'))),
  }),
  output: v.object({ Accounts: v.array(v.object(accountView)), NextToken: v.optional(v.string()) }),
  errors: [],
  async run({ input, deps }) {
    const { MaxResults, NextToken } = input;
    const accounts = await deps.accounts.list(MaxResults, NextToken);
    const last = accounts.length === MaxResults ? accounts.at(-1) : undefined;
    return { Accounts: accounts.map(accountViewOf), ...(last && { NextToken: String(last.uid) }) };
  },
});
