import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { fullResourceDirectory, fullResourceDirectoryViewOf } from '#lib/products/directory/directoryViews.ts';
import { directory, directoryEnvelope } from '#lib/products/directory/product.ts';
import { getOwnDirectory } from '#lib/store/directory/ownDirectory.ts';

export const app = operation({
  action: 'GetResourceDirectory',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'read',
  input: v.object({}),
  output: v.object({ ResourceDirectory: fullResourceDirectory }),
  errors: ['NotInDirectory'],
  async run({ version, call, deps }) {
    const { directory, management } = await getOwnDirectory(deps.table, call.uid);
    return { ResourceDirectory: fullResourceDirectoryViewOf(directory, management, version) };
  },
});
