import type { Identity } from '#lib/auth/claim.ts';

/** A request refused for its signature, in the vendor's terms; `number` is Volcengine's CodeN. */
export class SignatureError extends Error {
  override readonly name = 'SignatureError';
  readonly code: string;
  readonly status: number;
  readonly number?: number;

  constructor(code: string, { status, message, number }: { status: number; message: string; number?: number }) {
    super(message);
    this.code = code;
    this.status = status;
    if (number !== undefined) this.number = number;
  }
}

type Entry = { status: number; message: string; number?: number };
type NamesIn<Message extends string> = Message extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;
type ParamsOf<Message extends string> = [NamesIn<Message>] extends [never]
  ? []
  : [params: Record<NamesIn<Message>, string>];

function errorsOf<const Table extends Record<keyof Table, Entry>>(table: Table) {
  return <Code extends keyof Table & string>(code: Code, ...args: ParamsOf<Table[Code]['message']>): SignatureError => {
    const [params = {}]: readonly Record<string, string>[] = args;
    const entry: Entry = table[code];
    const message = entry.message.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');
    return new SignatureError(code, { ...entry, message });
  };
}

/** Alibaba Cloud's refusals, both signature versions (docs/vendors/wire.md 8.1). */
export const alibabaError = errorsOf({
  IncompleteSignature: { status: 400, message: 'The request signature does not conform to Aliyun standards.' },
  'InvalidAccessKeyId.Inactive': { status: 400, message: 'Specified access key is disabled.' },
  'InvalidAccessKeyId.NotFound': { status: 404, message: 'Specified access key is not found.' },
  'InvalidParameter.SignatureVersion': { status: 400, message: 'Specified signature version is not supported.' },
  'InvalidSecurityToken.MismatchWithAccessKey': {
    status: 400,
    message: 'Specified SecurityToken mismatch with the AccessKey.',
  },
  InvalidSignatureMethod: { status: 400, message: 'Specified signature method is not supported.' },
  'InvalidTimeStamp.Expired': { status: 400, message: 'Specified time stamp or date value is expired.' },
  'InvalidTimeStamp.Format': { status: 400, message: 'Specified time stamp or date value is not well formatted.' },
  SignatureDoesNotMatch: { status: 400, message: '{explanation}' },
});

/** Alibaba Cloud's refusal of a request without a mandatory parameter: `Missing<Name>` (docs/vendors/wire.md 8.1). */
export function missingParameter(name: string): SignatureError {
  return new SignatureError(`Missing${name}`, { status: 400, message: `${name} is mandatory for this action.` });
}

/** Volcengine's refusals (docs/vendors/wire.md 8.2). */
export const volcengineError = errorsOf({
  InvalidAccessKey: {
    status: 401,
    number: 100009,
    message: 'The accesskey [{keyId}] included in the request is invalid.',
  },
  InvalidAuthorization: {
    status: 400,
    number: 100024,
    message: "Invalid 'Authorization' header, Pls check your authorization header.",
  },
  InvalidCredential: {
    status: 400,
    number: 100025,
    message: "Invalid credential in 'Authorization', Pls check credential in authorization header.",
  },
  InvalidSecretToken: { status: 401, number: 100026, message: 'Invalid secret token, msg: {reason}.' },
  InvalidTimestamp: { status: 400, number: 100006, message: 'The Signature of the request is expired.' },
  MissingAuthenticationToken: { status: 401, number: 100003, message: 'Request is missing Authentication Token.' },
  MissingRequestInfo: { status: 400, number: 100004, message: 'The request is missing {name} information.' },
  MissingSignature: { status: 401, number: 100005, message: 'The request is missing signature.' },
  SignatureDoesNotMatch: {
    status: 401,
    number: 100010,
    message:
      'The request signature we calculated does not match the signature you provided. Check your Secret Access Key and signing method. Consult the service documentation for details.',
  },
});

/** AWS's refusals, for requests signed with Signature Version 4. */
export const awsError = errorsOf({
  IncompleteSignature: { status: 400, message: 'The request signature does not conform to AWS standards. {reason}' },
  InvalidClientTokenId: { status: 403, message: 'The security token included in the request is invalid.' },
  RequestExpired: { status: 400, message: 'Request has expired.' },
  SignatureDoesNotMatch: { status: 403, message: '{reason}' },
});

/** The errors for the checks that all schemes share. */
interface SharedErrors {
  unknownKey(keyId: string): SignatureError;
  inactiveKey(keyId: string): SignatureError;
  expired(): SignatureError;
  tokenMissing(): SignatureError;
  tokenMismatch(): SignatureError;
}

const alibaba: SharedErrors = {
  unknownKey: () => alibabaError('InvalidAccessKeyId.NotFound'),
  inactiveKey: () => alibabaError('InvalidAccessKeyId.Inactive'),
  expired: () => alibabaError('InvalidTimeStamp.Expired'),
  tokenMissing: () => missingParameter('SecurityToken'),
  tokenMismatch: () => alibabaError('InvalidSecurityToken.MismatchWithAccessKey'),
};

/** No access key's id is longer. */
const LONGEST_KEY_ID = 128;

const volcengine: SharedErrors = {
  unknownKey: (keyId) => volcengineError('InvalidAccessKey', { keyId: keyId.slice(0, LONGEST_KEY_ID) }),
  inactiveKey: (keyId) => volcengineError('InvalidAccessKey', { keyId }),
  expired: () => volcengineError('InvalidTimestamp'),
  tokenMissing: () => volcengineError('InvalidSecretToken', { reason: 'the token is missing' }),
  tokenMismatch: () => volcengineError('InvalidSecretToken', { reason: 'the token does not belong to the accesskey' }),
};

const sigv4: SharedErrors = {
  unknownKey: () => awsError('InvalidClientTokenId'),
  inactiveKey: () => awsError('InvalidClientTokenId'),
  expired: () => awsError('RequestExpired'),
  tokenMissing: () => awsError('InvalidClientTokenId'),
  tokenMismatch: () => awsError('InvalidClientTokenId'),
};

/** The errors for the checks that all schemes share, by scheme. */
export const sharedErrors: Readonly<Record<Identity['scheme'], SharedErrors>> = {
  acs3: alibaba,
  rpc: alibaba,
  volcengine,
  sigv4,
};
