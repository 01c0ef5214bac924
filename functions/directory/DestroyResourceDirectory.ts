import * as v from 'valibot';
import { Refusal } from '#lib/errors.ts';
import { operation } from '#lib/operation.ts';
import { directory, directoryEnvelope } from '#lib/products/directory/product.ts';
import { destroy } from '#lib/store/directory/enabling.ts';
import { openHandshakes } from '#lib/store/directory/handshakeReadings.ts';
import { cancelAll } from '#lib/store/directory/inviting.ts';

export const app = operation({
  action: 'DestroyResourceDirectory',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({}),
  output: v.object({}),
  errors: ['DirectoryUnknown', 'MembersRemain', 'FolderHasFolders'],
  async run({ call, deps }) {
    const [directory, sent] = await Promise.all([
      deps.directories.get(call.uid),
      openHandshakes(deps.table).book(call.uid),
    ]);
    // No code is documented for folders that remain (docs/vendors/alibaba-resource-directory.md 8.23, Q7).
    if (Object.keys(directory.folders).length > 0) throw new Refusal('FolderHasFolders', {});
    const handling = { call, wallNowMs: deps.ports.wallNow() };
    return { output: {}, write: [...destroy(directory, call), ...cancelAll(sent, handling)] };
  },
});
