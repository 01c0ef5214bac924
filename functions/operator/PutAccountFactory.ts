import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { accountUid, factoryStatus, factoryStatusNames } from '#lib/products/operator/fields.ts';
import { flatEnvelope, operator } from '#lib/products/operator/product.ts';
import { getFactory, putFactory } from '#lib/store/governance/factories.ts';

export const app = operation({
  action: 'PutAccountFactory',
  product: operator,
  envelope: flatEnvelope,
  access: 'operator',
  effect: 'write',
  input: v.object({
    Uid: v.pipe(accountUid, v.description('The management account of the directory.')),
    Status: factoryStatus,
  }),
  output: v.object({ Uid: v.number(), Status: v.string() }),
  errors: ['DirectoryUnknown'],
  target: ({ Uid }) => `account factory of account ${Uid}`,
  async run({ input: { Status, Uid }, call, deps }) {
    const factory = await getFactory(deps.table, Uid);
    const output = { Uid, Status: factoryStatusNames[Status] };
    return { output, write: putFactory(factory, Status, call) };
  },
});
