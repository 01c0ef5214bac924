import { createHmac, hash } from 'node:crypto';
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

type Signer = Exclude<NonNullable<DynamoDBClientConfig['signer']>, (...given: never) => unknown>;

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

/**
 * Signs the requests of `itemProtocol` by AWS Signature Version 4. Without one, the client makes a signer for each request, with a copy of
 * its whole configuration, and hashes the secret only to look for the day's key, which takes three times as long. Region and credentials
 * are asked for each time: the client itself tells a signer that it did not make neither.
 */
export function itemSigner(credentials: () => Promise<Credentials>, region: () => Promise<string>): Signer {
  let latest: { readonly secret: string; readonly scope: string; readonly key: Buffer } | undefined;
  const keyFor = (secret: string, scope: string) => {
    if (latest?.secret !== secret || latest.scope !== scope) latest = { secret, scope, key: signingKey(secret, scope) };
    return latest.key;
  };
  return {
    async sign(request, { signingDate } = {}) {
      if (signingDate === undefined) throw new Error('the client says at what time it signs');
      const { accessKeyId, secretAccessKey, sessionToken } = await credentials();
      const date = new Date(signingDate).toISOString().replace(/[-:]|\.\d+/g, '');
      const scope = `${date.slice(0, 8)}/${await region()}/dynamodb/aws4_request`;
      const { body, headers } = request;
      headers['x-amz-date'] = date;
      if (sessionToken) headers['x-amz-security-token'] = sessionToken;
      const names = Object.keys(headers).filter(isSigned).sort();
      const lines = names.map((name) => `${name}:${headers[name]}\n`).join('');
      const signed = names.join(';');
      const canonical = `POST\n/\n\n${lines}\n${signed}\n${hash('sha256', body, 'hex')}`;
      const text = `${ALGORITHM}\n${date}\n${scope}\n${hash('sha256', canonical, 'hex')}`;
      const signature = createHmac('sha256', keyFor(secretAccessKey, scope)).update(text).digest('hex');
      headers['authorization'] =
        `${ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
      return request;
    },
  };
}

/** AWS asks for these to be signed, and for no more. */
function isSigned(header: string): boolean {
  return header === 'host' || header === 'content-type' || header.startsWith('x-amz-');
}

function signingKey(secret: string, scope: string): Buffer {
  const first = Buffer.from(`AWS4${secret}`);
  return scope.split('/').reduce((key, part) => createHmac('sha256', key).update(part).digest(), first);
}
