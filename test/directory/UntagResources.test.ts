import { expect, it } from 'vitest';
import { resourceManager } from '#lib/products/directory/product.ts';
import {
  created,
  direct,
  directed,
  directoryUnknown,
  folderUnknown,
  isInvalid,
  lacks,
  memberUnknown,
  newDirectoryEstate,
  nobody,
} from '#test/directory/calls.ts';
import { inMaster, master, masterInXml } from '#test/directory/master.ts';
import { isGone, providerOf, readTags, taken } from '#test/directory/terraform.ts';
import { serverRequestId } from '#test/support/refusals.ts';

const tags = { 'Tag.1.Key': 'env', 'Tag.1.Value': 'prod', 'Tag.2.Key': 'team' };

it('the named tags are taken off members, in either version; what is not there needs not be', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const [one, other] = [await created(estate, 'One', tags), await created(estate, 'Two')];
  const params = { ResourceType: 'Account', 'ResourceId.1': one.AccountId, 'ResourceId.2': other.AccountId };
  const answer = await direct(estate, parent, 'UntagResources', { ...params, 'TagKey.1': 'env', 'TagKey.2': 'none' });
  expect(answer).toStrictEqual({ status: 200, body: { RequestId: serverRequestId } });
  const tagsOf = async (AccountId: string) =>
    (await directed(estate, parent, 'GetAccount', { AccountId, IncludeTags: true })).Account.Tags;
  expect([await tagsOf(one.AccountId), await tagsOf(other.AccountId)]).toEqual([[{ Key: 'team', Value: '' }], []]);
  await master(estate, parent, 'UntagResources', { ...params, 'TagKey.1': 'team' });
  expect(await tagsOf(one.AccountId)).toEqual([]);
});

it('the name by which older providers of Terraform call it is understood, as the vendor does', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev', tags);
  const provider = providerOf(estate, estate.parent);
  const form = { ResourceType: 'Account', 'ResourceId.1': AccountId, 'TagKey.1': 'env' };
  taken(await provider('UnTagResources', resourceManager, form));
  expect(await readTags(provider, resourceManager, 'Account', AccountId)).toEqual({ team: '' });
  expect(estate.logged.at(-2)).toMatchObject({ action: 'UntagResources' });
  expect(isGone(await provider('UNTAGRESOURCES', resourceManager, form))).toBe(true);
});

it('all tags are taken off at once', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev', tags);
  const params = { ResourceType: 'Account', 'ResourceId.1': AccountId, All: true };
  await directed(estate, estate.parent, 'UntagResources', params);
  const { Account } = await directed(estate, estate.parent, 'GetAccount', { AccountId, IncludeTags: true });
  expect(Account.Tags).toEqual([]);
});

it('the tags of folders are taken off in the later version', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const { Folder } = await master(estate, parent, 'CreateFolder', { FolderName: 'Apps', ...tags });
  const params = { ResourceType: 'Folder', 'ResourceId.1': Folder.FolderId, 'TagKey.1': 'env' };
  expect(await direct(estate, parent, 'UntagResources', params)).toStrictEqual(isInvalid('ResourceType'));
  const xml = await masterInXml(estate, parent, 'UntagResources', params);
  expect(xml).toMatch(/<UntagResourcesResponse><RequestId>[^<]+<\/RequestId><\/UntagResourcesResponse>$/);
  const { Folders } = await master(estate, parent, 'ListFoldersForParent');
  expect(Folders.Folder).toMatchObject([{ Tags: { Tag: [{ Key: 'team', Value: '' }] } }]);
});

it('tags and what bears them have to be named, and that has to be there', async () => {
  const estate = await newDirectoryEstate();
  const { child, parent } = estate;
  const { AccountId } = await created(estate, 'Dev');
  const untag = (params: Record<string, string | number>, by = parent) =>
    inMaster(estate, by, 'UntagResources', params);
  const own = { ResourceType: 'Account', 'ResourceId.1': AccountId };
  expect(await untag(own)).toStrictEqual(lacks('TagKey'));
  expect(await untag({ ...own, All: 'maybe' })).toStrictEqual(isInvalid('All'));
  const many = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`TagKey.${index + 1}`, 'k']));
  expect(await untag({ ...own, ...many })).toStrictEqual(isInvalid('TagKey'));
  expect(await untag({ ResourceType: 'Account', 'TagKey.1': 'k' })).toStrictEqual(lacks('ResourceId'));
  expect(await untag({ 'ResourceId.1': AccountId, 'TagKey.1': 'k' })).toStrictEqual(lacks('ResourceType'));
  expect(await untag({ ...own, 'ResourceId.1': 'x', 'TagKey.1': 'k' })).toStrictEqual(isInvalid('ResourceId'));
  expect(await untag({ ...own, 'ResourceId.2': nobody, 'TagKey.1': 'k' })).toStrictEqual(memberUnknown);
  const folder = { ResourceType: 'Folder', 'ResourceId.1': 'fd-AAAAAAAAAA', 'TagKey.1': 'k' };
  expect(await untag(folder)).toStrictEqual(folderUnknown);
  expect(await untag({ ...own, 'TagKey.1': 'k' }, child)).toStrictEqual(directoryUnknown);
});
