import { expect, it } from 'vitest';
import { newParties } from '#test/bss/parties.ts';
import { newDirectoryEstate } from '#test/directory/calls.ts';
import { govern, governed, isInvalid, notManagement, unverified } from '#test/governance/calls.ts';
import { serverRequestId } from '#test/support/refusals.ts';

const action = 'ListAccountFactoryBaselineItems';
const contact = 'ACS-BP_ACCOUNT_FACTORY_ACCOUNT_CONTACT';
const notification = 'ACS-BP_ACCOUNT_FACTORY_ACCOUNT_NOTIFICATION';

/** All names, in the order of docs/vendors/alibaba-governance.md 6.1. */
const names = [
  contact,
  notification,
  'ACS-BP_ACCOUNT_FACTORY_PRESET_TAG',
  'ACS-BP_ACCOUNT_FACTORY_RAM_ROLE',
  'ACS-BP_ACCOUNT_FACTORY_RAM_USER_PASSWORD_POLICY',
  'ACS-BP_ACCOUNT_FACTORY_RAM_SECURITY_PREFERENCE',
  'ACS-BP_ACCOUNT_FACTORY_RAM_DEFAULT_DOMAIN',
  'ACS-BP_ACCOUNT_FACTORY_SUBSCRIBE_SERVICES',
  'ACS-BP_ACCOUNT_FACTORY_VPC',
];

const namesIn = (body: { BaselineItems: { Name: string }[] }) => body.BaselineItems.map(({ Name }) => Name);

it('all nine items are listed, with what they depend on and no token behind the last', async () => {
  const estate = await newDirectoryEstate();
  const body = await governed(estate, estate.parent, action);
  expect(namesIn(body)).toEqual(names);
  expect(Object.keys(body)).toEqual(['RequestId', 'BaselineItems']);
  expect(body.RequestId).toEqual(serverRequestId);
  expect(body.BaselineItems[1]).toStrictEqual({
    Name: notification,
    Version: '1.0',
    Type: 'AccountFactory',
    Description: 'Which contacts of the account are sent which messages.',
    DependsOn: [{ Name: contact, Version: '1.0', Type: 'AccountFactory' }],
  });
  expect(body.BaselineItems[0].DependsOn).toEqual([]);
});

it('filters are joined by and, and what nothing fits is an empty list', async () => {
  const estate = await newDirectoryEstate();
  const listed = async (params: object) => namesIn(await governed(estate, estate.parent, action, { ...params }));
  expect(await listed({ Type: 'AccountFactory', Names: [notification, 'NOPE'], Versions: ['1.0'] })).toEqual([
    notification,
  ]);
  expect(await listed({ Names: [notification], Versions: ['2.0'] })).toEqual([]);
  expect(await listed({ Type: 'Other' })).toEqual([]);
});

it('pages follow each other without gap or repetition', async () => {
  const estate = await newDirectoryEstate();
  const listed: string[] = [];
  let NextToken: string | undefined;
  do {
    const body = await governed(estate, estate.parent, action, { MaxResults: 4, NextToken });
    listed.push(...namesIn(body));
    NextToken = body.NextToken;
  } while (NextToken !== undefined);
  expect(listed).toEqual(names);
});

it('a token is of the list that it came from', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const { NextToken } = await governed(estate, parent, action, { MaxResults: 1 });
  expect(await govern(estate, parent, action, { NextToken, Type: 'AccountFactory' })).toEqual(isInvalid('NextToken'));
  expect(await govern(estate, parent, action, { NextToken: 'x' })).toEqual(isInvalid('NextToken'));
  expect(await govern(estate, parent, action, { MaxResults: 101 })).toEqual(isInvalid('MaxResults'));
});

it('only the management account of a directory may ask, and only if it is verified', async () => {
  const estate = await newParties();
  expect(await govern(estate, estate.parent, action)).toStrictEqual(notManagement);
  expect(await govern(estate, await estate.account(''), action)).toStrictEqual(unverified);
});
