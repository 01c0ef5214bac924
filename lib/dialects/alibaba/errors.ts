import type { ErrorAnswer, ErrorCatalogue } from '#lib/errors.ts';

const invalid = (message: string): ErrorAnswer => ({ status: 400, code: 'InvalidParameter', message });
const invalidRelation = (why: string) => invalid(`The relation cannot be changed: ${why}.`);
const notAuthorized: ErrorAnswer = {
  status: 400,
  code: 'NotAuthorized',
  message: 'This API is not authorized for caller.',
};
const noSuchApi: ErrorAnswer = {
  status: 404,
  code: 'InvalidApi.NotFound',
  message: 'Specified api is not found, please check your url and method.',
};

const uidOf = { parent: 'ParentUserId', child: 'ChildUserId', account: 'Uid' } as const;

const factNames = { parentUid: 'ParentUserId', childUid: 'ChildUserId', policy: 'RelationType', offerId: 'AuthID' };

/** Alibaba Cloud's answer to each reason (reference alibaba-bss 7; where no code is published, as 7.5 proposes). */
export const alibabaErrors: ErrorCatalogue = {
  ActionUnknown: () => noSuchApi,
  ActionMissing: ({ parameter }) => missing(parameter),
  PathUnknown: ({ path }) => ({ ...noSuchApi, message: nothingAt(path) }),
  MethodNotAllowed: () => ({
    status: 405,
    code: 'UnsupportedHTTPMethod',
    message: 'This http method is not supported.',
  }),
  BodyTooLarge: ({ limitBytes }) => ({
    status: 413,
    code: 'RequestBodyTooLarge',
    message: `The request body exceeds the limit of ${limitBytes} bytes.`,
  }),
  BodyUnreadable: ({ mediaType }) => ({
    status: 415,
    code: 'UnsupportedContentType',
    message: `The request body is not readable as ${mediaType}; send form parameters or a JSON object.`,
  }),
  QueryUnreadable: () => invalid('The query is not percent-encoded UTF-8.'),
  TooManyParameters: ({ most }) => invalid(`The request has more than ${most} parameters.`),
  ParameterMissing: ({ parameter }) => missing(parameter),
  AlternativesMissing: ({ alternatives }) => ({
    status: 400,
    code: 'MissingParameter',
    message: `The specified request lacks essential parameters. Required: ${alternatives}.`,
  }),
  ParameterInvalid: ({ parameter }) => invalid(`Specified parameter ${parameter} is not valid.`),
  ParameterRepeated: ({ parameter }) => invalid(`Specified parameter ${parameter} is given more than once.`),
  RelationOtherwise: ({ fact }) => invalid(`Specified parameters RelationId and ${factNames[fact]} do not agree.`),
  FormatUnknown: () => ({
    status: 400,
    code: 'InvalidParameter.Format',
    message: 'Specified parameter format is not valid.',
  }),
  TokenReused: () => ({
    status: 400,
    code: 'IdempotentParameterMismatch',
    message: 'The request uses the same client token as a previous, but non-identical request.',
  }),
  DryRunPassed: () => ({
    status: 400,
    code: 'DryRunOperation',
    message: 'Request validation has been passed with DryRun flag set.',
  }),
  NonceUsed: () => ({
    status: 400,
    code: 'SignatureNonceUsed',
    message: 'Specified signature nonce was used already.',
  }),
  CallerNotOperator: () => ({
    status: 403,
    code: 'NoPermission',
    message: 'You are not authorized to perform this action.',
  }),
  CallerNotAccount: () => ({ status: 400, code: 'NotApplicable', message: 'This API is not applicable for caller.' }),

  AccountUnknown: ({ party, uid }) => invalid(`Specified parameter ${uidOf[party]} is not valid: no account ${uid}.`),
  AccountExists: ({ uid }) => invalid(`Specified parameter Uid is not valid: account ${uid} exists already.`),
  EmailClaimed: () => invalid('Specified parameter Email is not valid: it belongs to another account.'),
  AccessKeyExists: () => invalid('Specified parameter AccessKeyId is not valid: it exists already.'),
  AccessKeyUnknown: () => invalid('Specified parameter AccessKeyId is not valid: there is no such key.'),

  SelfRelation: ({ uid }) => invalid(`Account ${uid} cannot be related to itself.`),
  LegalNamesDiffer: () => invalid('A trusteeship requires both accounts to bear the same verified enterprise name.'),
  ChildAlreadyRelated: ({ uid }) => invalid(`Account ${uid} already has a financial relation or invitation.`),
  ParentInTrusteeship: ({ uid }) => invalid(`Account ${uid} is itself in trusteeship and cannot be a trustee.`),
  ChildHoldsTrusteeships: ({ uid }) => invalid(`Account ${uid} is a trustee of other accounts.`),
  RelationUnknown: () => invalid('The specified relation does not exist.'),
  CallerNotParty: () => notAuthorized,
  CallerNotParent: () => notAuthorized,
  CallerNotChild: () => notAuthorized,
  PermissionsUnchanged: () => invalid('Specified parameter PermissionCodes changes nothing.'),
  RelationNotManagement: () => invalid('The relation is a trusteeship, along which no credit is lent.'),
  AliasTaken: ({ alias }) => invalid(`Specified parameter ChildNick is not valid: ${alias} names another member.`),
  PermissionsDiffer: () => invalid('Specified parameter PermissionCodes differs from the permissions offered.'),
  RelationInviting: () => invalidRelation('its invitation awaits the answer of the invited account'),
  RelationActive: () => invalidRelation('it is established and nothing awaits confirmation'),
  RelationChanging: () => invalidRelation('a change of it awaits confirmation'),
  RelationDeclined: () => invalidRelation('the invited account declined it'),
  RelationWithdrawn: () => invalidRelation('the inviting account withdrew it'),
  RelationExpired: () => invalidRelation('its invitation has expired'),
  RelationEnded: () => invalidRelation('it has ended'),
  RelationLive: () => invalidRelation('it has not ended'),

  ParentFrozen: ({ uid }) => invalid(`Account ${uid} is frozen.`),
  OrdersOpenAtLinking: ({ uid }) => invalid(`Account ${uid} has unfinished orders and cannot be put in trusteeship.`),
  ParentOverdrawnAtLinking: ({ uid }) =>
    invalid(`The available balance of account ${uid} is negative and it cannot be a trustee.`),
  ChildInArrearsAtLinking: ({ uid }) => invalid(`Account ${uid} is in arrears and cannot be put in trusteeship.`),
  OrdersOpen: ({ uid }) => invalidRelation(`account ${uid} has unfinished orders`),
  ParentOverdrawn: ({ uid }) => invalidRelation(`the available balance of account ${uid} is negative`),
  ChildInArrears: ({ uid }) => invalidRelation(`account ${uid} is in arrears`),
  LentCreditSpent: ({ uid }) => invalidRelation(`account ${uid} has spent credit lent to it`),
  CreditNotShared: () => invalid('The relation does not permit the parent to lend credit to the child.'),
  CreditBeyondBalance: ({ uid }) => invalid(`Specified parameter Amount exceeds what account ${uid} has available.`),
  CreditBeyondLent: ({ lentCredit }) =>
    invalid(`Specified parameter Amount takes back more than the ${lentCredit} lent.`),

  Busy: () => ({
    status: 503,
    code: 'ServiceUnavailable',
    message: 'The request has failed due to a temporary failure of the server.',
  }),
  Internal: () => ({ status: 500, code: 'InternalError', message: 'An error occurred in the internal server.' }),
};

function nothingAt(path: string): string {
  return `There is no operation at ${path}: send to /<product>/<Action>, or to / with Action and Version.`;
}

function missing(parameter: string): ErrorAnswer {
  return { status: 400, code: `Missing${parameter}`, message: `${parameter} is mandatory for this action.` };
}
