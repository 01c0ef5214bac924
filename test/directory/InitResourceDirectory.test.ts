import { expect, it } from 'vitest';
import { newParties, START_MS } from '#test/bss/parties.ts';
import { direct, directed, newDirectoryEstate } from '#test/directory/calls.ts';
import { refused, serverRequestId } from '#test/support/refusals.ts';

it('a verified account becomes the management account of an empty directory', async () => {
  const estate = await newParties();
  expect(await directed(estate, estate.parent, 'InitResourceDirectory')).toStrictEqual({
    RequestId: serverRequestId,
    ResourceDirectory: {
      ResourceDirectoryId: expect.stringMatching(/^rd-[0-9A-Za-z]{6}$/),
      MasterAccountId: String(estate.parent.uid),
      MasterAccountName: `login${estate.parent.uid}@test`,
      RootFolderId: expect.stringMatching(/^r-[0-9A-Za-z]{6}$/),
      CreateTime: new Date(START_MS).toISOString(),
    },
  });
});

it('an account that is not verified may not', async () => {
  const estate = await newParties();
  const nameless = await estate.account('');
  expect(await direct(estate, nameless, 'InitResourceDirectory')).toMatchObject({
    status: 409,
    body: { Code: 'EnterpriseRealNameVerificationError', Reason: 'AccountUnverified' },
  });
});

it('of many who enable it at once, one does', async () => {
  const estate = await newParties();
  const calls = Array.from({ length: 20 }, () => direct(estate, estate.parent, 'InitResourceDirectory'));
  const answers = await Promise.all(calls);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  const message =
    'The resource directory for the account is already enabled. We recommend that you do not enable the resource directory again.';
  const exists = refused('DirectoryExists', 'EntityAlreadyExists.ResourceDirectory', message, 409);
  for (const answer of answers) if (answer.status !== 200) expect(answer).toStrictEqual(exists);
});

it('a member has no directory of its own', async () => {
  const estate = await newDirectoryEstate();
  const { Account } = await directed(estate, estate.parent, 'CreateResourceAccount', { DisplayName: 'Dev' });
  const { body: issued } = await estate.call(estate.operator, 'IssueAccessKey', { Uid: Account.AccountId });
  const member = { uid: Number(Account.AccountId), keyId: issued.AccessKeyId, secret: issued.AccessKeySecret };
  expect(await direct(estate, member, 'InitResourceDirectory')).toMatchObject({
    status: 409,
    body: { Code: 'NotSupport.AccountInAnotherResourceDirectory', Reason: 'AccountInDirectory' },
  });
});
