import { expect, it } from 'vitest';
import { stand } from '#test/bss/parties.ts';
import {
  created,
  direct,
  directed,
  directInXml,
  isInvalid,
  lacks,
  memberUnknown,
  newDirectoryEstate,
  nobody,
} from '#test/directory/calls.ts';
import { askDeletion, checkUnknown, newDeletionEstate, settle, statusNow } from '#test/directory/deletions.ts';
import { serverRequestId } from '#test/support/refusals.ts';

it('a deletion has its status from the answer on, and keeps it when the account is gone; its times are of China', async () => {
  const estate = await newDeletionEstate();
  const { parent } = estate;
  const { AccountId } = await created(estate, 'Dev');
  await askDeletion(estate, AccountId);
  estate.advance(60_000);
  const CreateTime = '2025-03-02T23:12:34+08:00';
  const asked = { AccountId, CreateTime, DeletionTime: CreateTime, DeletionType: '0', Status: 'Checking' };
  expect(await directed(estate, parent, 'GetAccountDeletionStatus', { AccountId })).toStrictEqual({
    RequestId: serverRequestId,
    RdAccountDeletionStatus: asked,
  });
  const DeletionTime = '2025-03-02T23:13:34+08:00';
  for (const Status of ['Deleting', 'Deleting', 'Deleting', 'Success']) {
    await settle(estate, { most: 1 });
    expect(await statusNow(estate, AccountId)).toStrictEqual({ ...asked, DeletionTime, Status });
  }
  expect(await settle(estate)).toBe(0);
  expect(await direct(estate, parent, 'GetAccount', { AccountId })).toStrictEqual(memberUnknown);
});

it('one that has failed says why, in XML without an element around the reasons', async () => {
  const estate = await newDeletionEstate();
  const { AccountId } = await created(estate, 'Dev');
  await stand(estate, Number(AccountId), { openOrders: 1, arrears: 1 });
  await askDeletion(estate, AccountId);
  await settle(estate);
  const { FailReasonList, Status } = await statusNow(estate, AccountId);
  expect(Status).toBe('CheckFailed');
  expect(FailReasonList).toStrictEqual([
    { Name: 'Orders', Description: 'The account has orders that are not finished.' },
    { Name: 'Arrears', Description: 'The account owes on bills, or is overdrawn.' },
  ]);
  const xml = await directInXml(estate, estate.parent, 'GetAccountDeletionStatus', { AccountId });
  expect(xml).toContain('<Status>CheckFailed</Status><FailReasonList><Name>Orders</Name>');
  expect(xml).toContain('</FailReasonList><FailReasonList><Name>Arrears</Name>');
});

it('the account has to be named, and to be a member whose deletion was asked for', async () => {
  const estate = await newDirectoryEstate();
  const { parent, sibling, stranger } = estate;
  const { AccountId } = await created(estate, 'Dev');
  const action = 'GetAccountDeletionStatus';
  const call = (params: Record<string, string | number>) => direct(estate, parent, action, params);
  expect(await call({})).toStrictEqual(lacks('AccountId'));
  expect(await call({ AccountId: 12 })).toStrictEqual(isInvalid('AccountId'));
  expect(await call({ AccountId: nobody })).toStrictEqual(memberUnknown);
  expect(await call({ AccountId })).toStrictEqual(checkUnknown);
  await directed(estate, sibling, 'InitResourceDirectory');
  for (const by of [sibling, stranger]) {
    expect(await direct(estate, by, action, { AccountId })).toStrictEqual(memberUnknown);
  }
});

it('a member that is being deleted is still told of, with its tags and its payer, and is in its directory', async () => {
  const estate = await newDeletionEstate();
  const { parent } = estate;
  const { AccountId } = await created(estate, 'Dev', { 'Tag.1.Key': 'team', PayerAccountId: parent.uid });
  await askDeletion(estate, AccountId);
  await settle(estate, { most: 1 });
  expect(await statusNow(estate, AccountId)).toMatchObject({ Status: 'Deleting' });
  expect(await directed(estate, parent, 'GetAccount', { AccountId })).toMatchObject({ Account: { AccountId } });
  const named = { ResourceType: 'Account', 'ResourceId.1': AccountId };
  expect((await directed(estate, parent, 'ListTagResources', named)).TagResources).toHaveLength(1);
  expect(await directed(estate, parent, 'GetPayerForAccount', { AccountId })).toMatchObject({
    PayerAccountId: String(parent.uid),
  });
  const invited = { TargetEntity: AccountId, TargetType: 'Account' };
  expect(await direct(estate, parent, 'InviteAccountToResourceDirectory', invited)).toMatchObject({
    body: { Reason: 'AccountInDirectory' },
  });
});
