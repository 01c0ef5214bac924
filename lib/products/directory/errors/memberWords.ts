import type { ErrorAnswer, ErrorCatalogue } from '#lib/errors.ts';

/** Words for members, and for what the owner of their address confirms (docs/vendors/alibaba-resource-directory.md, appendix A). */
export const memberWords = {
  MemberUnknown: () => ({
    status: 404,
    code: 'EntityNotExists.Account',
    message: 'This resource directory account does not exist.',
  }),
  MemberUnfit: unfit,
  RecordUnfit: unfit,
  RecordUnknown: () => ({
    status: 404,
    code: 'EntityNotExists.AccountRecord',
    message: 'This resource directory account recordId does not exist.',
  }),
  MailedRecently: () => ({
    status: 409,
    code: 'LimitExceeded.Frequency',
    message: 'The frequency of request exceeds limit.',
  }),
  EmailClaimed: () => ({
    status: 409,
    code: 'InvalidParameter.Email.AlreadyUsed',
    message: 'The email has been used.',
  }),
  TagQuotaReached: () => ({
    status: 400,
    code: 'NumberExceed.Tags',
    message: 'The maximum number of Tags is exceeded.',
  }),
  MemberQuotaReached: () => ({
    status: 409,
    code: 'LimitExceeded.Account',
    message: 'The maximum number of member accounts in a resource directory exceeds the limit.',
  }),
  MemberChangeMissing: () => ({
    status: 409,
    code: 'MissingDisplayNameOrAccountType',
    message: 'Either display name or account type must be specified.',
  }),
  MemberTypeUnfit: () => ({
    status: 409,
    code: 'AccountTypeMismatch',
    message: 'The type or status of the member account cannot satisfy the current operation.',
  }),
  MemberLegalNameDiffers: () => ({
    status: 409,
    code: 'LegalEntityDifferent',
    message: 'The account legal entity is different from the one of the Management Account.',
  }),
  CallerIsRootUser: () => ({
    status: 409,
    code: 'CallerIdentityError',
    message: 'Please use the RAM user or role of the Management Account.',
  }),
  SecurityContactMissing: () => ({
    status: 409,
    code: 'MissingSecurityInfo',
    message: 'The current member is not configured with a secure email or mobile phone, and the switchover fails.',
  }),
  RootKeyInUse: () => ({
    status: 409,
    code: 'PrimaryAkInUse',
    message: 'The root user has an AccessKey pair in use.',
  }),
  DisplayNameTaken: () => ({
    status: 409,
    code: 'InvalidParameter.Account.DisplayName.AlreadyUsed',
    message: 'The displayname of account has been used.',
  }),
  AccountNameTaken: () => ({
    status: 409,
    code: 'EntityAlreadyExists.ResourceDirectory.Account',
    message:
      'The email address that the system generates when you create a member account already exists. Try again later.',
  }),
} satisfies Partial<ErrorCatalogue>;

function unfit(): ErrorAnswer {
  return {
    status: 409,
    code: 'AccountTypeOrStatusMismatch',
    message: 'You cannot perform the action on the member account.',
  };
}
