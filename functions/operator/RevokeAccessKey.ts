import * as v from 'valibot';
import { flatEnvelope } from '#lib/dialects/alibaba/envelopes.ts';
import { accessKeyId } from '#lib/dialects/alibaba/operatorFields.ts';
import { operator } from '#lib/dialects/alibaba/products.ts';
import { operation } from '#lib/operation.ts';
import { revoke } from '#lib/store/accessKeys.ts';

export const app = operation({
  action: 'RevokeAccessKey',
  product: operator,
  envelope: flatEnvelope,
  access: 'operator',
  effect: 'write',
  input: v.object({ AccessKeyId: accessKeyId }),
  output: v.object({}),
  errors: ['AccessKeyUnknown'],
  async run({ input, deps }) {
    // Other processes may honour the key until their memory of it runs out; this one must not.
    deps.keyring.forget(input.AccessKeyId);
    return { output: {}, write: revoke(input.AccessKeyId) };
  },
});
