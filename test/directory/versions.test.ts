import { describe, expect, it } from 'vitest';
import { operations } from '#infra/operations.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { productVersions, versionsOf } from '#lib/pipeline/route.ts';
import { directory, resourceDirectoryMaster, resourceManager } from '#lib/products/directory/product.ts';
import { signVolcengineQuery } from '#test/auth/signers.ts';
import type { Parties } from '#test/bss/parties.ts';
import { created, direct, newDirectoryEstate } from '#test/directory/calls.ts';
import { type Answer, queryOf, signedCall } from '#test/support/estate.ts';
import { signedRequest } from '#test/support/everyOperation.ts';
import { type Example, stage } from '#test/support/examples.ts';
import { refused } from '#test/support/refusals.ts';
import { restored } from '#test/support/snapshot.ts';

const own = operations.filter(({ product }) => product.name === directory.name);
const inEach = own.flatMap((operation) =>
  productVersions(directory).map((version) => [operation.action, version, operation] as const),
);
const exists = ([, version, operation]: (typeof inEach)[number]) => versionsOf(operation).includes(version);

/** The codes of refusals that no operation answers: none but the names decides. */
const unknown = refused(
  'ActionUnknown',
  'InvalidApi.NotFound',
  'Specified api is not found, please check your url and method.',
  404,
);

async function answered(estate: Parties, request: readonly [string, RequestInit]): Promise<Answer> {
  const response = await estate.send(...request);
  return { status: response.status, body: await response.json() };
}

function requestIn({ action }: Operation, version: string, { by, params }: Example, path: string) {
  return signedRequest(by, { action, version, path, query: queryOf(params) });
}

describe.each(inEach.filter(exists))('%s in %s', (action, version, operation) => {
  const begin = restored(() => stage(operation));

  it('is served at the door and at its own path', async () => {
    for (const path of ['/', `/directory/${action}`]) {
      const { estate, example } = await begin();
      const { status, body } = await answered(estate, requestIn(operation, version, example, path));
      expect(status, JSON.stringify(body)).toBe(200);
    }
  });
});

describe.each(inEach.filter((one) => !exists(one)))('%s in %s', (action, version, operation) => {
  it('is unknown at the door and at its own path, and nothing is written', async () => {
    const { estate, example } = await stage(operation);
    const before = await estate.dump();
    for (const path of ['/', `/directory/${action}`]) {
      expect(await answered(estate, requestIn(operation, version, example, path))).toStrictEqual(unknown);
    }
    expect(await estate.dump()).toEqual(before);
  });
});

it('what the later version dropped and added is what its metadata shows', () => {
  const lacking = (version: string) =>
    own.filter((operation) => !versionsOf(operation).includes(version)).map(({ action }) => action);
  expect(lacking(resourceDirectoryMaster)).toEqual([
    'CancelCreateCloudAccount',
    'CancelPromoteResourceAccount',
    'CreateCloudAccount',
    'InitResourceDirectory',
    'PromoteResourceAccount',
    'ResendCreateCloudAccountEmail',
    'ResendPromoteResourceAccountEmail',
  ]);
  expect(lacking(resourceManager)).toEqual(['SetMemberDisplayNameSyncStatus', 'UpdatePayerForAccount']);
});

it('a version that is none of the product is unknown, whatever it is', async () => {
  const estate = await newDirectoryEstate();
  for (const version of ['2016-11-11', '2017-12-14', '2022-04-20']) {
    const request = signedCall(estate.parent, 'GetResourceDirectory', version, {});
    expect(await answered(estate, request)).toStrictEqual(unknown);
  }
});

it('a call at its own path that names no version is of the first', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev');
  // Of the ways to sign, those of the other vendor leave the version open.
  const { keyId, secret } = estate.parent;
  const [path, nowMs, body] = ['/directory/GetAccount', Date.now(), new Uint8Array()] as const;
  const { headers, url } = signVolcengineQuery({
    ...{ keyId, secret, nowMs, method: 'GET', path, body, list: false },
    params: { AccountId },
  });
  const { Account } = (await answered(estate, [url, { method: 'GET', headers }])).body;
  expect(Account).toMatchObject({ AccountId });
  expect(Account).not.toHaveProperty('HasSecureMobilePhone');
});

it('a parameter that only the later version has is ignored in the earlier, even if it is malformed', async () => {
  const estate = await newDirectoryEstate();
  await created(estate, 'Dev');
  const params = { QueryKeyword: 'Ops', MaxResults: 0, NextToken: 'x'.repeat(300) };
  expect((await direct(estate, estate.parent, 'ListAccounts', params)).body).toMatchObject({
    TotalCount: 1,
    PageSize: 10,
  });
  const inMaster = await direct(estate, estate.parent, 'ListAccounts', params, resourceDirectoryMaster);
  expect(inMaster.status).toBe(400);
});

it('a token is of one call, and so of one version', async () => {
  const estate = await newDirectoryEstate();
  const params = { FolderName: 'Apps', ClientToken: 'one' };
  const first = await direct(estate, estate.parent, 'CreateFolder', params);
  expect(first.status).toBe(200);
  expect(await direct(estate, estate.parent, 'CreateFolder', params)).toStrictEqual(first);
  const other = await direct(estate, estate.parent, 'CreateFolder', params, resourceDirectoryMaster);
  expect(other.body.Reason).toBe('TokenReused');
});
