import { expect, it } from 'vitest';
import { newParties, type Parties, START_MS } from '#test/bss/parties.ts';
import { created, direct, directed, isInvalid, lacks, newDirectoryEstate, signerOf } from '#test/directory/calls.ts';
import type { Params, Signer } from '#test/support/estate.ts';
import { refused, serverRequestId } from '#test/support/refusals.ts';

const MAName = 'user01@rdadmin.aliyunid.com';
const phone = '86-13900001234';
const anew = { EnableMode: 'NewManagementAccount', MAName, MASecureMobilePhone: phone };
const MINUTE_MS = 60_000;

/** The code that an operator passes on to a caller's telephone. */
async function codeFor({ call, operator }: Parties, { uid }: Signer, SecureMobilePhone = phone): Promise<string> {
  const { body } = await call(operator, 'DescribeVerificationCode', { Uid: uid, SecureMobilePhone });
  return body.VerificationCode;
}

/** Asks for a directory under a new management account, with the code for the caller's telephone. */
async function enableAnew(estate: Parties, by: Signer, params: Params = {}) {
  const VerificationCode = await codeFor(estate, by);
  return direct(estate, by, 'EnableResourceDirectory', { ...anew, VerificationCode, ...params });
}

function conflict(reason: string, code: string, message: string) {
  return refused(reason, code, message, 409);
}

const inDirectory = conflict(
  'AccountInDirectory',
  'NotSupport.AccountInAnotherResourceDirectory',
  'The specified account is an Alibaba Cloud account or already exists in another resource directory.',
);
const exists = conflict(
  'DirectoryExists',
  'EntityAlreadyExists.ResourceDirectory',
  'The resource directory for the account is already enabled. We recommend that you do not enable the resource directory again.',
);
const unverified = conflict(
  'AccountUnverified',
  'EnterpriseRealNameVerificationError',
  'The specified account does not pass enterprise real-name verification. We recommend you first complete enterprise real-name verification for the account.',
);
const wrongCode = conflict('VerificationCodeWrong', 'Invalid.VerificationCode', 'The verification code is invalid.');
const wrongName = conflict(
  'ParameterInvalid',
  'InvalidParameter.ManagementAccountName',
  'The management account name is in the wrong format.',
);

it('the caller becomes the management account of an empty directory', async () => {
  const estate = await newParties();
  const { parent } = estate;
  const body = await directed(estate, parent, 'EnableResourceDirectory', { EnableMode: 'CurrentAccount' });
  expect(body).toStrictEqual({
    RequestId: serverRequestId,
    ResourceDirectory: {
      ResourceDirectoryId: expect.stringMatching(/^rd-[0-9A-Za-z]{6}$/),
      MasterAccountId: String(parent.uid),
      MasterAccountName: `login${parent.uid}@test`,
      RootFolderId: expect.stringMatching(/^r-[0-9A-Za-z]{6}$/),
      CreateTime: new Date(START_MS).toISOString(),
    },
  });
  const { ResourceDirectory } = await directed(estate, parent, 'GetResourceDirectory');
  expect(ResourceDirectory).toMatchObject(body.ResourceDirectory);
});

it('a new management account is of the legal name of the caller, who becomes the first member', async () => {
  const estate = await newParties();
  const { directoryId, management, rootFolderId } = await founded(estate);
  const { body: described } = await estate.call(estate.operator, 'DescribeAccount', { Uid: management.uid });
  expect(described).toMatchObject({ Name: MAName, LegalName: 'Acme' });
  const { ResourceDirectory } = await directed(estate, management, 'GetResourceDirectory');
  expect(ResourceDirectory).toMatchObject({ ResourceDirectoryId: directoryId, MasterAccountName: MAName });
  expect((await directed(estate, estate.parent, 'GetResourceDirectory')).ResourceDirectory).toEqual(ResourceDirectory);
  const { Account } = await directed(estate, management, 'GetAccount', { AccountId: estate.parent.uid });
  expect(Account).toMatchObject({
    DisplayName: `login${estate.parent.uid}@test`,
    FolderId: rootFolderId,
    JoinMethod: 'invited',
    Type: 'CloudAccount',
    Status: 'InviteSuccess',
  });
});

it('the caller is counted as a member from the start', async () => {
  const estate = await newParties();
  const { management } = await founded(estate);
  expect(await direct(estate, management, 'DestroyResourceDirectory')).toMatchObject({
    status: 409,
    body: { Code: 'DeleteConflict.ResourceDirectory.Account' },
  });
  for (let members = 1; members < 20; members++) {
    await directed(estate, management, 'CreateResourceAccount', { DisplayName: `Member ${members}` });
  }
  expect(await direct(estate, management, 'CreateResourceAccount', { DisplayName: 'Dev' })).toMatchObject({
    status: 409,
    body: { Code: 'LimitExceeded.Account' },
  });
});

