import { expect, it } from 'vitest';
import {
  created,
  direct,
  directed,
  directInXml,
  directoryUnknown,
  isInvalid,
  lacks,
  memberUnknown,
  newDirectoryEstate,
  nobody,
} from '#test/directory/calls.ts';

it('a member is shown with where it is and whose it is', async () => {
  const estate = await newDirectoryEstate();
  const { directoryId, parent, rootFolderId } = estate;
  const account = await created(estate, 'Dev');
  const { Account } = await directed(estate, parent, 'GetAccount', { AccountId: account.AccountId });
  expect(Account).toStrictEqual({
    ...account,
    ResourceDirectoryPath: `${directoryId}/${rootFolderId}/${account.AccountId}`,
    IdentityInformation: 'Acme',
    Location: 'root',
    EmailStatus: '',
  });
});

it('its tags are shown to who asks for them, as a plain list', async () => {
  const estate = await newDirectoryEstate();
  const tags = { 'Tag.1.Key': 'team', 'Tag.1.Value': 'a', 'Tag.2.Key': 'env' };
  const { AccountId } = await created(estate, 'Dev', tags);
  const { Account } = await directed(estate, estate.parent, 'GetAccount', { AccountId, IncludeTags: 'True' });
  expect(Account.Tags).toStrictEqual([
    { Key: 'env', Value: '' },
    { Key: 'team', Value: 'a' },
  ]);
  const xml = await directInXml(estate, estate.parent, 'GetAccount', { AccountId, IncludeTags: 'true' });
  expect(xml).toContain('<Tags><Key>env</Key><Value></Value></Tags><Tags><Key>team</Key><Value>a</Value></Tags>');
});

it('an account that is no member is gone, even if it is the management account', async () => {
  const estate = await newDirectoryEstate();
  const { child, parent } = estate;
  const call = (AccountId: number | string) => direct(estate, parent, 'GetAccount', { AccountId });
  for (const uid of [nobody, child.uid, parent.uid]) expect(await call(uid)).toStrictEqual(memberUnknown);
  expect(await call('123')).toStrictEqual(isInvalid('AccountId'));
  expect(await direct(estate, parent, 'GetAccount')).toStrictEqual(lacks('AccountId'));
});

it('only the management account sees it', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev');
  expect(await direct(estate, estate.child, 'GetAccount', { AccountId })).toStrictEqual(directoryUnknown);
});
