import { invalid } from '#lib/dialects/alibaba/errors.ts';
import type { ErrorCatalogue } from '#lib/errors.ts';
import { commonErrors, sharedErrors } from '#lib/products/alibabaErrors.ts';

/** Words of this service's own operations, in the style of bss. */
export const operatorErrors = {
  ...commonErrors,
  ...sharedErrors,
  AccountExists: ({ uid }) => invalid(`Specified parameter Uid is not valid: account ${uid} exists already.`),
  EmailClaimed: () => invalid('Specified parameter Email is not valid: it belongs to another account.'),
  AccessKeyExists: () => invalid('Specified parameter AccessKeyId is not valid: it exists already.'),
  AccessKeyUnknown: () => invalid('Specified parameter AccessKeyId is not valid: there is no such key.'),
  DirectoryUnknown: () => invalid('Specified parameter Uid is not valid: the account manages no directory.'),
  BlueprintUnknown: () => invalid('Specified parameter Uid is not valid: the account is not enrolled.'),
  ReportUnexpected: () => invalid('Specified parameter Name is not valid: no report on that item is awaited.'),
  QuotaLowered: ({ least, parameter }) =>
    invalid(`Specified parameter ${parameter} is not valid: it is ${least}, and is only ever raised.`),
  RootUserDisabled: ({ uid }) =>
    invalid(`Specified parameter Root is not valid: account ${uid} is a resource account, which has no root user.`),
  RelationNotManagement: () => invalid('The relation is a trusteeship, along which no credit is lent.'),
  CreditNotShared: () => invalid('The relation does not permit the parent to lend credit to the child.'),
  CreditBeyondBalance: ({ uid }) => invalid(`Specified parameter Amount exceeds what account ${uid} has available.`),
  CreditBeyondLent: ({ lentCredit }) =>
    invalid(`Specified parameter Amount takes back more than the ${lentCredit} lent.`),
} satisfies Partial<ErrorCatalogue>;
