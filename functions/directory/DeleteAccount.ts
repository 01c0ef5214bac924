import * as v from 'valibot';
import { isRootUser } from '#lib/call.ts';
import { refuseDeletion, refuseSecond } from '#lib/domain/directory/deletable.ts';
import { Refusal } from '#lib/errors.ts';
import { operation } from '#lib/operation.ts';
import { abandonableCheckIds, DELETED_AT_ONCE } from '#lib/products/directory/deletions.ts';
import { accountId } from '#lib/products/directory/fields.ts';
import { deletionErrors, deletionErrorsSinceMaster } from '#lib/products/directory/operationErrors.ts';
import { directory, directoryEnvelope, sinceMaster } from '#lib/products/directory/product.ts';
import { askDeletion } from '#lib/store/directory/askingDeletions.ts';
import { getPaidCandidate } from '#lib/store/directory/deletionReadings.ts';

export const app = operation({
  action: 'DeleteAccount',
  product: directory,
  versions: sinceMaster({ catalogue: deletionErrorsSinceMaster }),
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({ AccountId: accountId, AbandonableCheckId: v.optional(abandonableCheckIds, []) }),
  output: v.object({ DeletionType: v.string() }),
  errors: [
    'DirectoryUnknown',
    'MemberUnknown',
    'MemberGone',
    'DeletionForbidden',
    'CallerIsRootUser',
    'MemberLegalNameDiffers',
    'MemberIsCloudAccount',
    'MemberPaidByAnother',
    'CheckRunning',
    'DeletionChecking',
    'DeletionRunning',
  ],
  catalogue: deletionErrors,
  async run({ input: { AbandonableCheckId, AccountId }, call, deps }) {
    const candidate = await getPaidCandidate(deps.table, call.uid, AccountId, call.nowMs);
    refuseSecond(candidate);
    refuseDeletion(candidate, isRootUser(call.caller));
    if (candidate.isPaidByAnother) throw new Refusal('MemberPaidByAnother', {});
    return {
      output: { DeletionType: DELETED_AT_ONCE },
      write: askDeletion(candidate, AbandonableCheckId, call),
    };
  },
});
