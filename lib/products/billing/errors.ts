import { denied, gateway, gatewayErrors, invalid } from '#lib/dialects/volcengine/errors.ts';
import type { ErrorCatalogue } from '#lib/errors.ts';

export const operationDenied = (code: string, message: string) => denied(`OperationDenied.${code}`, message);
const invalidRelation = () => invalid('RelationID');
const accessDenied = ({ product, action }: { product: string; action: string }) =>
  gateway(403, 100013, 'AccessDenied', `User is not authorized to perform: ${product}:${action} on resource: .`);

const noAuthority = operationDenied(
  'OperatorNoAuthority',
  'The operator does not have permission to change the authorization for this relationship',
);
const unreasonable = operationDenied(
  'FinanceManagementAuthTypeInValid',
  'The financial management authorization is unreasonable, please re-select',
);

/** Names of the parameters that name a party, by its role. */
const uidOf = { parent: 'MajorAccountID', child: 'SubAccountID', account: 'SubAccountID' } as const;
export const factNames = {
  parentUid: 'MajorAccountID',
  childUid: 'SubAccountID',
  policy: 'Relation',
  offerId: 'AuthID',
} as const;

/**
 * Words of billing, as the page on creating relations has them (docs/vendors/volcengine-billing.md 6, whose stand-ins
 * are used for codes the vendor never published). Operations whose pages differ replace some (operationErrors.ts).
 */
export const billingErrors = {
  ...gatewayErrors,
  ParameterMissing: ({ parameter }) => denied('MissingParameter', `The required parameter ${parameter} is missing.`),
  ParameterInvalid: ({ parameter }) => invalid(parameter),
  ParameterRepeated: ({ parameter }) => invalid(parameter),
  TokenReused: () =>
    denied(
      'IdempotentParameterMismatch',
      'The request uses the same client token as a previous, but non-identical request.',
    ),
  DryRunPassed: () => denied('DryRunOperation', 'Request validation has been passed with DryRun flag set.'),
  CallerNotOperator: accessDenied,
  CallerNotAccount: accessDenied,

  AccountUnknown: ({ party }) => invalid(uidOf[party]),
  SelfRelation: () => invalid('SubAccountID'),
  LegalNamesDiffer: () =>
    operationDenied(
      'TrusteeshipCertificationMismatch',
      'The certified entities of the accounts differ and they cannot be linked with trusteeship!',
    ),
  ChildAlreadyRelated: ({ uid, policy }) =>
    operationDenied(
      policy === 'management' ? 'FinanceManagementSubExcludeCorpFinance' : 'TrusteeshipSubExcludeCorpFinance',
      `The associated account ${uid} already has other financial relationships and cannot be linked!`,
    ),
  ParentInTrusteeship: ({ uid }) =>
    operationDenied(
      'TrusteeshipMajorExcludeTrusteeshipSub',
      `Account ${uid} is a linked sub-account of another account and cannot be the trusted master account!`,
    ),
  ChildHoldsTrusteeships: ({ uid }) =>
    operationDenied(
      'TrusteeshipSubExcludeTrusteeshipMajor',
      `Account ${uid} is the trusted master account of other accounts and cannot be linked with trusteeship!`,
    ),
  AliasTaken: () => operationDenied('AccountAliasExist', 'The account alias already exists'),
  ParentFrozen: ({ uid }) => operationDenied('MajorFrozen', `Account ${uid} is frozen and cannot be the main account!`),
  OrdersOpenAtLinking: ({ uid }) =>
    operationDenied('OrderExist', `Account ${uid} has outstanding orders and cannot be linked with trusteeship!`),
  ParentOverdrawnAtLinking: ({ uid }) =>
    operationDenied(
      'TrusteeshipMajorArrears',
      `The available balance of account ${uid} is negative, and it cannot be the trusted master account!`,
    ),
  ChildInArrearsAtLinking: ({ uid }) =>
    operationDenied('TrusteeshipSubArrears', `Account ${uid} is in arrears and cannot be linked with trusteeship!`),

  RelationUnknown: invalidRelation,
  RelationOtherwise: ({ fact }) => invalid(factNames[fact]),
  CallerNotParent: () => noAuthority,
  CallerNotChild: invalidRelation,
  PermissionsUnchanged: () => unreasonable,
  RelationNotManagement: () => unreasonable,
  RelationInviting: invalidRelation,
  RelationActive: invalidRelation,
  RelationChanging: invalidRelation,
  RelationDeclined: invalidRelation,
  RelationWithdrawn: invalidRelation,
  RelationExpired: invalidRelation,
  RelationEnded: invalidRelation,
  RelationLive: invalidRelation,
  OrdersOpen: ({ uid }) =>
    operationDenied('OrderExist', `Account ${uid} has outstanding orders and the trusteeship cannot be disassociated!`),
  ParentOverdrawn: ({ uid }) =>
    operationDenied(
      'TrusteeshipMajorArrears',
      `The available balance of account ${uid} is negative, and the linked sub-account cannot be disassociated from trusteeship!`,
    ),
  ChildInArrears: ({ uid }) =>
    operationDenied(
      'TrusteeshipSubArrears',
      `Account ${uid} is in arrears and cannot be disassociated from trusteeship!`,
    ),
  LentCreditSpent: () =>
    operationDenied(
      'FinanceManagementTakeBackFail',
      'After the transfer credit control quota is forcibly withdrawn, the available balance of the sub-account is negative and the relationship cannot be terminated',
    ),
} satisfies Partial<ErrorCatalogue>;
