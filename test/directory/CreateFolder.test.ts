import { expect, it } from 'vitest';
import { amendDirectory } from '#lib/store/directory/directories.ts';
import { commit } from '#lib/table/commit.ts';
import { newParties, START_MS } from '#test/bss/parties.ts';
import {
  direct,
  directed,
  directInXml,
  directoryUnknown,
  foldered,
  folderUnknown,
  isInvalid,
  lacks,
  newDirectoryEstate,
} from '#test/directory/calls.ts';
import { refused, serverRequestId } from '#test/support/refusals.ts';

const nameTaken = refused(
  'FolderNameTaken',
  'InvalidParameter.Folder.Name.AlreadyUsed',
  'The name already exists under the same parent. Please change to another name.',
);
const tooDeep = refused('FolderTooDeep', 'LimitExceeded.Folder.Depth', 'The folder depth exceeds the limit of 5.', 409);
const tooMany = refused(
  'FolderQuotaReached',
  'QuotaExceeded.Folder.Count',
  'The number of folders exceeds the quota.',
  409,
);

it('a folder is made in the root folder, or in the folder that is named', async () => {
  const estate = await newDirectoryEstate();
  const { parent, rootFolderId } = estate;
  const body = await directed(estate, parent, 'CreateFolder', { FolderName: 'Apps' });
  expect(body).toStrictEqual({
    RequestId: serverRequestId,
    Folder: {
      FolderId: expect.stringMatching(/^fd-[0-9A-Za-z]{10}$/),
      FolderName: 'Apps',
      CreateTime: new Date(START_MS).toISOString(),
      ParentFolderId: rootFolderId,
    },
  });
  const { FolderId } = body.Folder;
  const { Folder } = await directed(estate, parent, 'CreateFolder', { FolderName: 'Prod', ParentFolderId: FolderId });
  expect(Folder.ParentFolderId).toBe(FolderId);
  const explicit = { FolderName: 'Ops', ParentFolderId: rootFolderId };
  expect((await directed(estate, parent, 'CreateFolder', explicit)).Folder.ParentFolderId).toBe(rootFolderId);
});

it('its answer in XML has the same fields in the same order', async () => {
  const estate = await newDirectoryEstate();
  const xml = await directInXml(estate, estate.parent, 'CreateFolder', { FolderName: 'Apps' });
  const names = [
    'CreateFolderResponse',
    'RequestId',
    'Folder',
    'FolderId',
    'FolderName',
    'CreateTime',
    'ParentFolderId',
  ];
  expect(xml.match(/<\w+/g)).toEqual(names.map((name) => `<${name}`));
});

it('a name is of 1 to 24 letters of any script, digits and three other characters', async () => {
  const estate = await newDirectoryEstate();
  const call = (FolderName?: string) => direct(estate, estate.parent, 'CreateFolder', { FolderName });
  for (const name of ['a', '名'.repeat(24), 'a_b.c-9', '𠮷'.repeat(24)]) {
    expect(await call(name)).toMatchObject({ status: 200, body: { Folder: { FolderName: name } } });
  }
  const missing = lacks('FolderName', 'Folder.Name', 'You must specify the resource folder name.');
  expect(await call()).toStrictEqual(missing);
  expect(await call('')).toStrictEqual(missing);
  const invalid = isInvalid('', 'Folder.Name', 'The Name of folder is invalid.');
  for (const name of ['a b', 'a/b', 'a@b']) expect(await call(name)).toStrictEqual(invalid);
  const tooLong = isInvalid('', 'Folder.Name.Length', 'The Name of folder exceeds the length limit.');
  for (const name of ['a'.repeat(25), '名'.repeat(25), 'a'.repeat(2000)])
    expect(await call(name)).toStrictEqual(tooLong);
});

it('a name is unique under its parent, and may be that of a folder elsewhere', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const apps = await foldered(estate, 'Apps');
  expect(await direct(estate, parent, 'CreateFolder', { FolderName: 'Apps' })).toStrictEqual(nameTaken);
  await foldered(estate, 'Apps', apps);
  await foldered(estate, 'apps');
});

it('folders nest five levels deep below the root folder', async () => {
  const estate = await newDirectoryEstate();
  let ParentFolderId: string | undefined;
  for (const level of [1, 2, 3, 4, 5]) ParentFolderId = await foldered(estate, `L${level}`, ParentFolderId);
  const params = { FolderName: 'L6', ParentFolderId };
  expect(await direct(estate, estate.parent, 'CreateFolder', params)).toStrictEqual(tooDeep);
});

it('a directory has a hundred folders, or as many as an operator allows', async () => {
  const estate = await newDirectoryEstate();
  const { call, deps, operator, parent, rootFolderId } = estate;
  const make = (FolderName: string) => direct(estate, parent, 'CreateFolder', { FolderName });
  const full = Array.from({ length: 99 }, (_, index) => [
    `fd-${1_000_000_000 + index}`,
    { name: `Folder${index}`, parentId: rootFolderId, createdAtMs: 0 },
  ]);
  await commit(deps.table, [
    amendDirectory(await deps.directories.get(parent.uid), { folders: Object.fromEntries(full) }),
  ]);
  expect((await make('Folder99')).status).toBe(200);
  expect(await make('Folder100')).toStrictEqual(tooMany);
  await call(operator, 'PutDirectoryQuotas', { Uid: parent.uid, Folders: 101 });
  expect((await make('Folder100')).status).toBe(200);
  expect(await make('Folder101')).toStrictEqual(tooMany);
});

it('the parent has to be a folder of the directory', async () => {
  const estate = await newDirectoryEstate();
  const call = (ParentFolderId: string) =>
    direct(estate, estate.parent, 'CreateFolder', { FolderName: 'Apps', ParentFolderId });
  for (const id of ['fd-1234567890', 'r-123456']) expect(await call(id)).toStrictEqual(folderUnknown);
  for (const id of ['fd-123456789', 'r-1234567', '1500000000000001']) {
    expect(await call(id)).toStrictEqual(isInvalid('ParentFolderId'));
  }
});

it('an account without a directory makes no folders', async () => {
  const estate = await newParties();
  expect(await direct(estate, estate.parent, 'CreateFolder', { FolderName: 'Apps' })).toStrictEqual(directoryUnknown);
});
