import * as v from 'valibot';
import { flag, optionalField } from '#lib/dialects/fields.ts';
import { Refusal } from '#lib/errors.ts';
import { operation } from '#lib/operation.ts';
import { accessKeyId, accessKeySecret, accountUid, keyIdIn, userAccessKeyId } from '#lib/products/operator/fields.ts';
import { flatEnvelope, operator } from '#lib/products/operator/product.ts';
import { accessKeyEvent, issue } from '#lib/store/accessKeys.ts';

export const app = operation({
  action: 'IssueAccessKey',
  product: operator,
  envelope: flatEnvelope,
  access: 'operator',
  effect: 'write',
  answersSecret: true,
  input: v.object({
    Uid: optionalField(accountUid, 'Required unless Operator is true.'),
    Operator: v.optional(v.pipe(flag, v.description('A key for operators of this service, of no account.')), false),
    Root: v.optional(v.pipe(flag, v.description("A key of the account's root user, not of a user of it.")), false),
    AccessKeyId: v.optional(accessKeyId),
    UserAccessKeyId: v.optional(userAccessKeyId),
    AccessKeySecret: optionalField(accessKeySecret, 'Required with AccessKeyId; both are made up if not given.'),
  }),
  // The secret is shown only here. It is not stored, or only encrypted.
  output: v.object({ AccessKeyId: v.string(), AccessKeySecret: v.string() }),
  errors: ['AlternativesMissing', 'AccountUnknown', 'AccessKeyExists', 'RootUserDisabled'],
  target({ Uid, AccessKeyId, UserAccessKeyId = AccessKeyId }, output) {
    const keyId = output?.AccessKeyId ?? UserAccessKeyId;
    const holder = Uid === undefined ? 'operators' : `account ${Uid}`;
    return keyId === undefined ? holder : `accessKey ${keyId} of ${holder}`;
  },
  async run({ input, call, deps }) {
    const { Uid, Operator, Root, AccessKeySecret } = input;
    const AccessKeyId = keyIdIn(input);
    if ((Uid === undefined) !== Operator) {
      throw new Refusal('AlternativesMissing', { alternatives: 'either Uid or Operator=true' });
    }
    if (Root && Operator)
      throw new Refusal('AlternativesMissing', { alternatives: 'either Root=true or Operator=true' });
    if ((AccessKeyId === undefined) !== (AccessKeySecret === undefined)) {
      throw new Refusal('AlternativesMissing', { alternatives: 'both AccessKeyId and AccessKeySecret, or neither' });
    }
    const keyId = AccessKeyId ?? deps.ports.ids.accessKeyId();
    const sealedSecret = AccessKeySecret && deps.keyring.seal('access-key', keyId, AccessKeySecret);
    const output = { AccessKeyId: keyId, AccessKeySecret: AccessKeySecret ?? deps.keyring.derive(keyId) };
    const key = { keyId, uid: Uid, isRoot: Root, active: true, sealedSecret, createdAtMs: call.nowMs };
    return { output, write: [...issue(key), accessKeyEvent(key, 'issue', call)] };
  },
});
