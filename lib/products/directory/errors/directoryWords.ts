import type { ErrorCatalogue } from '#lib/errors.ts';

/** Words for a directory as a whole, and for its folders (docs/vendors/alibaba-resource-directory.md, appendix A). */
export const directoryWords = {
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
} satisfies Partial<ErrorCatalogue>;
