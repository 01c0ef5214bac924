import * as v from 'valibot';
import { integer } from '#lib/dialects/fields.ts';
import { MOST_FOLDERS, MOST_MEMBERS } from '#lib/domain/directory/directory.ts';
import { operation } from '#lib/operation.ts';
import { accountUid } from '#lib/products/operator/fields.ts';
import { flatEnvelope, operator } from '#lib/products/operator/product.ts';
import { putQuotas } from '#lib/store/directory/folders.ts';

export const app = operation({
  action: 'PutDirectoryQuotas',
  product: operator,
  envelope: flatEnvelope,
  access: 'operator',
  effect: 'write',
  input: v.object({
    Uid: v.pipe(accountUid, v.description('The management account of the directory.')),
    Members: v.optional(
      v.pipe(integer(1, MOST_MEMBERS), v.description('Never fewer than before; as it is if not given.')),
    ),
    Folders: v.optional(
      v.pipe(
        integer(1, MOST_FOLDERS),
        v.description('How many folders it may have, the root folder left out; never fewer than before.'),
      ),
    ),
  }),
  output: v.object({ Uid: v.number(), Members: v.number(), Folders: v.number() }),
  errors: ['DirectoryUnknown', 'QuotaLowered'],
  target: ({ Uid }) => `directory of account ${Uid}`,
  async run({ input: { Folders, Members, Uid }, call, deps }) {
    const directory = await deps.directories.get(Uid);
    const quotas = { memberQuota: Members ?? directory.memberQuota, folderQuota: Folders ?? directory.folderQuota };
    const output = { Uid, Members: quotas.memberQuota, Folders: quotas.folderQuota };
    return { output, write: putQuotas(directory, quotas, call) };
  },
});
