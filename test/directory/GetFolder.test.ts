import { expect, it } from 'vitest';
import { START_MS } from '#test/bss/parties.ts';
import {
  direct,
  directed,
  directoryUnknown,
  foldered,
  folderUnknown,
  isInvalid,
  lacks,
  newDirectoryEstate,
} from '#test/directory/calls.ts';

const CreateTime = new Date(START_MS).toISOString();

it('a folder is shown with the ids on the way to it', async () => {
  const estate = await newDirectoryEstate();
  const { directoryId, parent, rootFolderId } = estate;
  const apps = await foldered(estate, 'Apps');
  const prod = await foldered(estate, 'Prod', apps);
  expect((await directed(estate, parent, 'GetFolder', { FolderId: prod })).Folder).toStrictEqual({
    FolderId: prod,
    FolderName: 'Prod',
    CreateTime,
    ParentFolderId: apps,
    ResourceDirectoryPath: `${directoryId}/${rootFolderId}/${apps}/${prod}`,
  });
  const first = await directed(estate, parent, 'GetFolder', { FolderId: apps });
  expect(first.Folder.ParentFolderId).toBe(rootFolderId);
});

it('the root folder has a name of its own and no parent', async () => {
  const estate = await newDirectoryEstate();
  const { directoryId, parent, rootFolderId } = estate;
  expect((await directed(estate, parent, 'GetFolder', { FolderId: rootFolderId })).Folder).toStrictEqual({
    FolderId: rootFolderId,
    FolderName: 'root',
    CreateTime,
    ResourceDirectoryPath: `${directoryId}/${rootFolderId}`,
  });
});

it('what is no folder of the directory is refused', async () => {
  const estate = await newDirectoryEstate();
  const { child, parent } = estate;
  const call = (FolderId?: string) => direct(estate, parent, 'GetFolder', { FolderId });
  expect(await call('fd-1234567890')).toStrictEqual(folderUnknown);
  expect(await call('fd-1')).toStrictEqual(isInvalid('FolderId'));
  expect(await call()).toStrictEqual(lacks('FolderId'));
  const FolderId = await foldered(estate, 'Apps');
  expect(await direct(estate, child, 'GetFolder', { FolderId })).toStrictEqual(directoryUnknown);
  await directed(estate, child, 'InitResourceDirectory');
  expect(await direct(estate, child, 'GetFolder', { FolderId })).toStrictEqual(folderUnknown);
});
