import * as v from 'valibot';
import { isRootUser } from '#lib/call.ts';
import { refuseDeletion } from '#lib/domain/directory/deletable.ts';
import { isUnderWay } from '#lib/domain/directory/deletion.ts';
import { operation } from '#lib/operation.ts';
import { accountId } from '#lib/products/directory/fields.ts';
import { deletionErrors } from '#lib/products/directory/operationErrors.ts';
import { directory, directoryEnvelope } from '#lib/products/directory/product.ts';
import { askCheck } from '#lib/store/directory/askingDeletions.ts';
import { getCandidate } from '#lib/store/directory/deletionReadings.ts';

export const app = operation({
  action: 'CheckAccountDelete',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({ AccountId: accountId }),
  output: v.object({}),
  errors: [
    'DirectoryUnknown',
    'MemberUnknown',
    'MemberUnfit',
    'DeletionForbidden',
    'CallerIsRootUser',
    'MemberLegalNameDiffers',
    'MemberIsCloudAccount',
  ],
  catalogue: deletionErrors,
  async run({ input: { AccountId }, call, deps }) {
    const candidate = await getCandidate(deps.table, call.uid, AccountId);
    refuseDeletion(candidate, isRootUser(call.caller));
    const { check } = candidate;
    // A check that is already under way also answers a second request for one.
    return { output: {}, write: check && isUnderWay(check) ? [] : askCheck(candidate, call) };
  },
});
