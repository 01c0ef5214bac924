import * as v from 'valibot';
import { newRecord } from '#lib/domain/directory/accountRecord.ts';
import { operation } from '#lib/operation.ts';
import { cloudDisplayName, email, payerOfMember, placeOfMember } from '#lib/products/directory/fields.ts';
import { cloudCreationErrors } from '#lib/products/directory/operationErrors.ts';
import { directory, directoryEnvelope, onlyBefore } from '#lib/products/directory/product.ts';
import { pendingAccountViewOf } from '#lib/products/directory/recordViews.ts';
import { recordedAccount } from '#lib/products/directory/views.ts';
import { recordNamed } from '#lib/store/directory/accountRecords.ts';
import { askCreation } from '#lib/store/directory/asking.ts';
import { folderPathTo, freeSeat } from '#lib/store/directory/creating.ts';

export const app = operation({
  action: 'CreateCloudAccount',
  product: directory,
  versions: onlyBefore,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({
    DisplayName: cloudDisplayName,
    ParentFolderId: placeOfMember,
    Email: email,
    PayerAccountId: payerOfMember,
  }),
  output: v.object({ Account: recordedAccount }),
  errors: [
    'DirectoryUnknown',
    'FolderUnknown',
    'MemberQuotaReached',
    'DisplayNameTaken',
    'EmailClaimed',
    'PayerUnknown',
    'PayerOutsideDirectory',
    'LegalNamesDiffer',
    'ParentInTrusteeship',
    'ParentFrozen',
    'ParentOverdrawnAtLinking',
  ],
  catalogue: cloudCreationErrors,
  async run({ input, call, deps }) {
    const { DisplayName: displayName, Email, ParentFolderId, PayerAccountId: payerUid } = input;
    const { keyring, ports } = deps;
    const { directory: own, management, payer, seats } = await deps.directories.prospect(call.uid, payerUid);
    const folderId = ParentFolderId ?? own.rootFolderId;
    folderPathTo(own, folderId);
    freeSeat(seats, own, 0);
    const name = recordNamed(ports.ids.uuid(), keyring.linkToken);
    const uid = ports.ids.uid();
    const creation = { directoryId: own.id, folderId, payerUid };
    const asked = { kind: 'creation', uid, displayName, email: Email, creation } as const;
    const record = newRecord(name, asked, management, call.nowMs);
    const write = askCreation({ record, payer }, { call, wallNowMs: ports.wallNow() });
    return { output: { Account: pendingAccountViewOf(record, call.nowMs) }, write };
  },
});
