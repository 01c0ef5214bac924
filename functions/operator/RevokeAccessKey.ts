import * as v from 'valibot';
import { optionalField } from '#lib/dialects/fields.ts';
import { Refusal } from '#lib/errors.ts';
import { operation } from '#lib/operation.ts';
import { accessKeyId, keyIdIn, userAccessKeyId } from '#lib/products/operator/fields.ts';
import { flatEnvelope, operator } from '#lib/products/operator/product.ts';
import { accessKeyEvent, findAccessKey, revoke } from '#lib/store/accessKeys.ts';

export const app = operation({
  action: 'RevokeAccessKey',
  product: operator,
  envelope: flatEnvelope,
  access: 'operator',
  effect: 'write',
  input: v.object({
    AccessKeyId: optionalField(accessKeyId, 'Needed, or the next is.'),
    UserAccessKeyId: v.optional(userAccessKeyId),
  }),
  output: v.object({}),
  errors: ['AlternativesMissing', 'AccessKeyUnknown'],
  target: ({ AccessKeyId, UserAccessKeyId = AccessKeyId }) => UserAccessKeyId && `accessKey ${UserAccessKeyId}`,
  async run({ input, call, deps }) {
    const keyId = keyIdIn(input);
    if (keyId === undefined) {
      throw new Refusal('AlternativesMissing', { alternatives: 'AccessKeyId or UserAccessKeyId' });
    }
    const key = await findAccessKey(deps.table, keyId);
    if (key === undefined) throw new Refusal('AccessKeyUnknown', { keyId });
    return { output: {}, write: [...revoke(key), accessKeyEvent(key, 'revoke', call)] };
  },
  // Other processes may accept the key until they read it again; this one must not.
  committed({ input, deps }) {
    const keyId = keyIdIn(input);
    if (keyId !== undefined) deps.keyring.forget(keyId);
  },
});
