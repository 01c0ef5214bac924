import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { deletionStatus, deletionStatusViewOf } from '#lib/products/directory/deletions.ts';
import { accountId } from '#lib/products/directory/fields.ts';
import { directory, directoryEnvelope } from '#lib/products/directory/product.ts';
import { getDeletion } from '#lib/store/directory/deletionReadings.ts';

export const app = operation({
  action: 'GetAccountDeletionStatus',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'read',
  input: v.object({ AccountId: accountId }),
  output: v.object({ RdAccountDeletionStatus: deletionStatus }),
  errors: ['MemberUnknown', 'CheckUnknown'],
  async run({ input: { AccountId }, call, deps }) {
    return { RdAccountDeletionStatus: deletionStatusViewOf(await getDeletion(deps.table, call.uid, AccountId)) };
  },
});
