import { expect, it } from 'vitest';
import { newParties } from '#test/bss/parties.ts';
import {
  created,
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

function namesIn({ Accounts }: { Accounts: { Account: { DisplayName: string }[] } }): string[] {
  return Accounts.Account.map(({ DisplayName }) => DisplayName);
}

it('the members directly in a folder are listed, of the root folder if none is named', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const apps = await foldered(estate, 'Apps');
  const prod = await foldered(estate, 'Prod', apps);
  const { AccountName, ...top } = await created(estate, 'Top');
  await created(estate, 'Middle', { ParentFolderId: apps });
  await created(estate, 'Bottom', { ParentFolderId: prod });
  expect(await directed(estate, parent, 'ListAccountsForParent')).toStrictEqual({
    RequestId: serverRequestId,
    TotalCount: 1,
    PageNumber: 1,
    PageSize: 10,
    // Unlike ListAccounts, without the path.
    Accounts: { Account: [top] },
  });
  const listIn = (ParentFolderId: string) => directed(estate, parent, 'ListAccountsForParent', { ParentFolderId });
  expect(namesIn(await listIn(apps))).toEqual(['Middle']);
  expect(namesIn(await listIn(prod))).toEqual(['Bottom']);
});

it('an empty folder has an empty list, with its wrapper', async () => {
  const estate = await newDirectoryEstate();
  await created(estate, 'Dev');
  const params = { ParentFolderId: await foldered(estate, 'Apps') };
  expect(await directed(estate, estate.parent, 'ListAccountsForParent', params)).toMatchObject({
    TotalCount: 0,
    Accounts: { Account: [] },
  });
  expect(await directInXml(estate, estate.parent, 'ListAccountsForParent', params)).toContain('<Accounts></Accounts>');
});

it('pages have no gaps and do not overlap', async () => {
  const estate = await newDirectoryEstate();
  for (const name of ['a1', 'b2', 'c3']) {
    await created(estate, name);
    estate.advance(1);
  }
  const page = async (PageNumber: number) =>
    namesIn(await directed(estate, estate.parent, 'ListAccountsForParent', { PageNumber, PageSize: 2 }));
  expect([await page(1), await page(2), await page(3)]).toEqual([['a1', 'b2'], ['c3'], []]);
});

it('a keyword is any part of the display name, in whatever case, and the total counts what it finds', async () => {
  const estate = await newDirectoryEstate();
  for (const name of ['Billing Prod', 'billing-test', '账单 Ünder', 'Dev']) {
    await created(estate, name);
    estate.advance(1);
  }
  const found = async (QueryKeyword: string, PageSize = 10) => {
    const body = await directed(estate, estate.parent, 'ListAccountsForParent', { QueryKeyword, PageSize });
    return [body.TotalCount, ...namesIn(body)];
  };
  expect(await found('BILL')).toEqual([2, 'Billing Prod', 'billing-test']);
  expect(await found('ing', 1)).toEqual([2, 'Billing Prod']);
  expect(await found('账')).toEqual([1, '账单 Ünder']);
  expect(await found('üN')).toEqual([1, '账单 Ünder']);
  expect(await found('nothing')).toEqual([0]);
  expect(await found('')).toHaveLength(5);
});

it('a keyword finds a member by its new name, and no longer by the old one', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Before');
  await directed(estate, estate.parent, 'UpdateAccount', { AccountId, NewDisplayName: 'After' });
  const found = (QueryKeyword: string) =>
    directed(estate, estate.parent, 'ListAccountsForParent', { QueryKeyword }).then(namesIn);
  expect([await found('before'), await found('after')]).toEqual([[], ['After']]);
});

it('keyword and tags are both asked for, of the folder alone', async () => {
  const estate = await newDirectoryEstate();
  const apps = await foldered(estate, 'Apps');
  const tag = { 'Tag.1.Key': 'team', 'Tag.1.Value': 'a' };
  await created(estate, 'Dev 1', { ...tag, ParentFolderId: apps });
  await created(estate, 'Dev 2', tag);
  await created(estate, 'Dev 3', { ParentFolderId: apps });
  await created(estate, 'Ops 4', { ...tag, ParentFolderId: apps });
  const params = { ...tag, ParentFolderId: apps, QueryKeyword: 'dev', IncludeTags: true };
  expect(await directed(estate, estate.parent, 'ListAccountsForParent', params)).toMatchObject({
    TotalCount: 1,
    Accounts: { Account: [{ DisplayName: 'Dev 1', Tags: { Tag: [{ Key: 'team', Value: 'a' }] } }] },
  });
});

it('the folder has to be one of the directory', async () => {
  const estate = await newDirectoryEstate();
  const { parent, rootFolderId, sibling } = estate;
  await directed(estate, sibling, 'InitResourceDirectory');
  const listIn = (ParentFolderId: string, by = parent) =>
    direct(estate, by, 'ListAccountsForParent', { ParentFolderId });
  expect(await listIn('fd-12')).toStrictEqual(isInvalid('ParentFolderId'));
  expect(await listIn('fd-1234567890')).toStrictEqual(folderUnknown);
  expect(await listIn(rootFolderId, sibling)).toStrictEqual(folderUnknown);
});

it('an account without a directory lists nobody', async () => {
  const estate = await newParties();
  expect(await direct(estate, estate.parent, 'ListAccountsForParent')).toStrictEqual(directoryUnknown);
});
