import * as v from 'valibot';
import { Refusal } from '#lib/errors.ts';
import { operation } from '#lib/operation.ts';
import {
  accountNamePrefix,
  displayName,
  payerOfMember,
  placeOfMember,
  resellAccountType,
} from '#lib/products/directory/fields.ts';
import { creationErrorsSinceMaster } from '#lib/products/directory/operationErrors.ts';
import { directory, directoryEnvelope, sinceMaster } from '#lib/products/directory/product.ts';
import { tags, tagsNamed } from '#lib/products/directory/tags.ts';
import { accountViewOf, createdAccount } from '#lib/products/directory/views.ts';
import { toTheMillisecond } from '#lib/products/directory/vocabulary.ts';
import { createResourceAccount } from '#lib/store/directory/creating.ts';

export const app = operation({
  action: 'CreateResourceAccount',
  product: directory,
  versions: sinceMaster({ catalogue: creationErrorsSinceMaster }),
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({
    DisplayName: displayName,
    ParentFolderId: placeOfMember,
    PayerAccountId: payerOfMember,
    AccountNamePrefix: v.optional(accountNamePrefix),
    Tag: v.optional(tags, []),
    ResellAccountType: v.optional(resellAccountType, 'resell'),
  }),
  output: v.object({ Account: createdAccount }),
  errors: [
    'ResellingUnsupported',
    'DirectoryUnknown',
    'FolderUnknown',
    'MemberQuotaReached',
    'DisplayNameTaken',
    'AccountNameTaken',
    'PayerUnknown',
    'PayerOutsideDirectory',
    'LegalNamesDiffer',
    'ParentInTrusteeship',
    'ParentFrozen',
    'ParentOverdrawnAtLinking',
  ],
  async run({ input, call, deps }) {
    if (input.ResellAccountType !== 'resell') throw new Refusal('ResellingUnsupported', {});
    const { ids, random } = deps.ports;
    const prospect = await deps.directories.prospect(call.uid, input.PayerAccountId);
    const wanted = {
      displayName: input.DisplayName,
      folderId: input.ParentFolderId,
      namePrefix: input.AccountNamePrefix,
      tags: tagsNamed(input.Tag),
    };
    const drawn = {
      uid: ids.uid(),
      relationId: ids.next(call.nowMs),
      namePrefix: ids.alphanumeric(10),
      seat: random(),
    };
    const { account, member, write } = createResourceAccount(prospect, wanted, drawn, call);
    return { output: { Account: accountViewOf(member, account.name, call.nowMs, toTheMillisecond) }, write };
  },
});
