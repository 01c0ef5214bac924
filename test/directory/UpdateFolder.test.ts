import { expect, it } from 'vitest';
import { newParties, START_MS } from '#test/bss/parties.ts';
import {
  created,
  direct,
  directed,
  directoryUnknown,
  foldered,
  folderUnknown,
  isInvalid,
  lacks,
  newDirectoryEstate,
} from '#test/directory/calls.ts';
import { refused, serverRequestId } from '#test/support/refusals.ts';

it('a folder has its new name wherever it is shown', async () => {
  const estate = await newDirectoryEstate();
  const { parent, rootFolderId } = estate;
  const FolderId = await foldered(estate, 'Apps');
  const { AccountId } = await created(estate, 'Dev', { ParentFolderId: FolderId });
  estate.advance(60_000);
  expect(await directed(estate, parent, 'UpdateFolder', { FolderId, NewFolderName: 'Tools' })).toStrictEqual({
    RequestId: serverRequestId,
    Folder: {
      FolderId,
      FolderName: 'Tools',
      CreateTime: new Date(START_MS).toISOString(),
      ParentFolderId: rootFolderId,
    },
  });
  expect((await directed(estate, parent, 'GetFolder', { FolderId })).Folder.FolderName).toBe('Tools');
  expect((await directed(estate, parent, 'GetAccount', { AccountId })).Account.Location).toBe('root/Tools');
  await foldered(estate, 'Apps');
});

it('a name is unique under its parent; that a folder keeps its own is no conflict', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  await foldered(estate, 'Apps');
  const FolderId = await foldered(estate, 'Tools');
  expect(await direct(estate, parent, 'UpdateFolder', { FolderId, NewFolderName: 'Apps' })).toStrictEqual(
    refused(
      'FolderNameTaken',
      'InvalidParameter.Folder.Name.AlreadyUsed',
      'The name already exists under the same parent. Please change to another name.',
    ),
  );
  await directed(estate, parent, 'UpdateFolder', { FolderId, NewFolderName: 'Tools' });
});

it('what is lacking or malformed is refused by codes of its own', async () => {
  const estate = await newDirectoryEstate();
  const FolderId = await foldered(estate, 'Apps');
  const call = (params: Record<string, string>) => direct(estate, estate.parent, 'UpdateFolder', params);
  const NewFolderName = 'Tools';
  expect(await call({ NewFolderName })).toStrictEqual(lacks('FolderId'));
  expect(await call({ FolderId })).toStrictEqual(
    lacks('NewFolderName', 'Folder.Name', 'You must specify the resource folder name.'),
  );
  expect(await call({ FolderId: 'fd-1', NewFolderName })).toStrictEqual(isInvalid('FolderId'));
  expect(await call({ FolderId, NewFolderName: 'a b' })).toStrictEqual(
    isInvalid('', 'Folder.Name', 'The Name of folder is invalid.'),
  );
  expect(await call({ FolderId, NewFolderName: 'a'.repeat(25) })).toStrictEqual(
    isInvalid('', 'Folder.Name.Length', 'The Name of folder exceeds the length limit.'),
  );
  expect(await call({ FolderId: 'fd-1234567890', NewFolderName })).toStrictEqual(folderUnknown);
});

it('the root folder keeps its name', async () => {
  const estate = await newDirectoryEstate();
  const params = { FolderId: estate.rootFolderId, NewFolderName: 'Top' };
  expect(await direct(estate, estate.parent, 'UpdateFolder', params)).toStrictEqual(isInvalid('FolderId'));
});

it('an account without a directory renames no folders', async () => {
  const estate = await newParties();
  const params = { FolderId: 'fd-1234567890', NewFolderName: 'Top' };
  expect(await direct(estate, estate.parent, 'UpdateFolder', params)).toStrictEqual(directoryUnknown);
});
