import { expect, it } from 'vitest';
import { newParties, START_MS, stand } from '#test/bss/parties.ts';
import {
  created,
  direct,
  directed,
  directInXml,
  directoryUnknown,
  folderUnknown,
  isInvalid,
  lacks,
  newDirectoryEstate,
  nobody,
} from '#test/directory/calls.ts';
import { cloudMember } from '#test/directory/members.ts';
import { refused, serverRequestId } from '#test/support/refusals.ts';

const tooLong = 'The DisplayName of the account exceeds the length limit.';

it('a resource account is created at once, in the root folder, under the legal name of its management account', async () => {
  const estate = await newDirectoryEstate();
  const { directoryId, parent, rootFolderId } = estate;
  const body = await directed(estate, parent, 'CreateResourceAccount', {
    DisplayName: 'Dev',
    AccountNamePrefix: 'alice',
  });
  const time = new Date(START_MS).toISOString();
  expect(body).toStrictEqual({
    RequestId: serverRequestId,
    Account: {
      ResourceDirectoryId: directoryId,
      AccountId: expect.stringMatching(/^1\d{15}$/),
      AccountName: `alice@${directoryId.toLowerCase()}.aliyunid.com`,
      DisplayName: 'Dev',
      FolderId: rootFolderId,
      JoinMethod: 'created',
      JoinTime: time,
      Type: 'ResourceAccount',
      Status: 'CreateSuccess',
      ModifyTime: time,
    },
  });
  const { Account } = await directed(estate, parent, 'GetAccount', { AccountId: body.Account.AccountId });
  expect(Account).toMatchObject({ ...body.Account, IdentityInformation: 'Acme', Location: 'root' });
});

it('its answer in XML has the same fields in the same order', async () => {
  const estate = await newDirectoryEstate();
  const xml = await directInXml(estate, estate.parent, 'CreateResourceAccount', { DisplayName: 'Dev' });
  expect(xml.match(/<\w+/g)?.slice(0, 6)).toEqual([
    '<CreateResourceAccountResponse',
    '<RequestId',
    '<Account',
    '<ResourceDirectoryId',
    '<AccountId',
    '<AccountName',
  ]);
});

it('a payer is in trusteeship with it from the same moment on, in either billing dialect', async () => {
  const estate = await newDirectoryEstate();
  const { call, parent } = estate;
  const { AccountId } = await created(estate, 'Dev', { PayerAccountId: parent.uid });
  const { Data } = (await call(parent, 'QueryRelationList', { UserId: parent.uid, PageNum: 1, PageSize: 10 })).body;
  expect(Data.FinancialRelationInfoList).toMatchObject([
    { AccountId: Number(AccountId), State: 'RELATED', RelationType: 'FinancialTrusteeship' },
  ]);
});

it('a member of the directory may pay for another', async () => {
  const estate = await newDirectoryEstate();
  const payer = await created(estate, 'Payer');
  await created(estate, 'Dev', { PayerAccountId: payer.AccountId });
});

it('a payer that is paid for by somebody else is refused', async () => {
  const estate = await newDirectoryEstate();
  const payer = await created(estate, 'Payer', { PayerAccountId: estate.parent.uid });
  const answer = await direct(estate, estate.parent, 'CreateResourceAccount', {
    DisplayName: 'Dev',
    PayerAccountId: payer.AccountId,
  });
  expect(answer).toStrictEqual(
    refused(
      'ParentInTrusteeship',
      'PaymentAccountFinancialRelationshipVerifyError',
      'The payment account must not be the beneficiary account from other financial relationships.',
      409,
    ),
  );
});

it('a payer that is frozen, or whose balance is negative, is refused and leaves nothing behind', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const params = { DisplayName: 'Dev', PayerAccountId: parent.uid };
  await stand(estate, parent.uid, { frozen: true });
  const before = await estate.dump();
  const restricted = 'Business is restricted. Please contact your customer service manager.';
  expect(await direct(estate, parent, 'CreateResourceAccount', params)).toStrictEqual(
    refused('ParentFrozen', 'BusinessRestricted', restricted, 409),
  );
  expect(await estate.dump()).toEqual(before);
  await stand(estate, parent.uid, { availableBalance: -1 });
  expect(await direct(estate, parent, 'CreateResourceAccount', params)).toMatchObject({
    status: 409,
    body: { Code: 'PaymentAccountCreditIdentityTypeError' },
  });
});

