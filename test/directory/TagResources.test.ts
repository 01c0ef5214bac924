import { expect, it } from 'vitest';
import {
  created,
  direct,
  directed,
  directInXml,
  directoryUnknown,
  foldered,
  folderUnknown,
  isInvalid,
  lacks,
  memberUnknown,
  newDirectoryEstate,
  nobody,
} from '#test/directory/calls.ts';
import { inMaster, master } from '#test/directory/master.ts';
import { refused, serverRequestId } from '#test/support/refusals.ts';

const tooMany = refused('TagQuotaReached', 'NumberExceed.Tags', 'The maximum number of Tags is exceeded.');
const unknownFolder = 'fd-AAAAAAAAAA';

function numbered(name: string, values: readonly string[]): Record<string, string> {
  return Object.fromEntries(values.map((value, index) => [name.replace('N', String(index + 1)), value]));
}

function keys(count: number, from = 0): Record<string, string> {
  return numbered(
    'Tag.N.Key',
    Array.from({ length: count }, (_, index) => `k${String(from + index).padStart(2, '0')}`),
  );
}

it('members are tagged in either version, with new tags and new values of old ones', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const [one, other] = [
    await created(estate, 'One', { 'Tag.1.Key': 'team', 'Tag.1.Value': 'a' }),
    await created(estate, 'Two'),
  ];
  const params = { ResourceType: 'Account', 'ResourceId.1': one.AccountId, 'ResourceId.2': other.AccountId };
  const said = { 'Tag.1.Key': 'team', 'Tag.1.Value': 'b', 'Tag.2.Key': 'env' };
  const answer = await direct(estate, parent, 'TagResources', { ...params, ...said });
  expect(answer).toStrictEqual({ status: 200, body: { RequestId: serverRequestId } });
  await master(estate, parent, 'TagResources', { ...params, 'Tag.1.Key': 'env', 'Tag.1.Value': 'prod' });
  for (const { AccountId } of [one, other]) {
    const { Account } = await directed(estate, parent, 'GetAccount', { AccountId, IncludeTags: true });
    expect(Account.Tags).toEqual([
      { Key: 'env', Value: 'prod' },
      { Key: 'team', Value: 'b' },
    ]);
  }
});

it('folders are tagged in the later version alone', async () => {
  const estate = await newDirectoryEstate();
  const { parent, rootFolderId } = estate;
  const FolderId = await foldered(estate, 'Apps');
  const params = { ResourceType: 'Folder', 'ResourceId.1': FolderId, 'Tag.1.Key': 'team' };
  expect(await direct(estate, parent, 'TagResources', params)).toStrictEqual(isInvalid('ResourceType'));
  await master(estate, parent, 'TagResources', params);
  const { Folders } = await master(estate, parent, 'ListFoldersForParent');
  expect(Folders.Folder).toMatchObject([{ FolderId, Tags: { Tag: [{ Key: 'team', Value: '' }] } }]);
  const root = { ...params, 'ResourceId.1': rootFolderId };
  expect(await inMaster(estate, parent, 'TagResources', root)).toStrictEqual(isInvalid('ResourceId'));
  const other = { ...params, 'ResourceId.2': unknownFolder };
  expect(await inMaster(estate, parent, 'TagResources', other)).toStrictEqual(folderUnknown);
});

it('a folder that is renamed keeps its tags', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const { Folder } = await master(estate, parent, 'CreateFolder', { FolderName: 'Apps', 'Tag.1.Key': 'team' });
  await directed(estate, parent, 'UpdateFolder', { FolderId: Folder.FolderId, NewFolderName: 'Tools' });
  const { Folders } = await master(estate, parent, 'ListFoldersForParent', { 'Tag.1.Key': 'team' });
  expect(Folders.Folder).toMatchObject([{ FolderName: 'Tools', Tags: { Tag: [{ Key: 'team', Value: '' }] } }]);
});

it('a member and a folder have at most 20 tags, and all or none are put on', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const [full, empty] = [await created(estate, 'Full', keys(19)), await created(estate, 'Empty')];
  const both = { ResourceType: 'Account', 'ResourceId.1': empty.AccountId, 'ResourceId.2': full.AccountId };
  expect(await direct(estate, parent, 'TagResources', { ...both, ...keys(2, 50) })).toStrictEqual(tooMany);
  const { Account } = await directed(estate, parent, 'GetAccount', { AccountId: empty.AccountId, IncludeTags: true });
  expect(Account.Tags).toEqual([]);
  // A tag that is there already is none more.
  await directed(estate, parent, 'TagResources', { ...both, ...keys(2, 18) });
  const FolderId = await foldered(estate, 'Apps');
  const folder = { ResourceType: 'Folder', 'ResourceId.1': FolderId };
  await master(estate, parent, 'TagResources', { ...folder, ...keys(20) });
  expect(await inMaster(estate, parent, 'TagResources', { ...folder, ...keys(1, 50) })).toStrictEqual(tooMany);
});

