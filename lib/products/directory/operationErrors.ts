import type { ErrorAnswer, ErrorCatalogue } from '#lib/errors.ts';

/** Words for creating a cloud account, whose page has others for its payer (docs/vendors/alibaba-resource-directory.md 8.5). */
export const cloudCreationErrors = {
  ParentFrozen: () => ({
    status: 409,
    code: 'Invalid.PayRelation',
    message:
      'Failed to create a member. The specified billing account is unavailable. Please change to another billing account and try again.',
  }),
  ParentOverdrawnAtLinking: payerNotCredit,
} satisfies Partial<ErrorCatalogue>;

/** The same for creating a resource account in the later version (docs/vendors/alibaba-resource-directory.md 9.3). */
export const creationErrorsSinceMaster = {
  ResellingUnsupported: () => ({
    status: 409,
    code: 'NotSupport.SettingResellAccountType',
    message: 'The current account does not support setting the resellAccountType for members.',
  }),
  ParentOverdrawnAtLinking: payerNotCredit,
} satisfies Partial<ErrorCatalogue>;

/** The same for changing an account. */
export const updateErrorsSinceMaster = {
  SecurityContactMissing: () => ({
    status: 409,
    code: 'MissingSecurityInfo',
    message: 'Security information is missing.',
  }),
  RootKeyInUse: () => ({ status: 409, code: 'PrimaryAkInUse', message: 'The account has the primary AK in use.' }),
} satisfies Partial<ErrorCatalogue>;

/**
 * Words for changing who pays (docs/vendors/alibaba-resource-directory.md 8.37). Its page has four rows; what else the ledger refuses has
 * those of creating a member with a payer.
 */
export const payerErrors = {
  PayerOutsideDirectory: () => ({
    status: 409,
    code: 'NotSupport.PayerAccountInAnotherResourceDirectory',
    message:
      'The specified payment account does not exist in the resource directory. You must specify a valid payment account.',
  }),
  LegalNamesDiffer: () => ({
    status: 409,
    code: 'InconsistentEnterpriseNameError',
    message: 'The enterprise name of the payment account and the member must be consistent.',
  }),
  ParentInTrusteeship: () => ({
    status: 409,
    code: 'FundAccountOwnerPayedByOthers',
    message:
      'If the payment has been made by another account, it is not allowed to be used as the main payment account.',
  }),
  ParentOverdrawnAtLinking: payerNotCredit,
} satisfies Partial<ErrorCatalogue>;

function payerNotCredit(): ErrorAnswer {
  return {
    status: 409,
    code: 'PaymentAccountCreditIdentityTypeError',
    message: 'The identity of the payment account is not credit.',
  };
}
