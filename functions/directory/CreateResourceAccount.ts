import * as v from 'valibot';
import { newMember } from '#lib/domain/directory/member.ts';
import { Refusal } from '#lib/errors.ts';
import { operation } from '#lib/operation.ts';
import {
  accountId,
  accountNamePrefix,
  displayName,
  folderId,
  resellAccountType,
} from '#lib/products/directory/fields.ts';
import { creationErrorsSinceMaster } from '#lib/products/directory/operationErrors.ts';
import { directory, directoryEnvelope, sinceMaster } from '#lib/products/directory/product.ts';
import { tags, tagsNamed } from '#lib/products/directory/tags.ts';
import { accountOf, createdAccount, toTheMillisecond } from '#lib/products/directory/views.ts';
import { createMember, folderPathTo, freeSeat } from '#lib/store/directory/creating.ts';

export const app = operation({
  action: 'CreateResourceAccount',
  product: directory,
  versions: sinceMaster({ catalogue: creationErrorsSinceMaster }),
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({
    DisplayName: displayName,
    ParentFolderId: v.optional(
      v.pipe(folderId, v.description('Where the member is put; in the root folder if it is not given.')),
    ),
    PayerAccountId: v.optional(
      v.pipe(accountId, v.description('Who pays for it: the management account or a member; itself if not given.')),
    ),
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
    const { AccountNamePrefix, DisplayName, ParentFolderId, PayerAccountId, Tag } = input;
    if (input.ResellAccountType !== 'resell') throw new Refusal('ResellingUnsupported', {});
    const { ids } = deps.ports;
    const { directory, management, payer, seats } = await deps.directories.prospect(call.uid, PayerAccountId);
    const uid = ids.uid();
    const member = newMember(
      {
        uid,
        directory,
        accountType: 'resource',
        displayName: DisplayName,
        folderPath: folderPathTo(directory, ParentFolderId ?? directory.rootFolderId),
        seat: freeSeat(seats, directory, deps.ports.random()),
        tags: tagsNamed(Tag),
      },
      call.nowMs,
    );
    const name = `${AccountNamePrefix ?? ids.alphanumeric(10)}@${directory.id.toLowerCase()}.aliyunid.com`;
    const account = { uid, name, legalName: management.legalName, createdAtMs: call.nowMs };
    const write = createMember(
      {
        member,
        account,
        payer,
        relationId: ids.next(call.nowMs),
        memberQuota: directory.memberQuota,
        nameWas: AccountNamePrefix === undefined ? 'drawn' : 'given',
      },
      call,
    );
    return { output: { Account: accountOf(member, name, call.nowMs, toTheMillisecond) }, write };
  },
});
