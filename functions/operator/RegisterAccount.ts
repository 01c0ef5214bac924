import * as v from 'valibot';
import { text } from '#lib/dialects/fields.ts';
import { operation } from '#lib/operation.ts';
import { accountUid } from '#lib/products/operator/fields.ts';
import { flatEnvelope, operator } from '#lib/products/operator/product.ts';
import { accountEvent, register } from '#lib/store/accounts.ts';

export const app = operation({
  action: 'RegisterAccount',
  product: operator,
  envelope: flatEnvelope,
  access: 'operator',
  effect: 'write',
  input: v.object({
    Name: v.pipe(text(64), v.trim(), v.minLength(1), v.description('The login name other parties see.')),
    LegalName: v.optional(
      v.pipe(text(128), v.trim(), v.description('The verified enterprise name; none if not verified.')),
      '',
    ),
    Email: v.optional(v.pipe(text(254), v.email(), v.description('A login e-mail no other account has.'))),
    Uid: v.optional(accountUid),
  }),
  output: v.object({ Uid: v.number() }),
  errors: ['AccountExists', 'EmailClaimed'],
  target({ Uid }, output) {
    const uid = output?.Uid ?? Uid;
    return uid === undefined ? undefined : `account ${uid}`;
  },
  async run({ input, call, deps }) {
    const { Name, LegalName, Email, Uid } = input;
    const uid = Uid ?? deps.ports.ids.uid();
    const account = { uid, name: Name, legalName: LegalName, email: Email, createdAtMs: call.nowMs };
    const write = register(account, Uid === undefined ? 'drawn' : 'given');
    return { output: { Uid: uid }, write: [...write, accountEvent(uid, 'register', call)] };
  },
});