it('a payer outside the directory is refused, and so is one that does not exist', async () => {
  const estate = await newDirectoryEstate();
  const { parent, sibling } = estate;
  const call = (PayerAccountId: number) =>
    direct(estate, parent, 'CreateResourceAccount', { DisplayName: 'Dev', PayerAccountId });
  expect(await call(sibling.uid)).toMatchObject({
    status: 409,
    body: { Code: 'NotSupport.PayerAccountInAnotherResourceDirectory' },
  });
  expect(await call(nobody)).toMatchObject({ status: 409, body: { Code: 'Invalid.PayRelation' } });
});

it('a payer of another legal name than the directory’s is refused', async () => {
  const estate = await newDirectoryEstate();
  const PayerAccountId = await cloudMember(estate, 'Payer', { legalName: 'Bolt' });
  const answer = await direct(estate, estate.parent, 'CreateResourceAccount', { DisplayName: 'Dev', PayerAccountId });
  expect(answer).toStrictEqual(
    refused(
      'LegalNamesDiffer',
      'InconsistentEnterpriseNameError',
      'The enterprise name of the payment account and the member account must be consistent.',
      409,
    ),
  );
});

it('names that are lacking, too short, too long or of other characters are refused each by its own code', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const call = (params: Record<string, string>) => direct(estate, parent, 'CreateResourceAccount', params);
  expect(await call({})).toStrictEqual(lacks('DisplayName', 'Account.DisplayName'));
  expect(await call({ DisplayName: 'x' })).toStrictEqual(
    isInvalid('DisplayName', 'Account.DisplayName.Length', tooLong),
  );
  expect(await call({ DisplayName: '名'.repeat(51) })).toStrictEqual(
    isInvalid('DisplayName', 'Account.DisplayName.Length', tooLong),
  );
  expect(await call({ DisplayName: 'a/b' })).toStrictEqual(
    isInvalid('DisplayName', 'Account.DisplayName', 'The DisplayName of account is invalid.'),
  );
  const prefixed = (AccountNamePrefix: string) => call({ DisplayName: 'Dev', AccountNamePrefix });
  expect(await prefixed('a..b')).toStrictEqual(
    isInvalid('', 'Account.AccountNamePrefix', 'The account name prefix is invalid.'),
  );
  expect(await prefixed('a'.repeat(38))).toStrictEqual(
    isInvalid('', 'Account.AccountNamePrefix.Length', 'The account name prefix exceeds the length limit.'),
  );
});

it('a display name is unique in the directory, and an account name anywhere', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  await created(estate, 'Dev', { AccountNamePrefix: 'alice' });
  expect(await direct(estate, parent, 'CreateResourceAccount', { DisplayName: 'Dev' })).toStrictEqual(
    refused(
      'DisplayNameTaken',
      'InvalidParameter.Account.DisplayName.AlreadyUsed',
      'The displayname of account has been used.',
      409,
    ),
  );
  const again = { DisplayName: 'Ops', AccountNamePrefix: 'Alice' };
  expect(await direct(estate, parent, 'CreateResourceAccount', again)).toMatchObject({
    status: 409,
    body: { Code: 'EntityAlreadyExists.ResourceDirectory.Account' },
  });
});

it('the folder has to exist', async () => {
  const estate = await newDirectoryEstate();
  const call = (ParentFolderId: string) =>
    direct(estate, estate.parent, 'CreateResourceAccount', { DisplayName: 'Dev', ParentFolderId });
  expect(await call('fd-1234567890')).toStrictEqual(folderUnknown);
  expect(await call('fd-123')).toStrictEqual(isInvalid('ParentFolderId'));
});

it('an account without a directory creates no members', async () => {
  const estate = await newParties();
  expect(await direct(estate, estate.parent, 'CreateResourceAccount', { DisplayName: 'Dev' })).toStrictEqual(
    directoryUnknown,
  );
});

it('twenty members fill a directory, however many are created at once', async () => {
  const estate = await newDirectoryEstate();
  const names = Array.from({ length: 40 }, (_, index) => `Member ${index}`);
  const answers = await Promise.all(
    names.map((DisplayName) => direct(estate, estate.parent, 'CreateResourceAccount', { DisplayName })),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
  const codes = new Set(answers.filter(({ status }) => status !== 200).map(({ body }) => body.Code));
  expect([...codes]).toEqual(['LimitExceeded.Account']);
});

it('nobody is a reseller here', async () => {
  const estate = await newDirectoryEstate();
  const call = (ResellAccountType: string) =>
    direct(estate, estate.parent, 'CreateResourceAccount', { DisplayName: 'Dev', ResellAccountType });
  const message = 'Site does not allow current action.';
  expect(await call('non_resell')).toStrictEqual(refused('ResellingUnsupported', 'NotSupport.Site.Action', message));
  expect(await call('resell')).toMatchObject({ status: 200 });
});
