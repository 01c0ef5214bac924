import * as v from 'valibot';
import { Refusal } from '#lib/errors.ts';
import { operation } from '#lib/operation.ts';
import { accountId, accountType, displayName } from '#lib/products/directory/fields.ts';
import { updateErrors, updateErrorsSinceMaster } from '#lib/products/directory/operationErrors.ts';
import { directory, directoryEnvelope, sinceMaster } from '#lib/products/directory/product.ts';
import { accountViewOf, createdAccount } from '#lib/products/directory/views.ts';
import { toTheMillisecond } from '#lib/products/directory/vocabulary.ts';
import { updateMember } from '#lib/store/directory/changing.ts';

export const app = operation({
  action: 'UpdateAccount',
  product: directory,
  versions: sinceMaster({ catalogue: updateErrorsSinceMaster }),
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'write',
  // The vendor forbids both at once and has no code for it; its own Terraform provider sends both.
  input: v.object({
    AccountId: accountId,
    NewDisplayName: v.optional(displayName),
    NewAccountType: v.optional(accountType),
  }),
  output: v.object({ Account: createdAccount }),
  errors: [
    'DirectoryUnknown',
    'MemberUnknown',
    'DisplayNameTaken',
    'MemberUnfit',
    'MemberChangeMissing',
    'MemberTypeUnfit',
    'MemberLegalNameDiffers',
    'CallerIsRootUser',
    'SecurityContactMissing',
    'RootKeyInUse',
  ],
  catalogue: updateErrors,
  async run({ input: { AccountId, NewAccountType, NewDisplayName }, call, deps }) {
    const membership = await deps.directories.getMember(call.uid, AccountId);
    if (NewDisplayName === undefined && NewAccountType === undefined) throw new Refusal('MemberChangeMissing', {});
    const update = { displayName: NewDisplayName, accountType: NewAccountType };
    const { member, write } = updateMember(membership, update, call);
    const Account = accountViewOf(member, membership.account.name, call.nowMs, toTheMillisecond);
    return { output: { Account }, write };
  },
});
