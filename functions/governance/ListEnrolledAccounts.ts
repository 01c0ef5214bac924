import * as v from 'valibot';
import { nextTokens } from '#lib/nextToken.ts';
import { operation } from '#lib/operation.ts';
import { listedEnrolment, listedEnrolmentViewOf } from '#lib/products/governance/enrolmentViews.ts';
import { maxResults, nextToken } from '#lib/products/governance/fields.ts';
import { governance, governanceEnvelope } from '#lib/products/governance/product.ts';
import { pageOfEnrolments } from '#lib/store/governance/enrolmentLists.ts';

export const app = operation({
  action: 'ListEnrolledAccounts',
  product: governance,
  envelope: governanceEnvelope,
  access: 'account',
  effect: 'read',
  input: v.object({ NextToken: v.optional(nextToken), MaxResults: v.optional(maxResults, 10) }),
  output: v.object({ EnrolledAccounts: v.array(listedEnrolment), NextToken: v.optional(v.string()) }),
  errors: ['AccountUnverified', 'DirectoryUnknown'],
  async run({ input: { MaxResults, NextToken }, call, deps }) {
    const tokens = nextTokens(deps.keyring, call, {});
    const after = tokens.open(NextToken);
    const { enrolments, next } = await pageOfEnrolments(deps.table, call.uid, MaxResults, after, call.nowMs);
    return {
      EnrolledAccounts: enrolments.map(listedEnrolmentViewOf),
      ...(next !== undefined && { NextToken: tokens.seal(next) }),
    };
  },
});
