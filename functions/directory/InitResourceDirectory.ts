import * as v from 'valibot';
import { newDirectory } from '#lib/domain/directory/directory.ts';
import { Refusal } from '#lib/errors.ts';
import { operation } from '#lib/operation.ts';
import { newResourceDirectory, resourceDirectoryViewOf } from '#lib/products/directory/directoryViews.ts';
import { directory, directoryEnvelope, onlyBefore } from '#lib/products/directory/product.ts';
import { enable } from '#lib/store/directory/enabling.ts';

export const app = operation({
  action: 'InitResourceDirectory',
  product: directory,
  versions: onlyBefore,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({}),
  output: v.object({ ResourceDirectory: newResourceDirectory }),
  errors: ['AccountUnverified', 'DirectoryExists', 'AccountInDirectory'],
  async run({ call, deps }) {
    const management = await deps.accounts.find(call.uid);
    if (management === undefined || management.legalName === '') throw new Refusal('AccountUnverified', {});
    const { ids } = deps.ports;
    const named = {
      id: `rd-${ids.alphanumeric(6)}`,
      rootFolderId: `r-${ids.alphanumeric(6)}`,
      managementUid: call.uid,
    };
    const enabled = newDirectory(named, call.nowMs);
    return {
      output: { ResourceDirectory: resourceDirectoryViewOf(enabled, management) },
      write: enable(enabled, call),
    };
  },
});
