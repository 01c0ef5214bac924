import { createRequire } from 'node:module';
import { $OpenApiUtil } from '@alicloud/openapi-core';
import PopClient from '@alicloud/pop-core';

type Bss = typeof import('@alicloud/bssopenapi20171214', { with: { 'resolution-mode': 'require' }});

// Node and vitest do not agree on what a default import of this CommonJS package is; `require` means one thing in both.
export const bss: Bss = createRequire(import.meta.url)('@alicloud/bssopenapi20171214');

export type BssClient = InstanceType<Bss['default']>;

/** Where a client sends, and whose key it signs with. */
export interface Account {
  readonly baseUrl: string;
  readonly keyId: string;
  readonly secret: string;
}

/** The vendor's typed client, as its users make it; `v2` makes it sign the RPC 1.0 way. */
export function bssClient({ baseUrl, keyId, secret }: Account, signatureAlgorithm?: 'v2'): BssClient {
  const endpoint = new URL(baseUrl).host;
  const common = { accessKeyId: keyId, accessKeySecret: secret, endpoint, protocol: 'http' };
  return new bss.default(new $OpenApiUtil.Config({ ...common, ...(signatureAlgorithm && { signatureAlgorithm }) }));
}

/** The vendor's older, untyped client. */
export function popClient({ baseUrl, keyId, secret }: Account, apiVersion: string, method: 'GET' | 'POST'): PopClient {
  const opts = { method };
  return new PopClient({ accessKeyId: keyId, accessKeySecret: secret, endpoint: baseUrl, apiVersion, opts });
}
