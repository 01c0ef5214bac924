import { byName, canonicalQuery } from '#lib/auth/canonical.ts';
import type { Claim, RawRequest } from '#lib/auth/claim.ts';
import { decodeForm, isForm, type Pair, percentEncode } from '#lib/auth/encoding.ts';
import { hmacSha1Base64, isSameText } from '#lib/auth/hashing.ts';
import { alibabaRefusals } from '#lib/auth/refusals.ts';
import { alibabaError, missingParameter } from '#lib/auth/signatureError.ts';
import { parseExtendedTime, skewMs } from '#lib/auth/time.ts';

const base64Sha1 = /^[A-Za-z0-9+/]{27}=$/;

/** Whether parameters carry an RPC signature or begin to (reference wire 1). */
export function isRpc(pairs: readonly Pair[]): boolean {
  return pairs.some(([name]) => name === 'Signature' || name === 'AccessKeyId');
}

/**
 * The parameters of the query and of a form body together, duplicates kept (reference wire 4.2).
 * Undefined when the body cannot be decoded.
 */
export function mergeForm(queryPairs: Pair[], { headers, body }: RawRequest): Pair[] | undefined {
  if (body.length === 0 || !isForm(headers.get('content-type'))) return queryPairs;
  const formPairs = decodeForm(body);
  return formPairs && [...queryPairs, ...formPairs];
}

/** The text that is signed; the path is always `/`, and `pairs` are without `Signature` (reference wire 4.2). */
function rpcStringToSign(method: string, pairs: readonly Pair[]): string {
  return `${method.toUpperCase()}&%2F&${percentEncode(canonicalQuery(pairs, byName))}`;
}

/**
 * Reads a request signed by RPC 1.0 HMAC-SHA1, `pairs` being its query and form parameters.
 * Throws Alibaba's SignatureError for a malformed one, also for a body that the signature cannot cover.
 */
export function readRpc(request: RawRequest, pairs: readonly Pair[]): Claim {
  const signed = pairs.filter(([name]) => name !== 'Signature');
  const keyId = demand(pairs, 'AccessKeyId');
  const signature = paramOf(pairs, 'Signature');
  if (signature === undefined || !base64Sha1.test(signature) || pairs.length - signed.length > 1) {
    throw alibabaError('IncompleteSignature');
  }
  if (demand(pairs, 'SignatureMethod') !== 'HMAC-SHA1') throw alibabaError('InvalidSignatureMethod');
  if (demand(pairs, 'SignatureVersion') !== '1.0') throw alibabaError('InvalidParameter.SignatureVersion');
  const nonce = demand(pairs, 'SignatureNonce');
  const signedAtMs = parseExtendedTime(demand(pairs, 'Timestamp'));
  if (signedAtMs === undefined) throw alibabaError('InvalidTimeStamp.Format');
  if (request.body.length > 0 && !isForm(request.headers.get('content-type'))) {
    throw alibabaError('IncompleteSignature');
  }
  const token = paramOf(pairs, 'SecurityToken');
  return {
    identity: { scheme: 'rpc', keyId, nonce, signedAtMs },
    token,
    validForMs: skewMs,
    refusals: alibabaRefusals,
    verify(secret) {
      const stringToSign = rpcStringToSign(request.method, signed);
      if (isSameText(hmacSha1Base64(`${secret}&`, stringToSign), signature)) return;
      const shown = token ? withoutToken(stringToSign, token) : stringToSign;
      throw alibabaError('SignatureDoesNotMatch', {
        explanation: `Specified signature is not matched with our calculation. server string to sign is:${shown}`,
      });
    },
  };
}

function paramOf(pairs: readonly Pair[], wanted: string): string | undefined {
  return pairs.find(([name]) => name === wanted)?.[1];
}

function demand(pairs: readonly Pair[], name: string): string {
  const value = paramOf(pairs, name);
  if (!value) throw missingParameter(name);
  return value;
}

function withoutToken(stringToSign: string, token: string): string {
  return stringToSign.replaceAll(`SecurityToken%3D${percentEncode(percentEncode(token))}`, 'SecurityToken%3D***');
}
