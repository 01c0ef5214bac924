import { denied, gateway } from '#lib/dialects/volcengine/errors.ts';
import type { ErrorCatalogue } from '#lib/errors.ts';
import { factNames, operationDenied } from '#lib/products/billing/errors.ts';

const notExist = operationDenied(
  'AccountRelationNotExist',
  'The relationship between the invited associated account and the operation account does not exist!',
);

/**
 * Words for ending. To the caller a relation does not exist unless it is the one in effect between exactly these two
 * accounts (docs/vendors/volcengine-billing.md 5.6).
 */
export const endingErrors = {
  RelationUnknown: () => notExist,
  RelationOtherwise: () => notExist,
  CallerNotParent: () => notExist,
  RelationInviting: () => notExist,
  RelationDeclined: () => notExist,
  RelationWithdrawn: () => notExist,
  RelationExpired: () => notExist,
  RelationEnded: () => notExist,
  RelationChanging: () => operationDenied('UpdatingAuth', 'The current relationship is under change. Authorization'),
} satisfies Partial<ErrorCatalogue>;

/** Words for changing authorization points (docs/vendors/volcengine-billing.md 5.7). */
export const authorizationErrors = {
  RelationChanging: () =>
    operationDenied(
      'AuthUpdateInvalidExistUpdatingAuth',
      'Authorization change failed, authorization in the change already exists',
    ),
} satisfies Partial<ErrorCatalogue>;

const invalidParam = (parameter: string) => denied('InvalidParam', `The parameter ${parameter} is invalid.`);

/** Words for cleaning up (docs/vendors/volcengine-billing.md 5.8 and 10). */
export const cleanUpErrors = {
  ParameterMissing: ({ parameter }) => denied('MissingParameter', `The request is missing ${parameter} parameter.`),
  ParameterInvalid: ({ parameter }) => invalidParam(parameter),
  ParameterRepeated: ({ parameter }) => invalidParam(parameter),
  BodyUnreadable: () => invalidParam('body'),
  QueryUnreadable: () => invalidParam('query'),
  TooManyParameters: ({ most }) => denied('InvalidParam', `The request has more than ${most} parameters.`),
  FormatUnknown: () => invalidParam('Format'),
  RelationOtherwise: ({ fact }) => invalidParam(factNames[fact]),
  RelationUnknown: () => invalidParam('RelationID'),
  RelationLive: () => invalidParam('RelationID'),
  Internal: () => gateway(500, 0, 'InternalError', 'Service has some internal Error. Pls Contact With Admin.'),
} satisfies Partial<ErrorCatalogue>;
