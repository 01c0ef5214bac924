import type { ErrorAnswer, ErrorCatalogue } from '#lib/errors.ts';

const gateway = (status: number, number: number, code: string, message: string): ErrorAnswer => ({
  status,
  number,
  code,
  message,
});
const missing = (parameter: string) => denied('MissingParameter', `The required parameter ${parameter} is missing.`);
const invalid = (parameter: string) => denied('ParamInvalid', `The specified parameter ${parameter} is invalid.`);
export const denied = (code: string, message: string): ErrorAnswer => ({ status: 400, number: 0, code, message });
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

/** What a party that was named by its role is called in a request. */
const uidOf = { parent: 'MajorAccountID', child: 'SubAccountID', account: 'SubAccountID' } as const;
export const factNames = {
  parentUid: 'MajorAccountID',
  childUid: 'SubAccountID',
  policy: 'Relation',
  offerId: 'AuthID',
} as const;

/**
 * Volcengine's answer to each reason: gateway errors by number (docs/vendors/volcengine-billing.md 7), the rest as linking answers them
 * (section 6, whose stand-ins are used where the vendor's code was never seen). Operations that answer otherwise say so below.
 */
export const volcengineErrors: ErrorCatalogue = {
  ActionUnknown: ({ action, version }) =>
    gateway(404, 100008, 'InvalidActionOrVersion', `Could not find operation ${action} for version ${version}.`),
  ActionMissing: ({ parameter }) =>
    gateway(400, 100002, 'MissingParameter', `The request is missing ${parameter} parameter.`),
  PathUnknown: ({ path }) =>
    gateway(
      404,
      100008,
      'InvalidActionOrVersion',
      `There is no operation at ${path}: send to /<product>/<Action>, or to / with Action and Version.`,
    ),
  MethodNotAllowed: ({ method }) =>
    gateway(405, 100020, 'MethodNotAllowed', `The method ${method} is not allowed for this operation.`),
  BodyTooLarge: ({ limitBytes }) =>
    gateway(413, 0, 'RequestBodyTooLarge', `The request body exceeds the limit of ${limitBytes} bytes.`),
  BodyUnreadable: () => invalid('body'),
  QueryUnreadable: () => invalid('query'),
  TooManyParameters: ({ most }) => denied('ParamInvalid', `The request has more than ${most} parameters.`),
  FormatUnknown: () => invalid('Format'),
  ParameterMissing: ({ parameter }) => missing(parameter),
  AlternativesMissing: ({ alternatives }) => missing(alternatives),
  ParameterInvalid: ({ parameter }) => invalid(parameter),
  ParameterRepeated: ({ parameter }) => invalid(parameter),
  RelationOtherwise: ({ fact }) => invalid(factNames[fact]),
  TokenReused: () =>
    denied(
      'IdempotentParameterMismatch',
      'The request uses the same client token as a previous, but non-identical request.',
    ),
  DryRunPassed: () => denied('DryRunOperation', 'Request validation has been passed with DryRun flag set.'),
  NonceUsed: () => gateway(400, 0, 'InvalidNonce', 'The nonce of the request was used already.'),
  CallerNotOperator: accessDenied,
  CallerNotAccount: accessDenied,

  AccountUnknown: ({ party }) => invalid(uidOf[party]),
  AccountExists: () => invalid('Uid'),
  EmailClaimed: () => invalid('Email'),
  AccessKeyExists: () => invalid('AccessKeyId'),
  AccessKeyUnknown: () => invalid('AccessKeyId'),

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
  RelationUnknown: invalidRelation,
  CallerNotParty: () => noAuthority,
  CallerNotParent: () => noAuthority,
  CallerNotChild: invalidRelation,
  PermissionsUnchanged: () => unreasonable,
  RelationNotManagement: () => unreasonable,
  PermissionsDiffer: () => invalid('AuthListStr'),
  RelationInviting: invalidRelation,
  RelationActive: invalidRelation,
  RelationChanging: invalidRelation,
  RelationDeclined: invalidRelation,
  RelationWithdrawn: invalidRelation,
  RelationExpired: invalidRelation,
  RelationEnded: invalidRelation,
  RelationLive: invalidRelation,

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
  CreditNotShared: () => unreasonable,
  CreditBeyondBalance: () => invalid('Amount'),
  CreditBeyondLent: () => invalid('Amount'),

  Busy: () =>
    gateway(503, 100019, 'ServiceUnavailableTemp', 'The service is temporarily unavailable. Try again later.'),
  Internal: () => ({
    status: 500,
    number: 0,
    code: 'InternalServerError',
    message: 'The request has failed due to an unknown error.',
  }),
};
