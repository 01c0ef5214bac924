import type { ErrorAnswer, ErrorCatalogue, Fault } from '#lib/errors.ts';
import { commonErrors } from '#lib/products/alibabaErrors.ts';

/** What this product calls a parameter in its codes, and in its sentences (docs/vendors/alibaba-resource-directory.md, appendix A). */
const parameters: Readonly<Record<string, Wording>> = {
  DisplayName: {
    code: 'Account.DisplayName',
    missing: 'You must specify DisplayName.',
    invalid: 'The DisplayName of account is invalid.',
    tooLong: 'The DisplayName of the account exceeds the length limit.',
  },
  AccountNamePrefix: {
    code: 'Account.AccountNamePrefix',
    invalid: 'The account name prefix is invalid.',
    tooLong: 'The account name prefix exceeds the length limit.',
  },
  FolderName: {
    code: 'Folder.Name',
    missing: 'You must specify the resource folder name.',
    invalid: 'The Name of folder is invalid.',
    tooLong: 'The Name of folder exceeds the length limit.',
  },
  MAName: {
    code: 'ManagementAccountName',
    invalid: 'The management account name is in the wrong format.',
    status: 409,
  },
  MASecureMobilePhone: {
    code: 'ManagementAccountSecurityInfo',
    invalid: 'The parameter management account secure mobile phone is invalid.',
    status: 409,
  },
  Status: { invalid: 'The specified Status is invalid.' },
  Note: { tooLong: 'The length of the invitation note exceeds the limit.' },
  NextToken: { tooLong: 'The maximum length of NextToken (256 characters) is exceeded.' },
};

/** The same parameters under the names they have where something is changed. */
const synonyms: Readonly<Record<string, string>> = { NewDisplayName: 'DisplayName', NewFolderName: 'FolderName' };

interface Wording {
  readonly code?: string;
  readonly missing?: string;
  readonly invalid?: string;
  readonly tooLong?: string;
  /** Of an invalid value; 400 if it is not given. */
  readonly status?: number;
}

