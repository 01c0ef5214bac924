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

/** Invitations have other words for an account that is in a directory already (docs/vendors/alibaba-resource-directory.md 8.30, 8.32). */
export const invitationErrors = {
  AccountInDirectory: () => ({
    status: 409,
    code: 'NotSupport.AccountInAnotherResourceDirectory',
    message:
      'Your account is a management account for another resource directory or a member of another resource directory.',
  }),
} satisfies Partial<ErrorCatalogue>;

/** Who accepts is told in other words than who invites that the account is not verified (docs/vendors/alibaba-resource-directory.md 8.32). */
export const acceptanceErrors = {
  ...invitationErrors,
  InviteeUnverified: () => ({
    status: 409,
    code: 'NotSupport.Account.RealNameType',
    message: 'Your account is not a real-name of enterprise type, so you cannot accept the invitation.',
  }),
} satisfies Partial<ErrorCatalogue>;

/** And so is who reads (docs/vendors/alibaba-resource-directory.md 8.31). */
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
