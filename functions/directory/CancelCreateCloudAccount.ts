import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { recordId } from '#lib/products/directory/fields.ts';
import { directory, directoryEnvelope, onlyBefore } from '#lib/products/directory/product.ts';
import { cancelRecord } from '#lib/store/directory/concluding.ts';
import { getOwnRecord } from '#lib/store/directory/recordReadings.ts';

export const app = operation({
  action: 'CancelCreateCloudAccount',
  product: directory,
  versions: onlyBefore,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({ RecordId: recordId }),
  output: v.object({}),
  errors: ['DirectoryUnknown', 'RecordUnknown', 'RecordUnfit'],
  async run({ input: { RecordId }, call, deps }) {
    const { record } = await getOwnRecord(deps.table, call.uid, RecordId, 'creation');
    return { output: {}, write: cancelRecord(record, call) };
  },
});
