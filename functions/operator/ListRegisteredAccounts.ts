import * as v from 'valibot';
import { nextTokens } from '#lib/nextToken.ts';
import { operation } from '#lib/operation.ts';
import { accountView, maxResults, nextToken } from '#lib/products/operator/fields.ts';
import { flatEnvelope, operator } from '#lib/products/operator/product.ts';
import { accountViewOf } from '#lib/products/operator/views.ts';

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
