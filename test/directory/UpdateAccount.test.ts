import { expect, it } from 'vitest';
import { DAY_MS, newParties } from '#test/bss/parties.ts';
import { promoted } from '#test/directory/asking.ts';
import {
  created,
  type DirectoryEstate,
  direct,
  directed,
  directInXml,
  directoryUnknown,
  foldered,
  isInvalid,
  lacks,
  memberUnknown,
  newDirectoryEstate,
  nobody,
} from '#test/directory/calls.ts';
import { cloudMember, rootKey } from '#test/directory/members.ts';
import { refused, serverRequestId } from '#test/support/refusals.ts';

const toResource = { NewAccountType: 'ResourceAccount' };
const toCloud = { NewAccountType: 'CloudAccount' };
const email = 'dev@example.com';

const nameTaken = refused(
  'DisplayNameTaken',
  'InvalidParameter.Account.DisplayName.AlreadyUsed',
  'The displayname of account has been used.',
  409,
);
const keyInUse = refused('RootKeyInUse', 'PrimaryAkInUse', 'The root user has an AccessKey pair in use.', 409);

function updating(estate: DirectoryEstate, AccountId: number | string, params: Record<string, string>) {
  return direct(estate, estate.parent, 'UpdateAccount', { AccountId, ...params });
}

async function updated(estate: DirectoryEstate, AccountId: number | string, params: Record<string, string>) {
  return (await directed(estate, estate.parent, 'UpdateAccount', { AccountId, ...params })).Account;
}

it('a member bears its new name at once, and nothing else of it has changed', async () => {
  const estate = await newDirectoryEstate();
  const account = await created(estate, 'Dev');
  const { AccountId } = account;
  estate.advance(1000);
  const body = await directed(estate, estate.parent, 'UpdateAccount', { AccountId, NewDisplayName: 'Ops' });
  const ModifyTime = new Date(estate.nowMs()).toISOString();
  expect(body).toStrictEqual({ RequestId: serverRequestId, Account: { ...account, DisplayName: 'Ops', ModifyTime } });
  const { Account } = await directed(estate, estate.parent, 'GetAccount', { AccountId });
  expect(Account).toMatchObject(body.Account);
});

it('its old name is free, and its new one is not', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev');
  await updated(estate, AccountId, { NewDisplayName: 'Ops' });
  expect(await direct(estate, estate.parent, 'CreateResourceAccount', { DisplayName: 'Ops' })).toStrictEqual(nameTaken);
  const other = await created(estate, 'Dev');
  expect(await updating(estate, other.AccountId, { NewDisplayName: 'Ops' })).toStrictEqual(nameTaken);
  await updated(estate, AccountId, { NewDisplayName: 'ops' });
});

it('a resource account becomes a cloud account, and that again a resource account', async () => {
  const estate = await newDirectoryEstate();
  const account = await created(estate, 'Dev');
  const { AccountId } = account;
  estate.advance(1000);
  const switched = {
    Type: 'CloudAccount',
    Status: 'SwitchSuccess',
    ModifyTime: new Date(estate.nowMs()).toISOString(),
  };
  expect(await updated(estate, AccountId, toCloud)).toStrictEqual({ ...account, ...switched });
  expect((await directed(estate, estate.parent, 'GetAccount', { AccountId })).Account).toMatchObject(switched);

  const uid = await cloudMember(estate, 'Ops', { email });
  expect(await updated(estate, uid, toResource)).toMatchObject({ Type: 'ResourceAccount', Status: 'SwitchSuccess' });
});

it('a name and a type may be given together', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev');
  expect(await updated(estate, AccountId, { NewDisplayName: 'Ops', ...toCloud })).toMatchObject({
    DisplayName: 'Ops',
    Type: 'CloudAccount',
  });
  const events = await estate.deps.ledger.ofSubject('member', Number(AccountId), 2);
  expect(events).toMatchObject([
    { event: 'switchType', facts: { accountTypeBefore: 'resource', accountTypeAfter: 'cloud' } },
    { event: 'rename', facts: { displayNameBefore: 'Dev', displayNameAfter: 'Ops' } },
  ]);
  await created(estate, 'Dev');
  expect(await updating(estate, AccountId, { NewDisplayName: 'Dev', ...toResource })).toStrictEqual(nameTaken);
});

it('what it is already is no change, whoever asks', async () => {
  const estate = await newDirectoryEstate();
  const account = await created(estate, 'Dev');
  estate.advance(1000);
  const asIs = { AccountId: account.AccountId, NewDisplayName: 'Dev', ...toResource };
  expect(await directed(estate, estate.parent, 'UpdateAccount', asIs)).toMatchObject({ Account: account });
  const root = await rootKey(estate, estate.parent.uid);
  expect(await directed(estate, root, 'UpdateAccount', asIs)).toMatchObject({ Account: account });
});

