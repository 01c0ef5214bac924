import * as v from 'valibot';
import { newRecord } from '#lib/domain/directory/accountRecord.ts';
import { operation } from '#lib/operation.ts';
import { accountId, email } from '#lib/products/directory/fields.ts';
import { directory, directoryEnvelope, onlyBefore } from '#lib/products/directory/product.ts';
import { promotingAccountViewOf } from '#lib/products/directory/recordViews.ts';
import { recordedAccount } from '#lib/products/directory/views.ts';
import { recordNamed } from '#lib/store/directory/accountRecords.ts';
import { askPromotion } from '#lib/store/directory/asking.ts';
import { getOwnMember } from '#lib/store/directory/recordReadings.ts';

export const app = operation({
  action: 'PromoteResourceAccount',
  product: directory,
  versions: onlyBefore,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({ AccountId: accountId, Email: email }),
  output: v.object({ Account: recordedAccount }),
  errors: ['DirectoryUnknown', 'MemberUnknown', 'MemberUnfit', 'EmailClaimed'],
  async run({ input: { AccountId, Email }, call, deps }) {
    const { keyring, ports } = deps;
    const { management, member } = await getOwnMember(deps.table, call.uid, AccountId);
    const record = newRecord(
      recordNamed(ports.ids.uuid(), keyring.linkToken),
      { kind: 'promotion', uid: AccountId, displayName: member.displayName, email: Email },
      management,
      call.nowMs,
    );
    const write = askPromotion(record, { call, wallNowMs: ports.wallNow() });
    return { output: { Account: promotingAccountViewOf(member, record, call.nowMs) }, write };
  },
});
