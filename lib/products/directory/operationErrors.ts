import type { ErrorCatalogue } from '#lib/errors.ts';

/** Words for creating a cloud account, whose page has others for its payer (docs/vendors/alibaba-resource-directory.md 8.5). */
export const cloudCreationErrors = {
  ParentFrozen: () => ({
    status: 409,
    code: 'Invalid.PayRelation',
    message:
      'Failed to create a member. The specified billing account is unavailable. Please change to another billing account and try again.',
  }),
  ParentOverdrawnAtLinking: () => ({
    status: 409,
    code: 'PaymentAccountCreditIdentityTypeError',
    message: 'The identity of the payment account is not credit.',
  }),
} satisfies Partial<ErrorCatalogue>;
