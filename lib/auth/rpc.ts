import { byName, canonicalQuery, hmacSha1Base64, isSameText, parseExtendedTime, skewMs } from '#lib/auth/canonical.ts';
import type { Claim } from '#lib/auth/claim.ts';
import { type Pair, percentEncode, valueIn } from '#lib/auth/encoding.ts';
import type { Received } from '#lib/auth/received.ts';
import { alibabaError, missingParameter } from '#lib/auth/signatureError.ts';

/** How many characters of the signed text a refusal shows, to limit its size. */
const MAX_SHOWN = 4096;
const base64Sha1 = /^[A-Za-z0-9+/]{27}=$/;

/** The text that is signed: the path is always `/`, and `Signature` is left out of `pairs` (docs/vendors/wire.md 4.2). */
function rpcStringToSign(method: string, pairs: readonly Pair[]): string {
  return `${method.toUpperCase()}&%2F&${percentEncode(canonicalQuery(pairs, byName))}`;
}

/**
 * Reads a request signed by RPC 1.0 HMAC-SHA1 over all parameters of query and form, duplicates kept (docs/vendors/wire.md 4.2).
 * A body that the signature cannot cover is refused as an unsigned part. Throws Alibaba's SignatureError for a malformed one.
 */
export function readRpc(request: Received): Claim {
  const { pairs } = request;
  const signed = pairs.filter(([name]) => name !== 'Signature');
  const keyId = demand(pairs, 'AccessKeyId');
  const signature = valueIn(pairs, 'Signature');
  if (signature === undefined || !base64Sha1.test(signature) || pairs.length - signed.length > 1) {
    throw alibabaError('IncompleteSignature');
  }
  if (demand(pairs, 'SignatureMethod') !== 'HMAC-SHA1') throw alibabaError('InvalidSignatureMethod');
  if (demand(pairs, 'SignatureVersion') !== '1.0') throw alibabaError('InvalidParameter.SignatureVersion');
  const nonce = demand(pairs, 'SignatureNonce');
  const signedAtMs = parseExtendedTime(demand(pairs, 'Timestamp'));
  if (signedAtMs === undefined) throw alibabaError('InvalidTimeStamp.Format');
  const isCovered = request.content === 'none' || request.content === 'form';
  const token = valueIn(pairs, 'SecurityToken');
  return {
    identity: { scheme: 'rpc', keyId, nonce, signedAtMs },
    token,
    validForMs: skewMs,
    unsignedPart: isCovered ? undefined : alibabaError('IncompleteSignature'),
    verify(secret) {
      const stringToSign = rpcStringToSign(request.method, signed);
      if (isSameText(hmacSha1Base64(`${secret}&`, stringToSign), signature)) return;
      const shown = token ? withoutToken(stringToSign, token) : stringToSign;
      throw alibabaError('SignatureDoesNotMatch', {
        explanation: `Specified signature is not matched with our calculation. server string to sign is:${shown.slice(0, MAX_SHOWN)}`,
      });
    },
  };
}

function demand(pairs: readonly Pair[], name: string): string {
  const value = valueIn(pairs, name);
  if (!value) throw missingParameter(name);
  return value;
}

function withoutToken(stringToSign: string, token: string): string {
  return stringToSign.replaceAll(`SecurityToken%3D${percentEncode(percentEncode(token))}`, 'SecurityToken%3D***');
}
