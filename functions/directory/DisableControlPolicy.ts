import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { directory, directoryEnvelope } from '#lib/products/directory/product.ts';
import { enablement } from '#lib/products/directory/vocabulary.ts';
import { putSetting } from '#lib/store/directory/settings.ts';

export const app = operation({
  action: 'DisableControlPolicy',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({}),
  output: v.object({ EnablementStatus: v.string() }),
  errors: ['DirectoryUnknown'],
  async run({ call, deps }) {
    const directory = await deps.directories.get(call.uid);
    return {
      output: { EnablementStatus: enablement(false) },
      write: putSetting(directory, 'controlPolicy', false, call),
    };
  },
});
