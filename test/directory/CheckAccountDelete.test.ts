import { expect, it } from 'vitest';
import { newParties } from '#test/bss/parties.ts';
import {
  created,
  direct,
  directed,
  directInXml,
  directoryUnknown,
  isInvalid,
  lacks,
  memberUnfit,
  memberUnknown,
  newDirectoryEstate,
  nobody,
} from '#test/directory/calls.ts';
import {
  askDeletion,
  byRootUser,
  checked,
  deletionForbidden,
  isCloudAccount,
  legalNameDiffers,
  newDeletionEstate,
  permitted,
  settle,
  stepsOf,
} from '#test/directory/deletions.ts';
import { cloudMember, resourceMember, rootKey } from '#test/directory/members.ts';
import { serverRequestId } from '#test/support/refusals.ts';

it('a check is begun at once and is complete once its step is taken', async () => {
  const estate = await newDeletionEstate();
  const { AccountId } = await created(estate, 'Dev');
  const { parent } = estate;
  expect(await directed(estate, parent, 'CheckAccountDelete', { AccountId })).toStrictEqual({
    RequestId: serverRequestId,
  });
  const read = async () =>
    (await directed(estate, parent, 'GetAccountDeletionCheckResult', { AccountId })).AccountDeletionCheckResultInfo;
  expect(await read()).toStrictEqual({ Status: 'PreChecking' });
  expect(await settle(estate)).toBe(1);
  expect(await read()).toStrictEqual({ Status: 'PreCheckComplete', AllowDelete: 'true' });
  const events = await estate.deps.ledger.ofSubject('deletionCheck', Number(AccountId), 5);
  expect(events.map(({ event, to }) => `${event} ${to}`)).toEqual(['complete complete', 'ask checking']);
});

it('asked for again while it runs it is the same; asked for again afterwards it is made anew', async () => {
  const estate = await newDeletionEstate();
  const { AccountId } = await created(estate, 'Dev');
  for (let time = 0; time < 2; time++) await directed(estate, estate.parent, 'CheckAccountDelete', { AccountId });
  expect(await stepsOf(estate)).toHaveLength(1);
  expect((await checked(estate, AccountId)).AllowDelete).toBe('true');
  expect((await checked(estate, AccountId)).AllowDelete).toBe('true');
  expect(await stepsOf(estate)).toHaveLength(2);
});

it('its answer in XML has the request id alone', async () => {
  const estate = await newDeletionEstate();
  const { AccountId } = await created(estate, 'Dev');
  const xml = await directInXml(estate, estate.parent, 'CheckAccountDelete', { AccountId });
  expect(xml.replace(/[0-9A-F]{8}-[0-9A-F-]+/, 'ID')).toContain(
    '<CheckAccountDeleteResponse><RequestId>ID</RequestId></CheckAccountDeleteResponse>',
  );
});

it('the member has to be named, and to be there', async () => {
  const estate = await newDeletionEstate();
  const { child, parent } = estate;
  const call = (params: Record<string, string | number>) => direct(estate, parent, 'CheckAccountDelete', params);
  expect(await call({})).toStrictEqual(lacks('AccountId'));
  expect(await call({ AccountId: 12 })).toStrictEqual(isInvalid('AccountId'));
  for (const AccountId of [nobody, child.uid, parent.uid]) {
    expect(await call({ AccountId })).toStrictEqual(memberUnknown);
  }
  const others = await newParties();
  const params = { AccountId: nobody };
  expect(await direct(others, others.parent, 'CheckAccountDelete', params)).toStrictEqual(directoryUnknown);
});

it('it is refused where deletions are forbidden, to the root user, and of what cannot be deleted', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const { AccountId } = await created(estate, 'Dev');
  const check = (uid: string | number, by = parent) => direct(estate, by, 'CheckAccountDelete', { AccountId: uid });
  expect(await check(AccountId)).toStrictEqual(deletionForbidden);
  await permitted(estate);
  expect(await check(AccountId, await rootKey(estate, parent.uid))).toStrictEqual(byRootUser);
  expect(await check(await cloudMember(estate, 'Cloud'))).toStrictEqual(isCloudAccount);
  expect(await check(await resourceMember(estate, 'Other', { legalName: 'Bolt' }))).toStrictEqual(legalNameDiffers);
});

it('a member that is being deleted is not checked', async () => {
  const estate = await newDeletionEstate();
  const { AccountId } = await created(estate, 'Dev');
  await askDeletion(estate, AccountId);
  await settle(estate, { most: 1 });
  expect(await direct(estate, estate.parent, 'CheckAccountDelete', { AccountId })).toStrictEqual(memberUnfit);
});
