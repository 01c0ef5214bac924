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

/** Invitations have other words for an account that is in a directory already (docs/vendors/alibaba-resource-directory.md 8.30, 8.32). */
export const invitationErrors = {
  AccountInDirectory: () => ({
    status: 409,
    code: 'NotSupport.AccountInAnotherResourceDirectory',
    message:
      'Your account is a management account for another resource directory or a member of another resource directory.',
  }),
} satisfies Partial<ErrorCatalogue>;

/** An account that accepts is told in other words than one that invites that the account is not verified (docs/vendors/alibaba-resource-directory.md 8.32). */
export const acceptanceErrors = {
  ...invitationErrors,
  InviteeUnverified: () => ({
    status: 409,
    code: 'NotSupport.Account.RealNameType',
    message: 'Your account is not a real-name of enterprise type, so you cannot accept the invitation.',
  }),
} satisfies Partial<ErrorCatalogue>;

/** And in other words again to the account that reads (docs/vendors/alibaba-resource-directory.md 8.31). */
export const handshakeReadingErrors = {
  InviteeUnverified: () => ({
    status: 409,
    code: 'NoRealNameAuthentication',
    message: 'The account invited has not passed real-name authentication.',
  }),
} satisfies Partial<ErrorCatalogue>;

/** Words for deleting an account, and for checking whether it can be (docs/vendors/alibaba-resource-directory.md 8.14, 8.16). */
export const deletionErrors = {
  CallerIsRootUser: () => ({
    status: 409,
    code: 'CallerIdentityError.DeleteAccount',
    message: 'Please use the RAM user or role of the management account to delete.',
  }),
} satisfies Partial<ErrorCatalogue>;

/** Words for updating a member, which its page has for a status, too (docs/vendors/alibaba-resource-directory.md 8.11). */
export const updateErrors = {
  MemberUnfit: () => ({
    status: 409,
    code: 'AccountTypeMismatch',
    message: 'The type or status of the member account cannot satisfy the current operation.',
  }),
} satisfies Partial<ErrorCatalogue>;

/** What the later version says of the same (docs/vendors/alibaba-resource-directory.md 9.3). */
export const deletionErrorsSinceMaster = {
  MemberIsCloudAccount: () => ({
    status: 409,
    code: 'MemberTypeError.DeleteAccount',
    message: 'Cloud account type members do not support deletion.',
  }),
  DeletionChecking: deletionUnderWay,
  DeletionRunning: deletionUnderWay,
} satisfies Partial<ErrorCatalogue>;

/** And of invitations. */
export const invitationErrorsSinceMaster = {
  InviteeLegalNameDiffers: () => ({
    status: 409,
    code: 'LegalEntityMismatch',
    message: 'The account does not have the same legal entity as the management account.',
  }),
  AccountInDirectory: () => ({
    status: 409,
    code: 'NotSupport.AccountInAnotherResourceDirectory',
    message:
      'The invited account already belongs to another resource directory. To continue, remove the account from the other resource directory.',
  }),
} satisfies Partial<ErrorCatalogue>;

function deletionUnderWay(): ErrorAnswer {
  return {
    status: 409,
    code: 'ExistProcessingDeleteFlow.DeleteAccount',
    message:
      'The request is invalid. The account is already in the process of deletion. Please do not repeat the operation.',
  };
}
