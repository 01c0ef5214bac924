import { invalid } from '#lib/dialects/alibaba/errors.ts';
import type { ErrorAnswer, ErrorCatalogue, Reason } from '#lib/errors.ts';
import { commonErrors } from '#lib/products/alibabaErrors.ts';

/** Words of the account factory (docs/vendors/alibaba-governance.md 8.1 and 8.2). */
export const governanceErrors = {
  ...commonErrors,
  ParameterInvalid: ({ parameter }) => invalidParameter(nameOf(parameter)),
  Internal: () => ({ status: 500, code: 'InternalError', message: 'A system error occurred.' }),
  AccountUnverified: () => ({
    status: 404,
    code: 'InvalidEnterpriseRealName.NotFound',
    message:
      'The specified account has not passed enterprise real name verification. Please complete the verification for the account first.',
  }),
  // Terraform takes every 404 for "gone", so a caller that is not allowed gets a 403 (docs/vendors/alibaba-governance.md 12.3).
  DirectoryUnknown: () => ({
    status: 403,
    code: 'InvalidUser.NotResourceDirectoryMaster',
    message: 'The specified account is not a master account of resource directory.',
  }),
  ItemUnknown: ({ name }) => ({
    status: 404,
    code: 'InvalidBaselineItem.NotFound',
    message: `The specified baseline item named ${name} does not exist.`,
  }),
  BaselineUnknown: () => ({
    status: 404,
    code: 'InvalidBaseline.NotFound',
    message: 'The specified baseline does not exist.',
  }),
  BaselineInUse: () => invalidParameter('BaselineId'),
  BaselineIsSystem: () => invalidParameter('BaselineId'),
} satisfies Partial<ErrorCatalogue>;

/** Words of what only enrolling an account refuses for. */
export const enrolmentErrors = {
  BlueprintDeploying: ({ blueprint }) => ({
    status: 400,
    code: 'DeployConflict.Blueprint',
    message: `The ${blueprint} blueprint is being deployed. Please wait for its deployment to complete and try again.`,
  }),
  StructureMissing: ({ blueprint }) => ({
    status: 400,
    code: 'DependencyViolation.Blueprint',
    message: `The ${blueprint} blueprint has not been deployed. Please deploy the resource structure first.`,
  }),
  ItemDependencyMissing: ({ dependency, item }) => ({
    status: 400,
    code: 'DependencyViolation.BaselineItem',
    message: `The dependency of ${item} baseline item has not been configured. Please config ${dependency} first.`,
  }),
  FactoryUnfit: () => ({
    status: 400,
    code: 'IncorrectBlueprintStatus',
    message: 'The current status of the blueprint does not support this operation.',
  }),
  FolderUnknown: () => invalidParameter('FolderId'),
  DisplayNameTaken: () => invalidParameter('DisplayName'),
  AccountNameTaken: () => invalidParameter('AccountNamePrefix'),
  TagQuotaReached: () => invalidParameter('Tag'),
  PayerUnknown: () => invalidParameter('PayerAccountUid'),
  PayerOutsideDirectory: () => invalidParameter('PayerAccountUid'),
  LegalNamesDiffer: () => invalidParameter('PayerAccountUid'),
  ParentInTrusteeship: () => invalidParameter('PayerAccountUid'),
  ParentFrozen: () => invalidParameter('PayerAccountUid'),
  ParentOverdrawnAtLinking: () => invalidParameter('PayerAccountUid'),
  // The words of the directory, which the vendor passes on (docs/vendors/alibaba-governance.md 8.4).
  MemberQuotaReached: () => ({
    status: 409,
    code: 'LimitExceeded.Account',
    message: 'The maximum number of member accounts in a resource directory exceeds the limit.',
  }),
  MemberUnknown: () => ({
    status: 404,
    code: 'InvalidUser.NotFound',
    message: 'The specified user does not exist.',
  }),
  BlueprintUnknown: () => ({
    status: 404,
    code: 'InvalidBlueprint.NotFound',
    message: 'The specified blueprint does not exist.',
  }),
} satisfies Partial<ErrorCatalogue>;

/** What every operation that enrols accounts may refuse for. */
export const enrollingReasons = [
  'AccountUnverified',
  'DirectoryUnknown',
  'StructureMissing',
  'BlueprintUnknown',
  'FactoryUnfit',
  'BlueprintDeploying',
  'MemberUnknown',
  'BaselineUnknown',
  'ItemUnknown',
  'ItemDependencyMissing',
] as const satisfies Reason[];

/** What creating one may refuse for beside that. */
export const creatingReasons = [
  'PayerUnknown',
  'PayerOutsideDirectory',
  'FolderUnknown',
  'MemberQuotaReached',
  'DisplayNameTaken',
  'AccountNameTaken',
  'LegalNamesDiffer',
  'ParentInTrusteeship',
  'ParentFrozen',
  'ParentOverdrawnAtLinking',
  'TagQuotaReached',
] as const satisfies Reason[];

function invalidParameter(parameter: string): ErrorAnswer {
  return invalid(`The specified parameter ${parameter} is not valid.`);
}

/** A field of an item is called by its own name, anything else by that of the parameter (docs/vendors/alibaba-governance.md 8.3). */
function nameOf(parameter: string): string {
  return /^BaselineItems\.\d+\.(\w+)$/.exec(parameter)?.[1] ?? parameter.replace(/\..*/, '');
}
