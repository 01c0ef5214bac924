import type { Scheme } from '#lib/auth/received.ts';

interface SecurityScheme {
  readonly type: 'apiKey';
  readonly in: 'header' | 'query';
  readonly name: string;
  readonly description: string;
  readonly [extension: `x-${string}`]: string;
}

/** How a request may be signed, in OpenAPI's terms: it knows none of these schemes, so each is named by where its signature stands. */
export const securitySchemes: Readonly<Record<Exclude<Scheme, 'unknown' | 'none'>, SecurityScheme>> = {
  acs3: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description:
      'Alibaba Cloud, signature version 3: `ACS3-HMAC-SHA256 Credential=<AccessKeyId>,SignedHeaders=<names>,Signature=<hex>`, with the headers ' +
      '`x-acs-action`, `x-acs-version`, `x-acs-date`, `x-acs-signature-nonce` and `x-acs-content-sha256`.',
  },
  rpc: {
    type: 'apiKey',
    in: 'query',
    name: 'Signature',
    description:
      'Alibaba Cloud, RPC signature 1.0 (HMAC-SHA1): the parameters `Action`, `Version`, `AccessKeyId`, `SignatureMethod`, `SignatureNonce`, ' +
      '`SignatureVersion`, `Timestamp` and `Signature`. It signs the query and a form, never a JSON body, so the parameters have to stand there.',
  },
  volcengine: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description:
      'Volcengine: `HMAC-SHA256 Credential=<AccessKeyId>/<date>/<region>/<service>/request, SignedHeaders=<names>, Signature=<hex>`, with the ' +
      'headers `X-Date` and `X-Content-Sha256`.',
  },
  volcengineQuery: {
    type: 'apiKey',
    in: 'query',
    name: 'X-Signature',
    description:
      'Volcengine, signed in the query: `X-Algorithm`, `X-Credential`, `X-Date`, `X-SignedHeaders`, `X-SignedQueries` and `X-Signature`; the ' +
      'parameters stand in the query.',
  },
  sigv4: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    'x-amazon-apigateway-authtype': 'awsSigv4',
    description:
      'AWS Signature Version 4, service `tributary`, any region: `curl --aws-sigv4 aws:amz:local:tributary --user <AccessKeyId>:<secret>`.',
  },
};