it('the root user of the management account renames, but switches no types', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev');
  const root = await rootKey(estate, estate.parent.uid);
  await directed(estate, root, 'UpdateAccount', { AccountId, NewDisplayName: 'Ops' });
  const message = 'Please use the RAM user or role of the Management Account.';
  expect(await direct(estate, root, 'UpdateAccount', { AccountId, ...toCloud })).toStrictEqual(
    refused('CallerIsRootUser', 'CallerIdentityError', message, 409),
  );
});

it('an account of another legal name does not become a resource account, nor one without an address', async () => {
  const estate = await newDirectoryEstate();
  const message = 'The account legal entity is different from the one of the Management Account.';
  for (const legalName of ['Bolt', '']) {
    const uid = await cloudMember(estate, `Of ${legalName}.`, { legalName, email: `${legalName}@example.com` });
    expect(await updating(estate, uid, toResource)).toStrictEqual(
      refused('MemberLegalNameDiffers', 'LegalEntityDifferent', message, 409),
    );
  }
  const missing = 'The current member is not configured with a secure email or mobile phone, and the switchover fails.';
  expect(await updating(estate, await cloudMember(estate, 'Dev'), toResource)).toStrictEqual(
    refused('SecurityContactMissing', 'MissingSecurityInfo', missing, 409),
  );
});

it('nor one whose root user has an active key, until all of them are revoked', async () => {
  const estate = await newDirectoryEstate();
  const { call, operator } = estate;
  const uid = await cloudMember(estate, 'Dev', { email });
  expect((await call(operator, 'IssueAccessKey', { Uid: uid })).status).toBe(200);
  const keys = [await rootKey(estate, uid), await rootKey(estate, uid)];
  for (const { keyId } of keys) {
    expect(await updating(estate, uid, toResource)).toStrictEqual(keyInUse);
    // Revoking a key again changes nothing.
    for (const _ of [1, 2]) await call(operator, 'RevokeAccessKey', { AccessKeyId: keyId });
  }
  await updated(estate, uid, toResource);
});

it('a pending promotion stands in the way of another type, not of another name or folder', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev');
  await promoted(estate, { AccountId, Email: email });
  const message = 'The type or status of the member account cannot satisfy the current operation.';
  expect(await updating(estate, AccountId, toCloud)).toStrictEqual(
    refused('MemberTypeUnfit', 'AccountTypeMismatch', message, 409),
  );
  expect(await updated(estate, AccountId, { NewDisplayName: 'Ops' })).toMatchObject({ Status: 'PromoteVerifying' });
  const DestinationFolderId = await foldered(estate, 'Apps');
  await directed(estate, estate.parent, 'MoveAccount', { AccountId, DestinationFolderId });
  estate.advance(DAY_MS);
  expect(await updated(estate, AccountId, toCloud)).toMatchObject({ Status: 'SwitchSuccess', Type: 'CloudAccount' });
});

it('its answer in XML has the same fields in the same order', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev');
  const xml = await directInXml(estate, estate.parent, 'UpdateAccount', { AccountId, ...toCloud });
  const fields =
    'ResourceDirectoryId AccountId AccountName DisplayName FolderId JoinMethod JoinTime Type Status ModifyTime';
  expect(xml.match(/(?<=<)\w+/g)).toEqual(['UpdateAccountResponse', 'RequestId', 'Account', ...fields.split(' ')]);
});

it('either has to be given, in the form it has to have', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev');
  const message = 'Either display name or account type must be specified.';
  expect(await updating(estate, AccountId, {})).toStrictEqual(
    refused('MemberChangeMissing', 'MissingDisplayNameOrAccountType', message, 409),
  );
  expect(await updating(estate, AccountId, { NewDisplayName: 'a/b' })).toStrictEqual(
    isInvalid('NewDisplayName', 'Account.DisplayName', 'The DisplayName of account is invalid.'),
  );
  expect(await updating(estate, AccountId, { NewDisplayName: 'x' })).toMatchObject({
    body: { Code: 'InvalidParameter.Account.DisplayName.Length' },
  });
  expect(await updating(estate, AccountId, { NewAccountType: 'resource' })).toStrictEqual(isInvalid('NewAccountType'));
  expect(await direct(estate, estate.parent, 'UpdateAccount', toCloud)).toStrictEqual(lacks('AccountId'));
});

it('the member has to be one of the directory of the caller', async () => {
  const estate = await newDirectoryEstate();
  const { child, parent, sibling } = estate;
  const { AccountId } = await created(estate, 'Dev');
  for (const uid of [nobody, child.uid, parent.uid]) {
    expect(await updating(estate, uid, toCloud)).toStrictEqual(memberUnknown);
  }
  const call = (by = sibling) => direct(estate, by, 'UpdateAccount', { AccountId, NewDisplayName: 'Ops' });
  expect(await call()).toStrictEqual(directoryUnknown);
  await directed(estate, sibling, 'InitResourceDirectory');
  expect(await call()).toStrictEqual(memberUnknown);
  const strangers = await newParties();
  expect(await direct(strangers, strangers.parent, 'UpdateAccount', { AccountId, ...toCloud })).toStrictEqual(
    directoryUnknown,
  );
});
