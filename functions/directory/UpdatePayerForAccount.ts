import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { accountId } from '#lib/products/directory/fields.ts';
import { payerErrors } from '#lib/products/directory/operationErrors.ts';
import { directory, directoryEnvelope, onlySince } from '#lib/products/directory/product.ts';
import { readPayment } from '#lib/store/directory/payers.ts';
import { changePayer } from '#lib/store/directory/paying.ts';

export const app = operation({
  action: 'UpdatePayerForAccount',
  product: directory,
  versions: onlySince,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'write',
  // Terraform sends an empty one for a member that is to pay for itself, and an empty parameter is as good as none.
  input: v.object({
    AccountId: accountId,
    PayerAccountId: v.optional(
      v.pipe(accountId, v.description('Who is to pay: the management account or a member; itself if empty.')),
    ),
  }),
  output: v.object({}),
  errors: [
    'DirectoryUnknown',
    'MemberUnknown',
    'MemberTypeUnfit',
    'PayerOutsideDirectory',
    'LegalNamesDiffer',
    'ChildAlreadyRelated',
    'ChildHoldsTrusteeships',
    'ParentInTrusteeship',
    'ParentFrozen',
    'ParentOverdrawnAtLinking',
    'OrdersOpenAtLinking',
    'ChildInArrearsAtLinking',
    'OrdersOpen',
    'ChildInArrears',
    'ParentOverdrawn',
  ],
  catalogue: payerErrors,
  async run({ input: { AccountId, PayerAccountId }, call, deps }) {
    const payment = await readPayment(deps.table, call.uid, AccountId, PayerAccountId, call.nowMs);
    return { output: {}, write: changePayer(payment, deps.ports.ids.next(call.nowMs), call) };
  },
});
