import { gatewayErrors, invalid, missing } from '#lib/dialects/alibaba/errors.ts';
import type { CommonReason, ErrorAnswer, ErrorCatalogue } from '#lib/errors.ts';

export const notAuthorized: ErrorAnswer = {
  status: 400,
  code: 'NotAuthorized',
  message: 'This API is not authorized for caller.',
};

/**
 * Words for what any operation may refuse, in Alibaba Cloud's products. A product with other words spreads these and
 * replaces some.
 */
export const commonErrors: ErrorCatalogue<CommonReason> = {
  ...gatewayErrors,
  ParameterMissing: ({ parameter }) => missing(parameter),
  ParameterInvalid: ({ parameter }) => invalid(`Specified parameter ${parameter} is not valid.`),
  ParameterRepeated: ({ parameter }) => invalid(`Specified parameter ${parameter} is given more than once.`),
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
  CallerNotOperator: () => ({
    status: 403,
    code: 'NoPermission',
    message: 'You are not authorized to perform this action.',
  }),
  CallerNotAccount: () => ({ status: 400, code: 'NotApplicable', message: 'This API is not applicable for caller.' }),
};

const uidOf = { parent: 'ParentUserId', child: 'ChildUserId', account: 'Uid' } as const;

/** Words for reasons that operations of both bss and operator refuse for. */
export const sharedErrors = {
  AlternativesMissing: ({ alternatives }) => ({
    status: 400,
    code: 'MissingParameter',
    message: `The specified request lacks essential parameters. Required: ${alternatives}.`,
  }),
  AccountUnknown: ({ party, uid }) => invalid(`Specified parameter ${uidOf[party]} is not valid: no account ${uid}.`),
  RelationUnknown: () => invalid('The specified relation does not exist.'),
  CallerNotParty: () => notAuthorized,
} satisfies Partial<ErrorCatalogue>;
