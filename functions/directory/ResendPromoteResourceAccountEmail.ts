import * as v from 'valibot';
import { newRecord, refuseEarlyResend } from '#lib/domain/directory/accountRecord.ts';
import { operation } from '#lib/operation.ts';
import { recordId } from '#lib/products/directory/fields.ts';
import { directory, directoryEnvelope, onlyBefore } from '#lib/products/directory/product.ts';
import { promotingAccountViewOf } from '#lib/products/directory/recordViews.ts';
import { recordedAccount } from '#lib/products/directory/views.ts';
import { recordNamed } from '#lib/store/directory/accountRecords.ts';
import { askAgain } from '#lib/store/directory/asking.ts';
import { getOwnRecord, getPromoted } from '#lib/store/directory/recordReadings.ts';

export const app = operation({
  action: 'ResendPromoteResourceAccountEmail',
  product: directory,
  versions: onlyBefore,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({ RecordId: recordId }),
  output: v.object({ Account: recordedAccount }),
  errors: ['DirectoryUnknown', 'RecordUnknown', 'RecordUnfit', 'MailedRecently'],
  async run({ input: { RecordId }, call, deps }) {
    const { keyring, ports } = deps;
    const { management, record: old } = await getOwnRecord(deps.table, call.uid, RecordId, 'promotion');
    refuseEarlyResend(old, call.nowMs);
    const member = await getPromoted(deps.table, old);
    // It may have been renamed since.
    const undertaking = { ...old, displayName: member.displayName };
    const record = newRecord(recordNamed(ports.ids.uuid(), keyring.linkToken), undertaking, management, call.nowMs);
    const write = askAgain(old, record, { call, wallNowMs: ports.wallNow() });
    return { output: { Account: promotingAccountViewOf(member, record, call.nowMs) }, write };
  },
});
