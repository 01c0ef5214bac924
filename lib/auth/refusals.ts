import type { Refusals } from '#lib/auth/claim.ts';
import { alibabaError, awsError, missingParameter, volcengineError } from '#lib/auth/signatureError.ts';

/** Alibaba Cloud's answers to the checks that every scheme shares. */
export const alibabaRefusals: Refusals = {
  unknownKey: () => alibabaError('InvalidAccessKeyId.NotFound'),
  inactiveKey: () => alibabaError('InvalidAccessKeyId.Inactive'),
  expired: () => alibabaError('InvalidTimeStamp.Expired'),
  tokenMissing: () => missingParameter('SecurityToken'),
  tokenMismatch: () => alibabaError('InvalidSecurityToken.MismatchWithAccessKey'),
};

/** Volcengine's answers to the checks that every scheme shares. */
export const volcengineRefusals: Refusals = {
  unknownKey: (keyId) => volcengineError('InvalidAccessKey', { keyId }),
  inactiveKey: (keyId) => volcengineError('InvalidAccessKey', { keyId }),
  expired: () => volcengineError('InvalidTimestamp'),
  tokenMissing: () => volcengineError('InvalidSecretToken', { reason: 'the token is missing' }),
  tokenMismatch: () => volcengineError('InvalidSecretToken', { reason: 'the token does not belong to the accesskey' }),
};

/** AWS's answers to the checks that every scheme shares. */
export const awsRefusals: Refusals = {
  unknownKey: () => awsError('InvalidClientTokenId'),
  inactiveKey: () => awsError('InvalidClientTokenId'),
  expired: () => awsError('RequestExpired'),
  tokenMissing: () => awsError('InvalidClientTokenId'),
  tokenMismatch: () => awsError('InvalidClientTokenId'),
};
