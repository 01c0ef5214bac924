import * as v from 'valibot';
import { Refusal } from '#lib/errors.ts';
import { operation } from '#lib/operation.ts';
import { checkResult, checkResultViewOf } from '#lib/products/directory/deletions.ts';
import { accountId } from '#lib/products/directory/fields.ts';
import { directory, directoryEnvelope } from '#lib/products/directory/product.ts';
import { getCandidate } from '#lib/store/directory/deletionReadings.ts';

export const app = operation({
  action: 'GetAccountDeletionCheckResult',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'read',
  input: v.object({ AccountId: accountId }),
  output: v.object({ AccountDeletionCheckResultInfo: checkResult }),
  errors: ['DirectoryUnknown', 'MemberUnknown', 'MemberUnfit', 'CheckUnknown'],
  async run({ input: { AccountId }, call, deps }) {
    const { check, member } = await getCandidate(deps.table, call.uid, AccountId);
    if (member.accountType === 'cloud') throw new Refusal('MemberUnfit', {});
    if (check === undefined) throw new Refusal('CheckUnknown', {});
    return { AccountDeletionCheckResultInfo: checkResultViewOf(check) };
  },
});
