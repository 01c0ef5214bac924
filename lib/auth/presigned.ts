import type { Received } from '#lib/auth/received.ts';
import { awsError, type SignatureError } from '#lib/auth/signatureError.ts';

const needed = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-SignedHeaders',
  'X-Amz-Signature',
];

/**
 * Why a request is refused that is signed in its query by AWS Signature Version 4, or was meant to be: which parameters it
 * lacks, and that such a signature is not taken. Undefined for any other.
 */
export function presignedRefusal({ queryPairs = [] }: Received): SignatureError | undefined {
  const names = new Set(queryPairs.map(([name]) => name));
  if (![...names].some((name) => /^x-amz-/i.test(name))) return undefined;
  const lacks = needed.filter((name) => !names.has(name));
  const reasons = lacks.map((name) => `AWS query-string parameters must include '${name}'.`);
  const advice = "A signature in the query is not taken here: send it in the 'Authorization' header.";
  return awsError('IncompleteSignature', { reason: [...reasons, advice].join(' ') });
}
