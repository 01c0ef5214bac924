import { createRequire } from 'node:module';
import { $OpenApiUtil, OpenApiUtil } from '@alicloud/openapi-core';
import PopClient from '@alicloud/pop-core';

type Bss = typeof import('@alicloud/bssopenapi20171214', { with: { 'resolution-mode': 'require' }});

// Node and vitest disagree about default imports from this CommonJS package; `require` works the same in both.
export const bss: Bss = createRequire(import.meta.url)('@alicloud/bssopenapi20171214');

export type BssClient = InstanceType<Bss['default']>;

type ResourceManager = typeof import('@alicloud/resourcemanager20200331', { with: { 'resolution-mode': 'require' }});

export const resourceManager: ResourceManager = createRequire(import.meta.url)('@alicloud/resourcemanager20200331');

export type DirectoryClient = InstanceType<ResourceManager['default']>;

type OpenApiClient = typeof import('@alicloud/openapi-client', { with: { 'resolution-mode': 'require' }});

const openApiClient: OpenApiClient = createRequire(import.meta.url)('@alicloud/openapi-client');

/** A client's server and key. */
export interface Account {
  readonly baseUrl: string;
  readonly keyId: string;
  readonly secret: string;
}

/** The vendor's typed client. `v2` makes it sign with RPC 1.0. */
export function bssClient(account: Account, signatureAlgorithm?: 'v2'): BssClient {
  return new bss.default(configOf(account, signatureAlgorithm));
}

/** The same of the resource directory. */
export function directoryClient(account: Account, signatureAlgorithm?: 'v2'): DirectoryClient {
  return new resourceManager.default(configOf(account, signatureAlgorithm));
}

function configOf({ baseUrl, keyId, secret }: Account, signatureAlgorithm?: 'v2') {
  const endpoint = new URL(baseUrl).host;
  const common = { accessKeyId: keyId, accessKeySecret: secret, endpoint, protocol: 'http' };
  return new $OpenApiUtil.Config({ ...common, ...(signatureAlgorithm && { signatureAlgorithm }) });
}

/** Where the generic client puts the parameters of a call. */
export type Place = 'query' | 'form';

/** A call of any operation, whose lists and objects the client flattens. */
// biome-ignore lint/suspicious/noExplicitAny: the client does not say what it resolves to.
export type AskAnything = (action: string, params?: Record<string, unknown>) => Promise<any>;

/** The vendor's generic client, for an operation of any product and version. */
export function genericClient(
  { baseUrl, keyId, secret }: Account,
  version: string,
  place: Place,
  signatureAlgorithm?: 'v2',
): AskAnything {
  const common = { accessKeyId: keyId, accessKeySecret: secret, endpoint: new URL(baseUrl).host, protocol: 'http' };
  const signing = signatureAlgorithm && { signatureAlgorithm };
  const client = new openApiClient.default(new openApiClient.Config({ ...common, ...signing }));
  // Its type wants a method that the client never calls.
  const runtime = { toMap: () => ({}) };
  const types = { authType: 'AK', style: 'RPC', reqBodyType: 'formData', bodyType: 'json' };
  return async (action, params = {}) => {
    const how = { ...types, action, version, protocol: 'HTTP', pathname: '/', method: 'POST' };
    const query = OpenApiUtil.query(place === 'query' ? params : {});
    const request = { query, ...(place === 'form' && { body: params }) };
    const asked = client.callApi(new openApiClient.Params(how), new openApiClient.OpenApiRequest(request), runtime);
    return (await asked)['body'];
  };
}

/** What a client's call throws, which must throw. */
export async function thrownBy(call: Promise<unknown>): Promise<unknown> {
  const answer = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('value' in answer) throw new Error(`resolved to ${JSON.stringify(answer.value)}`);
  return answer.error;
}

/** The vendor's older, untyped client. */
export function popClient({ baseUrl, keyId, secret }: Account, apiVersion: string, method: 'GET' | 'POST'): PopClient {
  const opts = { method };
  return new PopClient({ accessKeyId: keyId, accessKeySecret: secret, endpoint: baseUrl, apiVersion, opts });
}
