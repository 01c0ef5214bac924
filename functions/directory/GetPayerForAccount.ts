import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { accountId } from '#lib/products/directory/fields.ts';
import { directory, directoryEnvelope } from '#lib/products/directory/product.ts';
import { openMembers } from '#lib/store/directory/lists.ts';

export const app = operation({
  action: 'GetPayerForAccount',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'read',
  input: v.object({ AccountId: accountId }),
  // A member that pays for itself has neither (docs/vendors/alibaba-resource-directory.md 13.3).
  output: v.object({ PayerAccountId: v.optional(v.string()), PayerAccountName: v.optional(v.string()) }),
  errors: ['DirectoryUnknown', 'MemberUnknown'],
  async run({ input: { AccountId }, call, deps }) {
    const payer = await openMembers(deps.table).payerOf(call.uid, AccountId, call.nowMs);
    return payer ? { PayerAccountId: String(payer.uid), PayerAccountName: payer.name } : {};
  },
});
