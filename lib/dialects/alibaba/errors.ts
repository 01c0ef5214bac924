import type { ErrorAnswer, ErrorCatalogue, GatewayReason } from '#lib/errors.ts';

const noSuchApi: ErrorAnswer = {
  status: 404,
  code: 'InvalidApi.NotFound',
  message: 'Specified api is not found, please check your url and method.',
};

export const invalid = (message: string): ErrorAnswer => ({ status: 400, code: 'InvalidParameter', message });

/** The refusal of a request without a mandatory parameter, as the gateway words it. */
export function missing(parameter: string): ErrorAnswer {
  return { status: 400, code: `Missing${parameter}`, message: `${parameter} is mandatory for this action.` };
}

/** The gateway's refusals, which do not depend on the operation (docs/vendors/alibaba-bss.md 7.4). */
export const gatewayErrors: ErrorCatalogue<GatewayReason> = {
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
  FormatUnknown: () => ({
    status: 400,
    code: 'InvalidParameter.Format',
    message: 'Specified parameter format is not valid.',
  }),
  NonceUsed: () => ({
    status: 400,
    code: 'SignatureNonceUsed',
    message: 'Specified signature nonce was used already.',
  }),
  Busy: () => ({
    status: 503,
    code: 'ServiceUnavailable',
    message: 'The request has failed due to a temporary failure of the server.',
  }),
  OutcomeUnknown: () => ({
    status: 503,
    code: 'ServiceUnavailable',
    message: 'The request may or may not have been carried out; send it again with the same ClientToken to find out.',
  }),
  Internal: () => ({ status: 500, code: 'InternalError', message: 'An error occurred in the internal server.' }),
};

function nothingAt(path: string): string {
  return `There is no operation at ${path}: send to /<product>/<Action>, or to / with Action and Version.`;
}
