import { denied, factNames, operationDenied, volcengineErrors } from '#lib/dialects/volcengine/errors.ts';
import type { ErrorCatalogue } from '#lib/errors.ts';

const invalidParam = (parameter: string) => denied('InvalidParam', `The parameter ${parameter} is invalid.`);

const notExist = operationDenied(
  'AccountRelationNotExist',
  'The relationship between the invited associated account and the operation account does not exist!',
);

/** A relation that is not one in effect between just these two does not exist for who would end it (seed DeleteFinancialRelation). */
export const endingErrors: ErrorCatalogue = {
  ...volcengineErrors,
  RelationUnknown: () => notExist,
  RelationOtherwise: () => notExist,
  CallerNotParent: () => notExist,
  RelationInviting: () => notExist,
  RelationDeclined: () => notExist,
  RelationWithdrawn: () => notExist,
  RelationExpired: () => notExist,
  RelationEnded: () => notExist,
  RelationChanging: () => operationDenied('UpdatingAuth', 'The current relationship is under change. Authorization'),
};

/** docs/vendors/volcengine-billing.md 5.7 */
export const authorizationErrors: ErrorCatalogue = {
  ...volcengineErrors,
  RelationChanging: () =>
    operationDenied(
      'AuthUpdateInvalidExistUpdatingAuth',
      'Authorization change failed, authorization in the change already exists',
    ),
};

/** Clean-up has words of its own (docs/vendors/volcengine-billing.md 5.8 and 10). */
export const cleanUpErrors: ErrorCatalogue = {
  ...volcengineErrors,
  ParameterMissing: ({ parameter }) => denied('MissingParameter', `The request is missing ${parameter} parameter.`),
  ParameterInvalid: ({ parameter }) => invalidParam(parameter),
  ParameterRepeated: ({ parameter }) => invalidParam(parameter),
  BodyUnreadable: () => invalidParam('body'),
  QueryUnreadable: () => invalidParam('query'),
  TooManyParameters: ({ most }) => denied('InvalidParam', `The request has more than ${most} parameters.`),
  FormatUnknown: () => invalidParam('Format'),
  RelationOtherwise: ({ fact }) => invalidParam(factNames[fact]),
  RelationUnknown: () => invalidParam('RelationID'),
  CallerNotParent: () => invalidParam('RelationID'),
  RelationLive: () => invalidParam('RelationID'),
  Internal: () => ({
    status: 500,
    number: 0,
    code: 'InternalError',
    message: 'Service has some internal Error. Pls Contact With Admin.',
  }),
};
