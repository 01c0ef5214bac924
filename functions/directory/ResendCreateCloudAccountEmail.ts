import * as v from 'valibot';
import { newRecord, refuseEarlyResend } from '#lib/domain/directory/accountRecord.ts';
import { operation } from '#lib/operation.ts';
import { recordId } from '#lib/products/directory/fields.ts';
import { directory, directoryEnvelope, onlyBefore } from '#lib/products/directory/product.ts';
import { pendingAccountViewOf } from '#lib/products/directory/recordViews.ts';
import { recordedAccount } from '#lib/products/directory/views.ts';
import { recordNamed } from '#lib/store/directory/accountRecords.ts';
import { askAgain } from '#lib/store/directory/asking.ts';
import { getOwnRecord } from '#lib/store/directory/recordReadings.ts';

export const app = operation({
  action: 'ResendCreateCloudAccountEmail',
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
    const { management, record: old } = await getOwnRecord(deps.table, call.uid, RecordId, 'creation');
    refuseEarlyResend(old, call.nowMs);
    const record = newRecord(recordNamed(ports.ids.uuid(), keyring.linkToken), old, management, call.nowMs);
    const write = askAgain(old, record, { call, wallNowMs: ports.wallNow() });
    return { output: { Account: pendingAccountViewOf(record, call.nowMs) }, write };
  },
});
