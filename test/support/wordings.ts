import { expect } from 'vitest';
import type { ErrorAnswer } from '#lib/errors.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { isInvalid, lacks, metadata, refusedAs } from '#test/billing/calls.ts';
import type { Answer } from '#test/support/estate.ts';
import { malformed, missing, refused, serverRequestId } from '#test/support/refusals.ts';

/** How a product answers common refusals to requests signed with ACS3. */
export interface Wording {
  readonly contentType: string;
  /** An operation's output, without its vendor's envelope. */
  output(body: Answer['body']): unknown;
  /** The answer to a refused signature. Its message may quote what was signed. */
  unsigned(code: string, status?: number): Answer;
  readonly withoutSignature: Answer;
  readonly replayed: Answer;
  readonly wrongKind: Answer;
  missing(parameter: string): Answer;
  malformed(parameter: string): Answer;
}

const isText = expect.any(String);

function alibabaWording({ access }: Operation): Wording {
  const unsigned = (Code: string, status = 400): Answer => ({
    status,
    body: { RequestId: serverRequestId, HostId: 'tributary.test', Code, Message: isText },
  });
  return {
    contentType: 'application/json;charset=utf-8',
    output: (body) => body.Data ?? body,
    unsigned,
    withoutSignature: unsigned('MissingAccessKeyId'),
    replayed: refused('NonceUsed', 'SignatureNonceUsed', 'Specified signature nonce was used already.'),
    wrongKind:
      access === 'operator'
        ? refused('CallerNotOperator', 'NoPermission', 'You are not authorized to perform this action.', 403)
        : refused('CallerNotAccount', 'NotApplicable', 'This API is not applicable for caller.'),
    missing,
    malformed,
  };
}

/** The directory has a code for each parameter, the account factory a sentence of its own; their tests say which. */
function catalogueWording(operation: Operation): Wording {
  const { ParameterInvalid, ParameterMissing } = operation.product.errors;
  const answer = (reason: string, { code, message, status }: ErrorAnswer) => refused(reason, code, message, status);
  return {
    ...alibabaWording(operation),
    missing: (parameter) => answer('ParameterMissing', ParameterMissing({ parameter })),
    malformed: (parameter) => answer('ParameterInvalid', ParameterInvalid({ parameter, fault: 'type' })),
  };
}

/**
 * Volcengine's products: refused signatures have Alibaba Cloud's codes, because the scheme is theirs, in the product's
 * envelope with its default region.
 */
function volcengineWording({ action }: Operation): Wording {
  const ResponseMetadata = metadata(action, 'cn-north-1');
  const unsigned = (Code: string, status = 400, CodeN = 0): Answer => ({
    status,
    body: { ResponseMetadata: { ...ResponseMetadata, Error: { CodeN, Code, Message: isText } } },
  });
  const here = ({ status, body }: Answer): Answer => ({
    status,
    body: { ResponseMetadata: { ...body.ResponseMetadata, ...ResponseMetadata } },
  });
  const denied = `User is not authorized to perform: billing:${action} on resource: .`;
  const forbidden = { status: 403, number: 100013 };
  const own = action === 'CleanUpFinancialRelation';
  return {
    contentType: 'application/json; charset=utf-8',
    output: ({ Result }) => Result,
    unsigned,
    withoutSignature: unsigned('MissingAuthenticationToken', 401, 100003),
    replayed: here(refusedAs(action, 'NonceUsed', 'InvalidNonce', 'The nonce of the request was used already.')),
    wrongKind: here(refusedAs(action, 'CallerNotAccount', 'AccessDenied', denied, forbidden)),
    missing(parameter) {
      const message = `The request is missing ${parameter} parameter.`;
      return here(own ? refusedAs(action, 'ParameterMissing', 'MissingParameter', message) : lacks(action, parameter));
    },
    malformed(parameter) {
      const message = `The parameter ${parameter} is invalid.`;
      return here(own ? refusedAs(action, 'ParameterInvalid', 'InvalidParam', message) : isInvalid(action, parameter));
    },
  };
}

/** The wording of an operation's product. */
export function wordingOf(operation: Operation): Wording {
  if (['directory', 'governance'].includes(operation.product.name)) return catalogueWording(operation);
  const { vendor } = operation.product.dialect;
  return vendor === 'volcengine' ? volcengineWording(operation) : alibabaWording(operation);
}
