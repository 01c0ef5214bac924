import * as v from 'valibot';
import { verificationCode } from '#lib/domain/directory/verificationCode.ts';
import { operation } from '#lib/operation.ts';
import { accountUid } from '#lib/products/operator/fields.ts';
import { flatEnvelope, operator } from '#lib/products/operator/product.ts';

export const app = operation({
  action: 'DescribeVerificationCode',
  product: operator,
  envelope: flatEnvelope,
  access: 'operator',
  effect: 'read',
  input: v.object({
    Uid: v.pipe(accountUid, v.description('The account that calls EnableResourceDirectory.')),
    SecureMobilePhone: v.pipe(
      v.string(),
      v.regex(/^\d{1,4}-\d{5,15}$/),
      v.description('The telephone that it names there, to which the code has to be sent: this service sends none.'),
    ),
  }),
  // The code stays good for five to ten minutes.
  output: v.object({ VerificationCode: v.string(), ExpireTime: v.string() }),
  errors: ['AccountUnknown'],
  async run({ input: { SecureMobilePhone, Uid }, call, deps }) {
    const { uid } = await deps.accounts.get(Uid);
    const telephone = { uid, phone: SecureMobilePhone };
    const { code, untilMs } = verificationCode(deps.keyring.digest, telephone, call.nowMs);
    return { VerificationCode: code, ExpireTime: new Date(untilMs).toISOString() };
  },
});
