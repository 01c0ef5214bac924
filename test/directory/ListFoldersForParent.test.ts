import { expect, it } from 'vitest';
import { newParties, START_MS } from '#test/bss/parties.ts';
import {
  direct,
  directed,
  directInXml,
  directoryUnknown,
  foldered,
  folderUnknown,
  isInvalid,
  newDirectoryEstate,
} from '#test/directory/calls.ts';
import { serverRequestId } from '#test/support/refusals.ts';

const CreateTime = new Date(START_MS).toISOString();

it('the folders directly in a folder are listed, of the root folder if no other is named', async () => {
  const estate = await newDirectoryEstate();
  const { parent, rootFolderId } = estate;
  const FolderId = await foldered(estate, 'Apps');
  const inner = await foldered(estate, 'Prod', FolderId);
  const body = await directed(estate, parent, 'ListFoldersForParent');
  expect(body).toStrictEqual({
    RequestId: serverRequestId,
    TotalCount: 1,
    PageNumber: 1,
    PageSize: 10,
    Folders: { Folder: [{ FolderId, FolderName: 'Apps', CreateTime }] },
  });
  const ofRoot = await directed(estate, parent, 'ListFoldersForParent', { ParentFolderId: rootFolderId });
  expect(ofRoot.Folders).toEqual(body.Folders);
  const { Folders } = await directed(estate, parent, 'ListFoldersForParent', { ParentFolderId: FolderId });
  expect(Folders.Folder).toMatchObject([{ FolderId: inner }]);
});

it('pages are in the order in which the folders were made, and one past the end is empty', async () => {
  const estate = await newDirectoryEstate();
  const names = ['zeta', 'eta', 'theta', 'beta', 'alpha'];
  for (const name of names) {
    await foldered(estate, name);
    estate.advance(1);
  }
  const page = async (PageNumber: number) => {
    const params = { PageNumber, PageSize: 2 };
    const { Folders, TotalCount } = await directed(estate, estate.parent, 'ListFoldersForParent', params);
    expect(TotalCount).toBe(5);
    return Folders.Folder.map(({ FolderName }: { FolderName: string }) => FolderName);
  };
  expect([await page(1), await page(2), await page(3), await page(4)]).toEqual([
    ['zeta', 'eta'],
    ['theta', 'beta'],
    ['alpha'],
    [],
  ]);
});

it('a keyword picks folders with it in their names, in any case', async () => {
  const estate = await newDirectoryEstate();
  for (const name of ['Apps', 'MyAPPs', 'Tools']) await foldered(estate, name);
  const find = (QueryKeyword: string) => directed(estate, estate.parent, 'ListFoldersForParent', { QueryKeyword });
  expect(await find('app')).toMatchObject({ TotalCount: 2 });
  expect(await find('.')).toMatchObject({ TotalCount: 0, Folders: { Folder: [] } });
  expect(await find('')).toMatchObject({ TotalCount: 3 });
});

it('in XML the list wraps its folders, and is there when it is empty', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  expect(await directInXml(estate, parent, 'ListFoldersForParent')).toContain(
    '<PageSize>10</PageSize><Folders></Folders>',
  );
  const one = await foldered(estate, 'Apps');
  estate.advance(1);
  const other = await foldered(estate, 'Tools');
  const item = (id: string, name: string, time: string) =>
    `<Folder><FolderId>${id}</FolderId><FolderName>${name}</FolderName><CreateTime>${time}</CreateTime></Folder>`;
  const later = new Date(START_MS + 1).toISOString();
  expect(await directInXml(estate, parent, 'ListFoldersForParent')).toContain(
    `<TotalCount>2</TotalCount><PageNumber>1</PageNumber><PageSize>10</PageSize><Folders>${item(one, 'Apps', CreateTime)}${item(other, 'Tools', later)}</Folders>`,
  );
});

it('pages out of range, and folders that are none, are refused', async () => {
  const estate = await newDirectoryEstate();
  const call = (params: Record<string, string | number>) =>
    direct(estate, estate.parent, 'ListFoldersForParent', params);
  for (const PageNumber of [0, 'one']) expect(await call({ PageNumber })).toStrictEqual(isInvalid('PageNumber'));
  for (const PageSize of [0, 101]) expect(await call({ PageSize })).toStrictEqual(isInvalid('PageSize'));
  expect(await call({ ParentFolderId: 'fd-1' })).toStrictEqual(isInvalid('ParentFolderId'));
  expect(await call({ ParentFolderId: 'fd-1234567890' })).toStrictEqual(folderUnknown);
});

it('an account without a directory lists no folders', async () => {
  const estate = await newParties();
  expect(await direct(estate, estate.parent, 'ListFoldersForParent')).toStrictEqual(directoryUnknown);
});