it('50 members are tagged by one call, 51 are not', async () => {
  const estate = await newDirectoryEstate();
  const { call, operator, parent } = estate;
  await call(operator, 'PutDirectoryQuotas', { Uid: parent.uid, Members: 60 });
  const members = await Promise.all(Array.from({ length: 50 }, (_, index) => created(estate, `Member ${index}`)));
  const ids = members.map(({ AccountId }) => AccountId);
  const params = { ResourceType: 'Account', 'Tag.1.Key': 'team' };
  await directed(estate, parent, 'TagResources', { ...params, ...numbered('ResourceId.N', ids) });
  expect((await directed(estate, parent, 'ListAccounts', { 'Tag.1.Key': 'team' })).TotalCount).toBe(50);
  const more = { ...params, ...numbered('ResourceId.N', [...ids, String(nobody)]) };
  expect(await direct(estate, parent, 'TagResources', more)).toStrictEqual(isInvalid('ResourceId'));
});

it('one that is named twice is tagged once', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev');
  const params = { ResourceType: 'Account', 'ResourceId.1': AccountId, 'ResourceId.2': AccountId, 'Tag.1.Key': 'team' };
  await directed(estate, estate.parent, 'TagResources', params);
  expect((await directed(estate, estate.parent, 'ListAccounts', { 'Tag.1.Key': 'team' })).TotalCount).toBe(1);
});

it('tags that are put on one member at once are all on it', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev');
  const params = { ResourceType: 'Account', 'ResourceId.1': AccountId };
  const all = Array.from({ length: 8 }, (_, index) => `k${index}`);
  await Promise.all(all.map((key) => directed(estate, estate.parent, 'TagResources', { ...params, 'Tag.1.Key': key })));
  const { Account } = await directed(estate, estate.parent, 'GetAccount', { AccountId, IncludeTags: true });
  expect(Account.Tags.map(({ Key }: { Key: string }) => Key)).toEqual(all);
});

it("keys and values have limits, and words that are the vendor's own", async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev');
  const of = (tag: Record<string, string>) =>
    direct(estate, estate.parent, 'TagResources', { ResourceType: 'Account', 'ResourceId.1': AccountId, ...tag });
  const [longest, tooLong] = ['k'.repeat(128), 'k'.repeat(129)];
  expect((await of({ 'Tag.1.Key': longest, 'Tag.1.Value': longest })).status).toBe(200);
  for (const key of [tooLong, 'acs:own', 'aliyun', 'see http://a', 'see https://a', '__proto__', 'constructor']) {
    expect(await of({ 'Tag.1.Key': key }), key).toStrictEqual(isInvalid('Tag.1.Key'));
  }
  for (const value of [tooLong, 'acs:own', 'http://a', 'see https://a']) {
    expect(await of({ 'Tag.1.Key': 'k', 'Tag.1.Value': value }), value).toStrictEqual(isInvalid('Tag.1.Value'));
  }
  expect(await of(keys(21))).toStrictEqual(isInvalid('Tag'));
  expect(await of({})).toStrictEqual(lacks('Tag'));
});

it('what is tagged has to be named, and to be there', async () => {
  const estate = await newDirectoryEstate();
  const { child, parent } = estate;
  const tag = (params: Record<string, string | number>, by = parent) =>
    direct(estate, by, 'TagResources', { 'Tag.1.Key': 'team', ...params });
  const ResourceType = 'Account';
  expect(await tag({ 'ResourceId.1': nobody })).toStrictEqual(lacks('ResourceType'));
  expect(await tag({ ResourceType: 'ResourceGroup', 'ResourceId.1': nobody })).toStrictEqual(isInvalid('ResourceType'));
  expect(await tag({ ResourceType })).toStrictEqual(lacks('ResourceId'));
  expect(await tag({ ResourceType, 'ResourceId.1': 12 })).toStrictEqual(isInvalid('ResourceId'));
  expect(await tag({ ResourceType, 'ResourceId.1': nobody })).toStrictEqual(memberUnknown);
  expect(await tag({ ResourceType, 'ResourceId.1': parent.uid })).toStrictEqual(memberUnknown);
  expect(await tag({ ResourceType, 'ResourceId.1': nobody }, child)).toStrictEqual(directoryUnknown);
});

it('the tags of all folders together have a limit, because they stand in one row', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const value = '月'.repeat(128);
  const tags = Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [
      [`Tag.${index + 1}.Key`, `${String(index).padStart(2, '0')}${'月'.repeat(126)}`],
      [`Tag.${index + 1}.Value`, value],
    ]).flat(),
  );
  const answers = [];
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
    answers.push(await inMaster(estate, parent, 'CreateFolder', { FolderName: name, ...tags }));
  }
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 400, 400]);
  expect(answers.at(-1)).toStrictEqual(tooMany);
});

it('its event says what was tagged', async () => {
  const estate = await newDirectoryEstate();
  const { call, directoryId, operator, parent } = estate;
  const { AccountId } = await created(estate, 'Dev');
  const params = { ResourceType: 'Account', 'ResourceId.1': AccountId, 'Tag.1.Key': 'team' };
  await directed(estate, parent, 'TagResources', params);
  const { Events } = (await call(operator, 'ListEvents', { Subject: 'directory', SubjectId: directoryId })).body;
  expect(Events[0]).toMatchObject({ Event: 'tagResources', Action: 'TagResources', ResourceIds: AccountId });
});

it('its answer in XML is the request id alone', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev');
  const params = { ResourceType: 'Account', 'ResourceId.1': AccountId, 'Tag.1.Key': 'team' };
  const xml = await directInXml(estate, estate.parent, 'TagResources', params);
  expect(xml).toMatch(/<TagResourcesResponse><RequestId>[^<]+<\/RequestId><\/TagResourcesResponse>$/);
});
