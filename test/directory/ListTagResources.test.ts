import { expect, it } from 'vitest';
import {
  created,
  direct,
  directed,
  directoryUnknown,
  isInvalid,
  lacks,
  newDirectoryEstate,
  nobody,
} from '#test/directory/calls.ts';
import { inMaster, master, masterInXml } from '#test/directory/master.ts';
import type { Params } from '#test/support/estate.ts';
import { serverRequestId } from '#test/support/refusals.ts';

const ResourceType = 'Account';
const tags = { 'Tag.1.Key': 'env', 'Tag.1.Value': 'prod', 'Tag.2.Key': 'team', 'Tag.2.Value': 'a' };

function entry(ResourceId: string, TagKey: string, TagValue: string) {
  return { ResourceId, ResourceType, TagKey, TagValue };
}

it('the tags of members are a plain list, which ends without a token, in either version', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev', tags);
  await created(estate, 'Ops', tags);
  const params = { ResourceType, 'ResourceId.1': AccountId };
  const TagResources = [entry(AccountId, 'env', 'prod'), entry(AccountId, 'team', 'a')];
  for (const list of [directed, master]) {
    const body = await list(estate, estate.parent, 'ListTagResources', params);
    expect(body).toStrictEqual({ RequestId: serverRequestId, TagResources });
  }
});

it('without tags the list is there and empty', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev');
  const body = await directed(estate, estate.parent, 'ListTagResources', { ResourceType, 'ResourceId.1': AccountId });
  expect(body).toStrictEqual({ RequestId: serverRequestId, TagResources: [] });
});

it('whoever is not in the directory is passed over: a plan of Terraform must not fail over a member that has just gone', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const { AccountId } = await created(estate, 'Dev', tags);
  const params = { ResourceType, 'ResourceId.1': nobody, 'ResourceId.2': parent.uid, 'ResourceId.3': AccountId };
  const { TagResources } = await directed(estate, parent, 'ListTagResources', params);
  expect(TagResources).toHaveLength(2);
  const folder = { ResourceType: 'Folder', 'ResourceId.1': 'fd-AAAAAAAAAA' };
  expect((await master(estate, parent, 'ListTagResources', folder)).TagResources).toEqual([]);
});

it.each(['named', 'all'] as const)('pages of %s members have no gaps and do not overlap', async (which) => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const ids: string[] = [];
  for (const name of ['One', 'Two', 'Three']) {
    ids.push((await created(estate, name, tags)).AccountId);
    estate.advance(1);
  }
  const named = Object.fromEntries(ids.map((id, index) => [`ResourceId.${index + 1}`, id]));
  const pages: unknown[] = [];
  let NextToken: string | undefined;
  do {
    const params: Params = { ResourceType, ...(which === 'named' && named), MaxResults: 4, NextToken };
    const body = await directed(estate, parent, 'ListTagResources', params);
    pages.push(...body.TagResources);
    NextToken = body.NextToken;
    expect(NextToken ?? '').toHaveProperty(
      'length',
      expect.toSatisfy((length: number) => length <= 256),
    );
  } while (NextToken !== undefined);
  expect(pages).toEqual(ids.flatMap((id) => [entry(id, 'env', 'prod'), entry(id, 'team', 'a')]));
});

it('the tags of folders are listed in the later version, all or those of some', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const make = async (FolderName: string) =>
    (await master(estate, parent, 'CreateFolder', { FolderName, ...tags })).Folder.FolderId;
  const [one, other] = [await make('One'), await make('Two')];
  const params = { ResourceType: 'Folder' };
  expect((await master(estate, parent, 'ListTagResources', params)).TagResources).toHaveLength(4);
  const { TagResources } = await master(estate, parent, 'ListTagResources', { ...params, 'ResourceId.1': other });
  expect(TagResources).toEqual([
    { ...entry(other, 'env', 'prod'), ResourceType: 'Folder' },
    { ...entry(other, 'team', 'a'), ResourceType: 'Folder' },
  ]);
  expect(one).not.toBe(other);
  expect(await direct(estate, parent, 'ListTagResources', params)).toStrictEqual(isInvalid('ResourceType'));
});

it('a filter keeps what has all the pairs, with all its tags', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const { AccountId } = await created(estate, 'Dev', tags);
  await created(estate, 'Ops', { 'Tag.1.Key': 'env', 'Tag.1.Value': 'test' });
  for (const filter of [{ 'Tag.1.Key': 'team' }, { 'Tag.1.Key': 'env', 'Tag.1.Value': 'prod' }]) {
    const { TagResources } = await directed(estate, parent, 'ListTagResources', { ResourceType, ...filter });
    expect(TagResources).toEqual([entry(AccountId, 'env', 'prod'), entry(AccountId, 'team', 'a')]);
  }
});

it('a token is good for the same list alone, and parameters have limits', async () => {
  const estate = await newDirectoryEstate();
  const { child, parent } = estate;
  const { AccountId } = await created(estate, 'Dev', tags);
  const list = (params: Params, by = parent) => direct(estate, by, 'ListTagResources', params);
  const { NextToken } = (await list({ ResourceType, MaxResults: 1 })).body;
  const other = { ResourceType, MaxResults: 1, 'ResourceId.1': AccountId, NextToken };
  expect(await list(other)).toStrictEqual(isInvalid('NextToken'));
  const longest = 'The maximum length of NextToken (256 characters) is exceeded.';
  expect(await list({ ResourceType, NextToken: 'x'.repeat(257) })).toStrictEqual(
    isInvalid('NextToken', 'NextToken.Length', longest),
  );
  for (const MaxResults of [0, 101])
    expect(await list({ ResourceType, MaxResults })).toStrictEqual(isInvalid('MaxResults'));
  expect(await list({})).toStrictEqual(lacks('ResourceType'));
  expect(await list({ ResourceType, 'ResourceId.1': 'x' })).toStrictEqual(isInvalid('ResourceId'));
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`ResourceId.${index + 1}`, AccountId]));
  expect(await list({ ResourceType, ...many })).toStrictEqual(isInvalid('ResourceId'));
  expect(await list({ ResourceType }, child)).toStrictEqual(directoryUnknown);
  expect(await inMaster(estate, child, 'ListTagResources', { ResourceType: 'Folder' })).toStrictEqual(directoryUnknown);
});

it('its answer in XML repeats the element of the list', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev', tags);
  const xml = await masterInXml(estate, estate.parent, 'ListTagResources', { ResourceType });
  const one = `<TagResources><ResourceId>${AccountId}</ResourceId><ResourceType>Account</ResourceType><TagKey>env</TagKey><TagValue>prod</TagValue></TagResources>`;
  expect(xml).toContain(`</RequestId>${one}<TagResources>`);
});
