import * as v from 'valibot';
import { flatEnvelope } from '#lib/dialects/alibaba/envelopes.ts';
import { accountView, maxResults, nextToken } from '#lib/dialects/alibaba/operatorFields.ts';
import { accountViewOf } from '#lib/dialects/alibaba/operatorViews.ts';
import { operator } from '#lib/dialects/alibaba/products.ts';
import { nextTokens } from '#lib/nextToken.ts';
import { operation } from '#lib/operation.ts';

export const app = operation({
  action: 'ListRegisteredAccounts',
  product: operator,
  envelope: flatEnvelope,
  access: 'operator',
  effect: 'read',
  input: v.object({
    MaxResults: v.optional(maxResults, 20),
    NextToken: v.optional(nextToken),
  }),
  output: v.object({ Accounts: v.array(v.object(accountView)), NextToken: v.optional(v.string()) }),
  errors: [],
  async run({ input, call, deps }) {
    const { MaxResults, NextToken } = input;
    const tokens = nextTokens(deps.keyring, call, {});
    const accounts = await deps.accounts.list(MaxResults, Number(tokens.open(NextToken) ?? 0));
    const last = accounts.length === MaxResults ? accounts.at(-1) : undefined;
    return { Accounts: accounts.map(accountViewOf), ...(last && { NextToken: tokens.seal(String(last.uid)) }) };
  },
});
