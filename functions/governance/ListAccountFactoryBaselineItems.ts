import * as v from 'valibot';
import { itemKinds } from '#lib/domain/governance/catalogue.ts';
import { nextTokens } from '#lib/nextToken.ts';
import { operation } from '#lib/operation.ts';
import { maxResults, nextToken } from '#lib/products/governance/fields.ts';
import {
  isAskedFor,
  itemKindView,
  itemKindViewOf,
  itemNames,
  itemType,
  itemVersions,
} from '#lib/products/governance/items.ts';
import { governance, governanceEnvelope } from '#lib/products/governance/product.ts';
import { getManaged } from '#lib/store/governance/callers.ts';

export const app = operation({
  action: 'ListAccountFactoryBaselineItems',
  product: governance,
  envelope: governanceEnvelope,
  access: 'account',
  effect: 'read',
  input: v.object({
    Type: v.optional(itemType),
    Names: v.optional(itemNames),
    Versions: v.optional(itemVersions),
    NextToken: v.optional(nextToken),
    MaxResults: v.optional(maxResults, 10),
  }),
  output: v.object({ BaselineItems: v.array(itemKindView), NextToken: v.optional(v.string()) }),
  errors: ['AccountUnverified', 'DirectoryUnknown'],
  async run({ input: { MaxResults, NextToken, ...filter }, call, deps }) {
    const tokens = nextTokens(deps.keyring, call, filter);
    const after = tokens.open(NextToken);
    await getManaged(deps.table, call.uid);
    const found = itemKinds.filter((kind) => isAskedFor(kind, filter));
    const start = found.findIndex(({ name }) => name === after) + 1;
    const page = found.slice(start, start + MaxResults);
    const last = start + MaxResults < found.length ? page.at(-1) : undefined;
    return { BaselineItems: page.map(itemKindViewOf), ...(last && { NextToken: tokens.seal(last.name) }) };
  },
});
