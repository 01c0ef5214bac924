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
  lacks,
  memberUnknown,
  newDirectoryEstate,
  nobody,
} from '#test/directory/calls.ts';
import { cloudMember } from '#test/directory/members.ts';
import { serverRequestId } from '#test/support/refusals.ts';

it('a member is in its new folder from the answer on: its path, its location and both lists say so', async () => {
  const estate = await newDirectoryEstate();
  const { directoryId, parent, rootFolderId } = estate;
  const apps = await foldered(estate, 'Apps');
  const prod = await foldered(estate, 'Prod', apps);
  const { AccountId, JoinTime } = await created(estate, 'Dev');
  estate.advance(1000);
  expect(await directed(estate, parent, 'MoveAccount', { AccountId, DestinationFolderId: prod })).toStrictEqual({
    RequestId: serverRequestId,
  });
  const { Account } = await directed(estate, parent, 'GetAccount', { AccountId });
  expect(Account).toMatchObject({
    FolderId: prod,
    ResourceDirectoryPath: `${directoryId}/${rootFolderId}/${apps}/${prod}/${AccountId}`,
    Location: 'root/Apps/Prod',
    Status: 'CreateSuccess',
    JoinTime,
    ModifyTime: new Date(estate.nowMs()).toISOString(),
  });
  const totalIn = async (ParentFolderId: string) =>
    (await directed(estate, parent, 'ListAccountsForParent', { ParentFolderId })).TotalCount;
  expect([await totalIn(rootFolderId), await totalIn(apps), await totalIn(prod)]).toEqual([0, 0, 1]);
  const { Accounts } = await directed(estate, parent, 'ListAccounts');
  expect(Accounts.Account).toMatchObject([{ AccountId, FolderId: prod }]);
});

it('cloud accounts are moved like resource accounts, and back into the root folder', async () => {
  const estate = await newDirectoryEstate();
  const folderId = await foldered(estate, 'Apps');
  const AccountId = await cloudMember(estate, 'Dev', { folderId });
  await directed(estate, estate.parent, 'MoveAccount', { AccountId, DestinationFolderId: estate.rootFolderId });
  const { Account } = await directed(estate, estate.parent, 'GetAccount', { AccountId });
  expect(Account).toMatchObject({ FolderId: estate.rootFolderId, Location: 'root' });
});

it('moving a member to where it is changes nothing', async () => {
  const estate = await newDirectoryEstate();
  const account = await created(estate, 'Dev');
  estate.advance(1000);
  const { AccountId } = account;
  await directed(estate, estate.parent, 'MoveAccount', { AccountId, DestinationFolderId: estate.rootFolderId });
  expect((await directed(estate, estate.parent, 'GetAccount', { AccountId })).Account).toMatchObject(account);
});

it('each move is an event of the member', async () => {
  const estate = await newDirectoryEstate();
  const apps = await foldered(estate, 'Apps');
  const { AccountId } = await created(estate, 'Dev');
  await directed(estate, estate.parent, 'MoveAccount', { AccountId, DestinationFolderId: apps });
  const [event] = await estate.deps.ledger.ofSubject('member', Number(AccountId), 1);
  expect(event).toMatchObject({
    event: 'move',
    actor: estate.parent.uid,
    facts: { folderIdBefore: estate.rootFolderId, folderIdAfter: apps },
  });
});

it('its answer in XML has the request id alone', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev');
  const params = { AccountId, DestinationFolderId: await foldered(estate, 'Apps') };
  const xml = await directInXml(estate, estate.parent, 'MoveAccount', params);
  expect(xml.replace(/[0-9A-F]{8}-[0-9A-F-]+/, 'ID')).toBe(
    '<?xml version="1.0" encoding="UTF-8"?><MoveAccountResponse><RequestId>ID</RequestId></MoveAccountResponse>',
  );
});

it('member and folder have to be named, and to be there', async () => {
  const estate = await newDirectoryEstate();
  const { child, parent, rootFolderId } = estate;
  const { AccountId } = await created(estate, 'Dev');
  const call = (params: Record<string, string | number>) => direct(estate, parent, 'MoveAccount', params);
  expect(await call({ DestinationFolderId: rootFolderId })).toStrictEqual(lacks('AccountId'));
  expect(await call({ AccountId })).toStrictEqual(lacks('DestinationFolderId'));
  expect(await call({ AccountId: 12, DestinationFolderId: rootFolderId })).toStrictEqual(isInvalid('AccountId'));
  expect(await call({ AccountId, DestinationFolderId: 'fd-1' })).toStrictEqual(isInvalid('DestinationFolderId'));
  expect(await call({ AccountId, DestinationFolderId: 'fd-1234567890' })).toStrictEqual(folderUnknown);
  for (const uid of [nobody, child.uid, parent.uid]) {
    expect(await call({ AccountId: uid, DestinationFolderId: rootFolderId })).toStrictEqual(memberUnknown);
  }
});

it('a folder of another directory is none', async () => {
  const estate = await newDirectoryEstate();
  const { sibling } = estate;
  const { ResourceDirectory } = await directed(estate, sibling, 'InitResourceDirectory');
  const { AccountId } = await created(estate, 'Dev');
  const params = { AccountId, DestinationFolderId: ResourceDirectory.RootFolderId };
  expect(await direct(estate, estate.parent, 'MoveAccount', params)).toStrictEqual(folderUnknown);
  expect(await direct(estate, sibling, 'MoveAccount', params)).toStrictEqual(memberUnknown);
});

it('an account without a directory moves nobody', async () => {
  const estate = await newParties();
  const params = { AccountId: nobody, DestinationFolderId: 'r-123456' };
  expect(await direct(estate, estate.parent, 'MoveAccount', params)).toStrictEqual(directoryUnknown);
});
