import { expect, it } from 'vitest';
import { newParties, START_MS } from '#test/bss/parties.ts';
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
  newDirectoryEstate,
} from '#test/directory/calls.ts';
import { serverRequestId } from '#test/support/refusals.ts';

const CreateTime = new Date(START_MS).toISOString();

it('the folders above one are listed from the root folder down, without itself', async () => {
  const estate = await newDirectoryEstate();
  const { parent, rootFolderId } = estate;
  const apps = await foldered(estate, 'Apps');
  const prod = await foldered(estate, 'Prod', apps);
  expect(await directed(estate, parent, 'ListAncestors', { ChildId: prod })).toStrictEqual({
    RequestId: serverRequestId,
    Folders: {
      Folder: [
        { FolderId: rootFolderId, FolderName: 'root', CreateTime },
        { FolderId: apps, FolderName: 'Apps', CreateTime },
      ],
    },
  });
  const xml = await directInXml(estate, parent, 'ListAncestors', { ChildId: apps });
  expect(xml).toContain(
    `<Folders><Folder><FolderId>${rootFolderId}</FolderId><FolderName>root</FolderName><CreateTime>${CreateTime}</CreateTime></Folder></Folders>`,
  );
});

it('none is above the root folder', async () => {
  const estate = await newDirectoryEstate();
  const { Folders } = await directed(estate, estate.parent, 'ListAncestors', { ChildId: estate.rootFolderId });
  expect(Folders).toStrictEqual({ Folder: [] });
});

it('it is asked of folders alone, not of members', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev');
  const call = (ChildId?: string) => direct(estate, estate.parent, 'ListAncestors', { ChildId });
  expect(await call(AccountId)).toStrictEqual(isInvalid('ChildId'));
  expect(await call()).toStrictEqual(lacks('ChildId'));
  expect(await call('fd-1234567890')).toStrictEqual(folderUnknown);
});

it('an account without a directory lists none', async () => {
  const estate = await newParties();
  const params = { ChildId: 'fd-1234567890' };
  expect(await direct(estate, estate.parent, 'ListAncestors', params)).toStrictEqual(directoryUnknown);
});
