import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/transport';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, test } from 'vitest';
import { itemSigner } from '#lib/table/signer.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a secret' };
const signingDate = new Date('2026-02-03T04:05:06.789Z');

function request(body = '{"TableName":"账户"}'): HttpRequest {
  return new HttpRequest({
    method: 'POST',
    protocol: 'https:',
    hostname: 'dynamodb.us-east-1.amazonaws.com',
    path: '/',
    headers: {
      host: 'dynamodb.us-east-1.amazonaws.com',
      'content-type': 'application/x-amz-json-1.0',
      'user-agent': 'tributary',
      'x-amz-target': 'DynamoDB_20120810.GetItem',
      'amz-sdk-request': 'attempt=1; max=3',
    },
    body,
  });
}

/** What the SDK's own signer makes of a request, with the same headers covered. */
async function signedBySdk(held: object, at = signingDate, region = 'us-east-1'): Promise<HttpRequest['headers']> {
  const signer = new SignatureV4({
    credentials: { ...credentials, ...held },
    region,
    service: 'dynamodb',
    sha256: Sha256,
    applyChecksum: false,
  });
  const unsignableHeaders = new Set(['amz-sdk-request']);
  return (await signer.sign(request(), { signingDate: at, unsignableHeaders })).headers;
}

/** The signer of a client with such credentials, in such a region. */
function signerOf(held: () => object = () => ({}), region = () => 'us-east-1') {
  return itemSigner(
    async () => ({ ...credentials, ...held() }),
    async () => region(),
  );
}

describe('a request of the table', () => {
  test.each([{}, { sessionToken: 'a token/+==' }])('is signed as the SDK signs it, with %j', async (held) => {
    const signer = signerOf(() => held);
    const { headers } = await signer.sign(request(), { signingDate });
    expect(headers).toEqual(await signedBySdk(held));
  });

  test('is signed with the key of its day, its region and its secret, and not with the one before', async () => {
    let held = {};
    let region = '';
    const signer = signerOf(
      () => held,
      () => region,
    );
    const signed = async (at: Date, by: string) => {
      region = by;
      return (await signer.sign(request(), { signingDate: at })).headers;
    };
    const nextDay = new Date('2026-02-04T00:00:00Z');
    for (const [at, where] of [
      [signingDate, 'us-east-1'],
      [nextDay, 'us-east-1'],
      [nextDay, 'eu-central-1'],
    ] as const) {
      expect(await signed(at, where)).toEqual(await signedBySdk(held, at, where));
    }
    held = { secretAccessKey: 'another secret' };
    expect(await signed(nextDay, 'eu-central-1')).toEqual(await signedBySdk(held, nextDay, 'eu-central-1'));
  });

  test('is signed anew when it is sent again', async () => {
    const signer = signerOf();
    const sent = request();
    await signer.sign(sent, { signingDate: new Date(0) });
    const { headers } = await signer.sign(sent, { signingDate });
    expect(headers).toEqual(await signedBySdk({}));
  });
});
