import { createRequire } from 'node:module';
import { $OpenApiUtil } from '@alicloud/openapi-core';
import PopClient from '@alicloud/pop-core';

type Bss = typeof import('@alicloud/bssopenapi20171214', { with: { 'resolution-mode': 'require' }});

// Node and vitest disagree about default imports from this CommonJS package; `require` works the same in both.
export const bss: Bss = createRequire(import.meta.url)('@alicloud/bssopenapi20171214');

export type BssClient = InstanceType<Bss['default']>;

/** A client's server and key. */
export interface Account {
  readonly baseUrl: string;
  readonly keyId: string;
  readonly secret: string;
}

/** The vendor's typed client. `v2` makes it sign with RPC 1.0. */
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