it('who manages a directory, or is a member of one, enables none, in either mode', async () => {
  const estate = await newDirectoryEstate();
  const member = await signerOf(estate, (await created(estate, 'Dev')).AccountId);
  const current = { EnableMode: 'CurrentAccount' };
  expect(await direct(estate, estate.parent, 'EnableResourceDirectory', current)).toStrictEqual(exists);
  expect(await enableAnew(estate, estate.parent)).toStrictEqual(exists);
  expect(await direct(estate, member, 'EnableResourceDirectory', current)).toStrictEqual(inDirectory);
  expect(await enableAnew(estate, member)).toStrictEqual(inDirectory);
});

it('an account that is not verified may not', async () => {
  const estate = await newParties();
  const nameless = await estate.account('');
  const current = { EnableMode: 'CurrentAccount' };
  expect(await direct(estate, nameless, 'EnableResourceDirectory', current)).toStrictEqual(unverified);
  expect(await enableAnew(estate, nameless)).toStrictEqual(unverified);
});

it('the name of a new management account has a form of its own, and is unique', async () => {
  const estate = await newParties();
  await founded(estate);
  const { child } = estate;
  const taken = conflict(
    'ManagementNameTaken',
    'InvalidParameter.ManagementAccountName.AlreadyUsed',
    'The ManagementAccountName has been used.',
  );
  expect(await enableAnew(estate, child)).toStrictEqual(taken);
  const suffix = '@rdadmin.aliyunid.com';
  for (const prefix of ['a', 'a'.repeat(51), '-a', 'a.', 'a__b', 'a b']) {
    expect(await enableAnew(estate, child, { MAName: `${prefix}${suffix}` })).toStrictEqual(wrongName);
  }
  expect(await enableAnew(estate, child, { MAName: 'user02@example.com' })).toStrictEqual(wrongName);
  expect(await enableAnew(estate, child, { MAName: undefined })).toStrictEqual(wrongName);
  expect(await enableAnew(estate, child, { MAName: `${'a'.repeat(50)}${suffix}` })).toMatchObject({ status: 200 });
});

it('a telephone has to be named, and the code for it given', async () => {
  const estate = await newParties();
  const { parent } = estate;
  expect(await enableAnew(estate, parent, { MASecureMobilePhone: undefined })).toStrictEqual(
    conflict('PhoneMissing', 'MissingSecureMobilePhone', 'Secure mobile phone is missing.'),
  );
  expect(await enableAnew(estate, parent, { MASecureMobilePhone: '13900001234' })).toStrictEqual(
    conflict(
      'ParameterInvalid',
      'InvalidParameter.ManagementAccountSecurityInfo',
      'The parameter management account secure mobile phone is invalid.',
    ),
  );
  expect(await enableAnew(estate, parent, { VerificationCode: undefined })).toStrictEqual(
    conflict('VerificationCodeMissing', 'MissingSecurityInfo', 'Security info is missing.'),
  );
});

it('a code is good for one account, one telephone and five to ten minutes', async () => {
  const estate = await newParties();
  const { child, parent } = estate;
  const own = await codeFor(estate, parent);
  const others = [await codeFor(estate, child), await codeFor(estate, parent, '86-13900001235'), 'abc'];
  for (const VerificationCode of others) {
    expect(await enableAnew(estate, parent, { VerificationCode })).toStrictEqual(wrongCode);
  }
  estate.advance(5 * MINUTE_MS);
  const late = await newParties();
  const lapsed = await codeFor(late, late.parent);
  late.advance(10 * MINUTE_MS);
  expect(await enableAnew(late, late.parent, { VerificationCode: lapsed })).toStrictEqual(wrongCode);
  expect(await enableAnew(estate, parent, { VerificationCode: own })).toMatchObject({ status: 200 });
});

it('the mode has to be one of two', async () => {
  const estate = await newParties();
  const call = (EnableMode?: string) => direct(estate, estate.parent, 'EnableResourceDirectory', { EnableMode });
  expect(await call()).toStrictEqual(lacks('EnableMode'));
  expect(await call('Both')).toStrictEqual(isInvalid('EnableMode'));
});

it('of many who enable one under new management accounts at once, one does', async () => {
  const estate = await newParties();
  const names = Array.from({ length: 10 }, (_, index) => `user${10 + index}@rdadmin.aliyunid.com`);
  const answers = await Promise.all(names.map((name) => enableAnew(estate, estate.parent, { MAName: name })));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  for (const answer of answers) if (answer.status !== 200) expect(answer).toStrictEqual(inDirectory);
});

/** The parent's directory under a new management account, with a key of that. */
async function founded(estate: Parties) {
  const { body, status } = await enableAnew(estate, estate.parent);
  expect(status, JSON.stringify(body)).toBe(200);
  const { MasterAccountId, ResourceDirectoryId: directoryId, RootFolderId: rootFolderId } = body.ResourceDirectory;
  expect(body.ResourceDirectory).toMatchObject({ MasterAccountName: MAName });
  return { directoryId, rootFolderId, management: await signerOf(estate, MasterAccountId) };
}