/** Words of the directory (docs/vendors/alibaba-resource-directory.md, appendix A). */
export const directoryErrors = {
  ...commonErrors,
  ParameterMissing: ({ parameter }) => missingParameter(parameter),
  ParameterInvalid: ({ fault, parameter }) => invalidParameter(parameter, fault),
  DirectoryUnknown: () => ({
    status: 404,
    code: 'EntityNotExists.ResourceDirectory',
    message:
      'The resource directory for the account is not enabled. We recommend that you first enable the resource directory for the account.',
  }),
  NotInDirectory: () => ({
    status: 404,
    code: 'ResourceDirectoryNotInUse',
    message: 'The specified account is not an Alibaba Cloud account or a member account of the resource directory.',
  }),
  DirectoryExists: () => ({
    status: 409,
    code: 'EntityAlreadyExists.ResourceDirectory',
    message:
      'The resource directory for the account is already enabled. We recommend that you do not enable the resource directory again.',
  }),
  AccountInDirectory: () => ({
    status: 409,
    code: 'NotSupport.AccountInAnotherResourceDirectory',
    message: 'The specified account is an Alibaba Cloud account or already exists in another resource directory.',
  }),
  AccountUnverified: () => ({
    status: 409,
    code: 'EnterpriseRealNameVerificationError',
    message:
      'The specified account does not pass enterprise real-name verification. We recommend you first complete enterprise real-name verification for the account.',
  }),
  MembersRemain: () => ({
    status: 409,
    code: 'DeleteConflict.ResourceDirectory.Account',
    message:
      'Failed to delete the resource directory because one or more member accounts exist. We recommend that you first remove these member accounts.',
  }),
  ManagementNameTaken: () => ({
    status: 409,
    code: 'InvalidParameter.ManagementAccountName.AlreadyUsed',
    message: 'The ManagementAccountName has been used.',
  }),
  PhoneMissing: () => ({ status: 409, code: 'MissingSecureMobilePhone', message: 'Secure mobile phone is missing.' }),
  VerificationCodeMissing: () => ({
    status: 409,
    code: 'MissingSecurityInfo',
    message: 'Security info is missing.',
  }),
  VerificationCodeWrong: () => ({
    status: 409,
    code: 'Invalid.VerificationCode',
    message: 'The verification code is invalid.',
  }),
  ResellingUnsupported: () => ({
    status: 400,
    code: 'NotSupport.Site.Action',
    message: 'Site does not allow current action.',
  }),
  FolderUnknown: () => ({
    status: 404,
    code: 'EntityNotExists.Folder',
    message: 'The resource directory folder does not exist.',
  }),
  FolderNameTaken: () => ({
    status: 400,
    code: 'InvalidParameter.Folder.Name.AlreadyUsed',
    message: 'The name already exists under the same parent. Please change to another name.',
  }),
  FolderTooDeep: () => ({
    status: 409,
    code: 'LimitExceeded.Folder.Depth',
    message: 'The folder depth exceeds the limit of 5.',
  }),
  FolderQuotaReached: () => ({
    status: 409,
    code: 'QuotaExceeded.Folder.Count',
    message: 'The number of folders exceeds the quota.',
  }),
  FolderHasFolders: () => ({
    status: 409,
    code: 'DeleteConflict.Folder.SubFolder',
    message: 'This folder has sub folders.',
  }),
  FolderHasMembers: () => ({
    status: 409,
    code: 'DeleteConflict.Folder.Account',
    message: 'This folder has accounts.',
  }),
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
  DeletionForbidden: () => ({
    status: 409,
    code: 'NoLicense.ResourceDirectory',
    message: 'The resource directory has not enabled the delete operation.',
  }),
  CallerIsMember: () => ({
    status: 403,
    code: 'MemberAccountAccessDenied',
    message: 'The member account is not allowed to perform the operation.',
  }),
  MemberIsCloudAccount: () => ({
    status: 409,
    code: 'MemberTypeError.DeleteAccount',
    message: 'You can only delete accounts of the resource account type created by Resource Directory.',
  }),
  MemberPaidByAnother: () => ({
    status: 409,
    code: 'NotSupport.HasPayerAccount',
    message: 'This account has a payer account. Please release the financial relationship of this account first.',
  }),
  MemberGone: () => ({
    status: 409,
    code: 'AccountNotExist.DeleteAccount',
    message: 'The deletion failed. The account does not exist. Please confirm whether it has been deleted.',
  }),
  CheckUnknown: () => ({
    status: 409,
    code: 'EntityNotExists.CheckAccount',
    message: 'There is no check task for this account',
  }),
  // No page has this code. Clients know it, and try again (docs/vendors/alibaba-resource-directory.md 5.4).
  CheckRunning: () => ({
    status: 409,
    code: 'NotSupportedOperation.PreCheckingAccount',
    message: 'The operation is not supported because the account is being checked for deletion.',
  }),
  DeletionChecking: () => ({
    status: 409,
    code: 'NotSupportedOperation.CheckingAccount',
    message: 'The operation is not supported because the account is checking for deletion.',
  }),
  DeletionRunning: () => ({
    status: 409,
    code: 'NotSupportedOperation.DeletingAccount',
    message: 'The operation is not supported because the account is being deleted.',
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
  HandshakeUnknown: () => ({
    status: 404,
    code: 'EntityNotExists.Handshake',
    message: 'The specified handshake does not exist.',
  }),
  HandshakeUnfit: () => ({ status: 409, code: 'HandshakeStatusMismatch', message: 'The invitation is invalid.' }),
  HandshakePending: () => ({
    status: 409,
    code: 'EntityAlreadyExists.Handshake',
    message: 'Handshakes with the same target entity already exist.',
  }),
  InvitationQuotaReached: () => ({
    status: 409,
    code: 'LimitExceeded.InvitationRate',
    message: 'The number of invitations sent exceeds the limit.',
  }),
  InviteeLegalNameDiffers: () => ({
    status: 409,
    code: 'LegalEntityMismatch',
    message: 'Your account does not have the same legal entity as the master account.',
  }),
  InviteeUnverified: () => ({
    status: 409,
    code: 'Invalid.AccountType',
    message: 'The specified profile type of account is invalid.',
  }),
  InvitingDirectoryGone: () => ({
    status: 404,
    code: 'SpecifiedResourceDirectoryNotExists',
    message: 'The specified resource directory does not exist. You must specify a valid resource directory.',
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

function unfit(): ErrorAnswer {
  return {
    status: 409,
    code: 'AccountTypeOrStatusMismatch',
    message: 'You cannot perform the action on the member account.',
  };
}

function missingParameter(parameter: string): ErrorAnswer {
  const { code, missing } = wordingOf(parameter);
  return {
    status: 400,
    code: `MissingParameter.${code ?? parameter}`,
    message: missing ?? `You must specify ${parameter}.`,
  };
}

function invalidParameter(parameter: string, fault: Fault): ErrorAnswer {
  const { code, invalid, status = 400, tooLong } = wordingOf(parameter);
  const general = { status, code: `InvalidParameter.${code ?? parameter}` };
  if (fault === 'length' && tooLong !== undefined)
    return { ...general, code: `${general.code}.Length`, message: tooLong };
  return { ...general, message: invalid ?? `The ${parameter} is invalid.` };
}

function wordingOf(parameter: string): Wording {
  const name = Object.hasOwn(synonyms, parameter) ? (synonyms[parameter] ?? parameter) : parameter;
  return (Object.hasOwn(parameters, name) ? parameters[name] : undefined) ?? {};
}
