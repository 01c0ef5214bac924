import { expect, it } from 'vitest';
import { newParties } from '#test/bss/parties.ts';
import {
  created,
  direct,
  directed,
  directInXml,
  directoryUnknown,
  foldered,
  isInvalid,
  newDirectoryEstate,
} from '#test/directory/calls.ts';
import { costOf, membersAtOnce } from '#test/directory/many.ts';
import { cloudMember } from '#test/directory/members.ts';
import { serverRequestId } from '#test/support/refusals.ts';

it('all members are listed in the order in which they joined, whatever folder they are in', async () => {
  const estate = await newDirectoryEstate();
  const { directoryId, parent, rootFolderId } = estate;
  const apps = await foldered(estate, 'Apps');
  const { AccountName, ...first } = await created(estate, 'Zoe', { ParentFolderId: apps });
  estate.advance(1);
  const second = await cloudMember(estate, 'Ann');
  const body = await directed(estate, parent, 'ListAccounts');
  expect(body).toStrictEqual({
    RequestId: serverRequestId,
    TotalCount: 2,
    PageNumber: 1,
    PageSize: 10,
    Accounts: {
      Account: [
        { ...first, ResourceDirectoryPath: `${directoryId}/${rootFolderId}/${apps}/${first.AccountId}` },
        expect.objectContaining({ AccountId: String(second), DisplayName: 'Ann', Type: 'CloudAccount' }),
      ],
    },
  });
});

it('an empty directory has an empty list, with its wrapper', async () => {
  const estate = await newDirectoryEstate();
  const empty = { TotalCount: 0, PageNumber: 1, PageSize: 10, Accounts: { Account: [] } };
  expect(await directed(estate, estate.parent, 'ListAccounts')).toStrictEqual({ RequestId: serverRequestId, ...empty });
  expect(await directInXml(estate, estate.parent, 'ListAccounts')).toContain('<Accounts></Accounts>');
});

it('pages have no gaps and do not overlap, and one past the end is empty', async () => {
  const estate = await newDirectoryEstate();
  const names = ['a1', 'b2', 'c3', 'd4', 'e5'];
  for (const name of names) {
    await created(estate, name);
    estate.advance(1);
  }
  const page = async (PageNumber: number) => {
    const body = await directed(estate, estate.parent, 'ListAccounts', { PageNumber, PageSize: 2 });
    expect(body).toMatchObject({ TotalCount: 5, PageNumber, PageSize: 2 });
    return body.Accounts.Account.map(({ DisplayName }: { DisplayName: string }) => DisplayName);
  };
  expect([await page(1), await page(2), await page(3), await page(4)]).toEqual([
    ['a1', 'b2'],
    ['c3', 'd4'],
    ['e5'],
    [],
  ]);
  expect(await page(2_147_483_647)).toEqual([]);
});

it('tags are shown to who asks for them, within their wrapper, which also a member without tags has', async () => {
  const estate = await newDirectoryEstate();
  await created(estate, 'Dev', { 'Tag.1.Key': 'team', 'Tag.1.Value': 'a', 'Tag.2.Key': 'env' });
  estate.advance(1);
  await created(estate, 'Ops');
  const tagsIn = async (params: Record<string, string>) =>
    (await directed(estate, estate.parent, 'ListAccounts', params)).Accounts.Account.map(
      ({ Tags }: { Tags: unknown }) => Tags,
    );
  expect(await tagsIn({})).toEqual([undefined, undefined]);
  const tags = [
    { Key: 'env', Value: '' },
    { Key: 'team', Value: 'a' },
  ];
  expect(await tagsIn({ IncludeTags: 'true' })).toEqual([{ Tag: tags }, { Tag: [] }]);
  const xml = await directInXml(estate, estate.parent, 'ListAccounts', { IncludeTags: 'true' });
  expect(xml).toContain(
    '<Tags><Tag><Key>env</Key><Value></Value></Tag><Tag><Key>team</Key><Value>a</Value></Tag></Tags></Account>',
  );
  expect(xml).toMatch(
    /<TotalCount>2<\/TotalCount><PageNumber>1<\/PageNumber><PageSize>10<\/PageSize><Accounts><Account>/,
  );
});

