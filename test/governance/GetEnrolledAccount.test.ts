import { expect, it } from 'vitest';
import { REPORT_TTL_MS } from '#lib/domain/governance/enrolmentFailure.ts';
import { resourceDirectoryMaster } from '#lib/products/directory/product.ts';
import { created, directed, newDirectoryEstate, nobody, signerOf } from '#test/directory/calls.ts';
import { cloudMember } from '#test/directory/members.ts';
import { defaultDomain, flat, govern, isInvalid, notManagement, roles, unverified } from '#test/governance/calls.ts';
import { enrolled, enrolment, handedOver, newAccount, settle } from '#test/governance/enrolling.ts';
import { missing, refused, serverRequestId } from '#test/support/refusals.ts';

const action = 'GetEnrolledAccount';
const unknown = refused(
  'BlueprintUnknown',
  'InvalidBlueprint.NotFound',
  'The specified blueprint does not exist.',
  404,
);
const own = { Name: roles, Config: '{"EnableRoles":[{"Name":"ResourceDirectoryAccountAccessRole"}]}' };

it('an enrolment is followed item by item, up to its end', async () => {
  const estate = await newDirectoryEstate();
  const AccountUid = await enrolled(estate);
  const seen: string[][] = [];
  do {
    const { Initialized, Progress, Status } = await enrolment(estate, AccountUid);
    seen.push([Status, String(Initialized), ...Progress.map((item: { Status: string }) => item.Status)]);
  } while ((await settle(estate, { most: 1 })) > 0);
  expect(seen).toEqual([
    ['Pending', 'false', 'Pending', 'Pending'],
    ['Running', 'false', 'Running', 'Pending'],
    ['Running', 'false', 'Finished', 'Running'],
    ['Finished', 'true', 'Finished', 'Finished'],
  ]);
});

it('a failure has its reason, and the enrolment after it has none', async () => {
  const estate = await newDirectoryEstate();
  const AccountUid = await enrolled(estate, { ...newAccount('dev'), ...flat([own]) });
  await settle(estate);
  const failed = await enrolment(estate, AccountUid);
  expect(failed).toMatchObject({ Status: 'Failed', Initialized: false });
  expect(failed.Progress.map(({ Status }: { Status: string }) => Status)).toEqual(['Finished', 'Finished', 'Failed']);
  expect(failed.ErrorInfo).toStrictEqual({
    Code: 'EntityAlreadyExists.Role',
    Message: 'The role already exists.',
    Recommend: 'https://next.api.aliyun.com/troubleshoot?q=EntityAlreadyExists.Role&product=Ram',
    RequestId: serverRequestId,
  });
  await enrolled(estate, { AccountUid });
  expect(await enrolment(estate, AccountUid)).not.toHaveProperty('ErrorInfo');
  await settle(estate);
  expect(await enrolment(estate, AccountUid)).toMatchObject({ Status: 'Finished', Initialized: true });
});

it('a domain that another account has is a failure, and free again once that has another', async () => {
  const estate = await newDirectoryEstate();
  const domain = (name: string) =>
    flat([{ Name: defaultDomain, Config: `{"DefaultDomainName":"${name}.onaliyun.com"}` }]);
  const first = await enrolled(estate, { ...newAccount('dev'), ...domain('team-a') });
  await settle(estate);
  const AccountUid = await enrolled(estate, { ...newAccount('ops'), ...domain('Team-A') });
  await settle(estate);
  expect((await enrolment(estate, AccountUid)).ErrorInfo).toMatchObject({
    Code: 'EntityAlreadyExists.DefaultDomain',
    Message: 'The default domain name already exists.',
  });
  await enrolled(estate, { AccountUid: first, ...domain('team-b') });
  await settle(estate);
  await enrolled(estate, { AccountUid, ...domain('team-a') });
  await settle(estate);
  expect((await enrolment(estate, AccountUid)).Status).toBe('Finished');
});

it('what is shown of the member is as it is now', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const AccountUid = await enrolled(estate);
  await directed(estate, parent, 'UpdateAccount', { AccountId: AccountUid, NewDisplayName: 'ops' });
  await directed(
    estate,
    parent,
    'UpdatePayerForAccount',
    { AccountId: AccountUid, PayerAccountId: parent.uid },
    resourceDirectoryMaster,
  );
  const { DisplayName, Inputs, PayerAccountUid } = await enrolment(estate, AccountUid);
  expect([DisplayName, Inputs.DisplayName, PayerAccountUid]).toEqual(['ops', 'dev', parent.uid]);
});

it('whoever has not been reported on in time has failed, whether or not that is recorded', async () => {
  const estate = await newDirectoryEstate();
  const AccountUid = await handedOver(estate);
  estate.advance(REPORT_TTL_MS - 1);
  expect((await enrolment(estate, AccountUid)).Status).toBe('Running');
  estate.advance(1);
  const { ErrorInfo, Progress, Status } = await enrolment(estate, AccountUid);
  expect([Status, Progress[0].Status, ErrorInfo.Code]).toEqual(['Failed', 'Failed', 'ItemTimedOut']);
  // And may be enrolled again.
  await enrolled(estate, { AccountUid });
  await settle(estate);
  expect((await enrolment(estate, AccountUid)).Status).toBe('Finished');
  const all = await estate.deps.ledger.ofSubject('enrolment', AccountUid, 50);
  expect(all.find(({ event }) => event === 'timeOut')).toMatchObject({ actor: 'clock', to: 'failed' });
});

it('an account that is not enrolled is not found, whoever it is', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev');
  for (const AccountUid of [Number(AccountId), nobody, estate.parent.uid, estate.child.uid]) {
    expect(await govern(estate, estate.parent, action, { AccountUid })).toStrictEqual(unknown);
  }
});

it('a member that has left is enrolled no more, and begins anew elsewhere', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const AccountUid = await cloudMember(estate, 'Dev');
  await enrolled(estate, { AccountUid });
  await directed(estate, parent, 'RemoveCloudAccount', { AccountId: AccountUid });
  expect(await govern(estate, parent, action, { AccountUid })).toStrictEqual(unknown);
  // The step that was left finds nothing to do.
  expect(await settle(estate)).toBe(1);
  expect((await estate.dump()).filter(({ pk }) => String(pk).startsWith('ENROLMENT#'))).toEqual([]);
});

it('it is for the management account alone', async () => {
  const estate = await newDirectoryEstate();
  const AccountUid = await enrolled(estate);
  const member = await signerOf(estate, AccountUid);
  for (const by of [member, estate.stranger]) {
    expect(await govern(estate, by, action, { AccountUid })).toStrictEqual(notManagement);
  }
  expect(await govern(estate, await estate.account(''), action, { AccountUid })).toStrictEqual(unverified);
  expect(await govern(estate, estate.parent, action)).toStrictEqual(missing('AccountUid'));
  expect(await govern(estate, estate.parent, action, { AccountUid: 'x' })).toStrictEqual(isInvalid('AccountUid'));
});
