import { createRequire } from 'node:module';
import type { Account } from '#test/support/clients.ts';

type OpenApi = typeof import('@volcengine/openapi', { with: { 'resolution-mode': 'require' }});
type SdkCore = typeof import('@volcengine/sdk-core', { with: { 'resolution-mode': 'require' }});

// As in clients.ts: `require` works the same in Node and vitest.
const require = createRequire(import.meta.url);
const { Service }: OpenApi = require('@volcengine/openapi');
const { buildRequestConfigFromMetaPath, Client, Command }: SdkCore = require('@volcengine/sdk-core');

/** An answer as Volcengine's clients return it. */
export interface Envelope {
  readonly ResponseMetadata: { readonly RequestId: string; readonly Error?: { readonly Code: string } };
  // biome-ignore lint/suspicious/noExplicitAny: tests read results of any shape.
  readonly Result?: any;
}

export type Ask = (action: string, input: object) => Promise<Envelope>;

const VERSION = '2022-01-01';

/** The vendor's older client: any action, sent as JSON. */
export function openApi(account: Account): Ask {
  const client = serviceOf(account);
  return async (action, input) => envelopeOf(await client.createJSONAPI(action)(input));
}

/** The same client with GET: everything in the query. */
export function openApiQuery(account: Account): Ask {
  const client = serviceOf(account);
  return async (action, input) => envelopeOf(await client.createAPI(action)(input));
}

function serviceOf({ baseUrl, keyId, secret }: Account) {
  const { host } = new URL(baseUrl);
  const options = { accessKeyId: keyId, secretKey: secret, host, protocol: 'http:', serviceName: 'billing' };
  return new Service({ ...options, defaultVersion: VERSION });
}

/** The vendor's newer client, with its default retries. */
export function sdkCore({ baseUrl, keyId, secret }: Account): Ask {
  const { host } = new URL(baseUrl);
  const client = new Client({
    accessKeyId: keyId,
    secretAccessKey: secret,
    host,
    protocol: 'http',
    region: 'cn-beijing',
  });
  return async (action, input) => {
    class Call extends Command<object, Envelope> {
      constructor(given: object) {
        super(given);
        this.requestConfig = buildRequestConfigFromMetaPath(`/${action}/${VERSION}/billing/post/application_json/`);
      }
    }
    return envelopeOf(await client.send(new Call(input)));
  };
}

/** The clients' types do not say what they resolve to. */
function envelopeOf(answer: unknown): Envelope {
  return answer as Envelope;
}
