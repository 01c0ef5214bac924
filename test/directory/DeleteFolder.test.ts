import { expect, it } from 'vitest';
import { newParties } from '#test/bss/parties.ts';
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

const hasFolders = refused('FolderHasFolders', 'DeleteConflict.Folder.SubFolder', 'This folder has sub folders.', 409);
const hasMembers = refused('FolderHasMembers', 'DeleteConflict.Folder.Account', 'This folder has accounts.', 409);

it('an empty folder is deleted, leaves no row but its records, and takes no members any more', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const rows = async () => (await estate.dump()).filter(({ pk }) => String(pk).startsWith('FOLDER#'));
  const before = await rows();
  const FolderId = await foldered(estate, 'Apps');
  expect(await directed(estate, parent, 'DeleteFolder', { FolderId })).toStrictEqual({ RequestId: serverRequestId });
  expect(await rows()).toEqual(before);
  expect(await direct(estate, parent, 'GetFolder', { FolderId })).toStrictEqual(folderUnknown);
  expect(await direct(estate, parent, 'DeleteFolder', { FolderId })).toStrictEqual(folderUnknown);
  const into = { DisplayName: 'Dev', ParentFolderId: FolderId };
  expect(await direct(estate, parent, 'CreateResourceAccount', into)).toStrictEqual(folderUnknown);
});

it('a folder with folders or members in it stays, and folders are told of first', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const FolderId = await foldered(estate, 'Apps');
  const inner = await foldered(estate, 'Prod', FolderId);
  await created(estate, 'Dev', { ParentFolderId: FolderId });
  expect(await direct(estate, parent, 'DeleteFolder', { FolderId })).toStrictEqual(hasFolders);
  await directed(estate, parent, 'DeleteFolder', { FolderId: inner });
  const before = await estate.dump();
  expect(await direct(estate, parent, 'DeleteFolder', { FolderId })).toStrictEqual(hasMembers);
  expect(await estate.dump()).toEqual(before);
});

it('the root folder is never deleted, and what is lacking or malformed is refused', async () => {
  const estate = await newDirectoryEstate();
  const call = (FolderId?: string) => direct(estate, estate.parent, 'DeleteFolder', { FolderId });
  expect(await call(estate.rootFolderId)).toStrictEqual(isInvalid('FolderId'));
  expect(await call('fd-1')).toStrictEqual(isInvalid('FolderId'));
  expect(await call()).toStrictEqual(lacks('FolderId'));
});

it('an account without a directory deletes no folders', async () => {
  const estate = await newParties();
  const params = { FolderId: 'fd-1234567890' };
  expect(await direct(estate, estate.parent, 'DeleteFolder', params)).toStrictEqual(directoryUnknown);
});
