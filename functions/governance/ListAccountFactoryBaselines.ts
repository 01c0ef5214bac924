import * as v from 'valibot';
import { nextTokens } from '#lib/nextToken.ts';
import { operation } from '#lib/operation.ts';
import { baselineView, baselineViewOf } from '#lib/products/governance/baselines.ts';
import { maxResults, nextToken } from '#lib/products/governance/fields.ts';
import { governance, governanceEnvelope } from '#lib/products/governance/product.ts';
import { pageOfBaselines } from '#lib/store/governance/baselineLists.ts';

export const app = operation({
  action: 'ListAccountFactoryBaselines',
  product: governance,
  envelope: governanceEnvelope,
  access: 'account',
  effect: 'read',
  input: v.object({ NextToken: v.optional(nextToken), MaxResults: v.optional(maxResults, 10) }),
  output: v.object({ Baselines: v.array(baselineView), NextToken: v.optional(v.string()) }),
  errors: ['AccountUnverified', 'DirectoryUnknown'],
  async run({ input: { MaxResults, NextToken }, call, deps }) {
    const tokens = nextTokens(deps.keyring, call, {});
    const { baselines, next } = await pageOfBaselines(deps.table, call.uid, MaxResults, tokens.open(NextToken));
    return {
      Baselines: baselines.map(baselineViewOf),
      ...(next !== undefined && { NextToken: tokens.seal(next) }),
    };
  },
});
