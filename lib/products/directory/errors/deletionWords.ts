import type { ErrorCatalogue } from '#lib/errors.ts';

/** Words for the deletion of members (docs/vendors/alibaba-resource-directory.md, appendix A). */
export const deletionWords = {
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
} satisfies Partial<ErrorCatalogue>;
