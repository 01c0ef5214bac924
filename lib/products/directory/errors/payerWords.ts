import type { ErrorAnswer, ErrorCatalogue } from '#lib/errors.ts';

/** Words for who pays for a member, which is a relation (docs/vendors/alibaba-resource-directory.md, appendix A). */
export const payerWords = {
  PayerUnknown: () => ({
    status: 409,
    code: 'Invalid.PayRelation',
    message:
      'Failed to create a member. The specified billing account is unavailable. Please change to another billing account and try again.',
  }),
  PayerOutsideDirectory: () => ({
    status: 409,
    code: 'NotSupport.PayerAccountInAnotherResourceDirectory',
    message:
      'The specified settlement account does not exist in the resource directory. You must specify a valid settlement account.',
  }),
  LegalNamesDiffer: () => ({
    status: 409,
    code: 'InconsistentEnterpriseNameError',
    message: 'The enterprise name of the payment account and the member account must be consistent.',
  }),
  ParentInTrusteeship: () => ({
    status: 409,
    code: 'PaymentAccountFinancialRelationshipVerifyError',
    message: 'The payment account must not be the beneficiary account from other financial relationships.',
  }),
  ParentFrozen: () => ({
    status: 409,
    code: 'BusinessRestricted',
    message: 'Business is restricted. Please contact your customer service manager.',
  }),
  ParentOverdrawnAtLinking: () => ({
    status: 409,
    code: 'PaymentAccountCreditIdentityTypeError',
    message: 'Non-credit identity type or insufficient credit limit, cannot be used as payment account.',
  }),
  ChildHoldsTrusteeships: () => ({
    status: 409,
    code: 'UserOwnFundAccountPayForOthers',
    message: 'If the account has been used as the main payment account, it is not allowed to set up payment by others.',
  }),
  ChildAlreadyRelated: unknownFinancial,
  OrdersOpen: unknownFinancial,
  OrdersOpenAtLinking: unknownFinancial,
  ChildInArrears: arrears,
  ChildInArrearsAtLinking: arrears,
  ParentOverdrawn: arrears,
} satisfies Partial<ErrorCatalogue>;

/** The vendor tells nothing of orders, nor of a member that another account manages. */
function unknownFinancial(): ErrorAnswer {
  return { status: 409, code: 'UnknownFinancialError', message: 'An unknown financial error occurred.' };
}

function arrears(): ErrorAnswer {
  return {
    status: 409,
    code: 'FundAccountHasArrearsAmount',
    message:
      'There are arrears in the current payment account. You cannot change the payment account. Please settle the arrears and try again.',
  };
}
