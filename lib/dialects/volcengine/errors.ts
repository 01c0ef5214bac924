import type { ErrorAnswer, ErrorCatalogue, GatewayReason } from '#lib/errors.ts';

/** A refusal by the gateway. Its CodeN distinguishes it from those of a service. */
export const gateway = (status: number, number: number, code: string, message: string): ErrorAnswer => ({
  status,
  number,
  code,
  message,
});

/** A refusal by a service. */
export const denied = (code: string, message: string): ErrorAnswer => gateway(400, 0, code, message);

export const invalid = (parameter: string) =>
  denied('ParamInvalid', `The specified parameter ${parameter} is invalid.`);

/** The gateway's refusals, which do not depend on the operation (docs/vendors/volcengine-billing.md 7). */
export const gatewayErrors: ErrorCatalogue<GatewayReason> = {
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
  NonceUsed: () => gateway(400, 0, 'InvalidNonce', 'The nonce of the request was used already.'),
  Busy: () =>
    gateway(503, 100019, 'ServiceUnavailableTemp', 'The service is temporarily unavailable. Try again later.'),
  OutcomeUnknown: () =>
    gateway(
      503,
      100019,
      'ServiceUnavailableTemp',
      'The request may or may not have been carried out; send it again with the same ClientToken to find out.',
    ),
  Internal: () => gateway(500, 0, 'InternalServerError', 'The request has failed due to an unknown error.'),
};