it('a filter by tags keeps the members that have all of them, a key alone standing for any value', async () => {
  const estate = await newDirectoryEstate();
  await created(estate, 'One', { 'Tag.1.Key': 'team', 'Tag.1.Value': 'a', 'Tag.2.Key': 'cost.centre/1' });
  estate.advance(1);
  await created(estate, 'Two', { 'Tag.1.Key': 'team', 'Tag.1.Value': 'b' });
  estate.advance(1);
  await created(estate, 'Three');
  const found = async (params: Record<string, string | number>) => {
    const { Accounts, TotalCount } = await directed(estate, estate.parent, 'ListAccounts', params);
    return [TotalCount, ...Accounts.Account.map(({ DisplayName }: { DisplayName: string }) => DisplayName)];
  };
  expect(await found({ 'Tag.1.Key': 'team' })).toEqual([2, 'One', 'Two']);
  expect(await found({ 'Tag.1.Key': 'team', PageSize: 1, PageNumber: 2 })).toEqual([2, 'Two']);
  expect(await found({ 'Tag.1.Key': 'team', 'Tag.1.Value': 'b' })).toEqual([1, 'Two']);
  expect(await found({ 'Tag.1.Key': 'team', 'Tag.2.Key': 'cost.centre/1' })).toEqual([1, 'One']);
  expect(await found({ 'Tag.1.Key': 'team', 'Tag.1.Value': 'b', 'Tag.2.Key': 'cost.centre/1' })).toEqual([0]);
  expect(await found({ 'Tag.1.Key': 'nothing' })).toEqual([0]);
});

it('page and size have to be within their limits', async () => {
  const estate = await newDirectoryEstate();
  const call = (params: Record<string, number>) => direct(estate, estate.parent, 'ListAccounts', params);
  expect(await call({ PageSize: 101 })).toStrictEqual(isInvalid('PageSize'));
  expect(await call({ PageSize: 0 })).toStrictEqual(isInvalid('PageSize'));
  expect(await call({ PageNumber: 0 })).toStrictEqual(isInvalid('PageNumber'));
});

it('an account without a directory lists nobody, filtered or not, and a member of one neither', async () => {
  const estate = await newDirectoryEstate();
  for (const params of [{}, { PageNumber: 2 }, { 'Tag.1.Key': 'team' }]) {
    expect(await direct(estate, estate.child, 'ListAccounts', params)).toStrictEqual(directoryUnknown);
  }
  const { AccountId } = await created(estate, 'Dev');
  const { body } = await estate.call(estate.operator, 'IssueAccessKey', { Uid: AccountId });
  const member = { uid: Number(AccountId), keyId: body.AccessKeyId, secret: body.AccessKeySecret };
  expect(await direct(estate, member, 'ListAccounts')).toStrictEqual(directoryUnknown);
  const stranger = await newParties();
  expect(await direct(stranger, stranger.parent, 'ListAccounts')).toStrictEqual(directoryUnknown);
});

it('the first page of 10,000 members costs what that of 10 costs, and a late one is found by keys', async () => {
  const [few, many] = [await newDirectoryEstate(), await newDirectoryEstate()];
  await membersAtOnce(few, 10);
  await membersAtOnce(many, 10_000);
  for (const action of ['ListAccounts', 'ListAccountsForParent']) {
    const ofFew = await costOf(few, action);
    expect(ofFew.body).toMatchObject({ TotalCount: 10 });
    const ofMany = await costOf(many, action);
    expect(ofMany.body).toMatchObject({ TotalCount: 10_000 });
    expect(ofMany.usage).toEqual(ofFew.usage);
    const late = await costOf(many, action, { PageNumber: 100, PageSize: 100 });
    const names = late.body.Accounts.Account.map(({ DisplayName }: { DisplayName: string }) => DisplayName);
    expect(names).toEqual(Array.from({ length: 100 }, (_, index) => `Member ${9901 + index}`));
    expect(late.usage.requests).toBeLessThan(15);
    expect((await costOf(many, action, { PageNumber: 102, PageSize: 100 })).usage.requests).toBeLessThan(3);
  }
  const found = await costOf(many, 'ListAccountsForParent', { QueryKeyword: 'BER 99', PageSize: 3, PageNumber: 37 });
  expect(found.body).toMatchObject({ TotalCount: 111 });
  const last = found.body.Accounts.Account.map(({ DisplayName }: { DisplayName: string }) => DisplayName);
  expect(last).toEqual(['Member 9997', 'Member 9998', 'Member 9999']);
});
