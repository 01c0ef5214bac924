import { expect, it } from 'vitest';
import { bill, create, naming, relationWith, resultOf } from '#test/billing/calls.ts';
import { newParties, proposal, relieve, succeeded } from '#test/bss/parties.ts';
import {
  created,
  type DirectoryEstate,
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
import { cloudMember } from '#test/directory/members.ts';
import { serverRequestId } from '#test/support/refusals.ts';

const selfPaying = { RequestId: serverRequestId };

function payerOf(estate: DirectoryEstate, AccountId: number | string) {
  return directed(estate, estate.parent, 'GetPayerForAccount', { AccountId });
}

function paying({ parent }: DirectoryEstate) {
  return { ...selfPaying, PayerAccountId: String(parent.uid), PayerAccountName: `login${parent.uid}@test` };
}

it('the payer that a member was created with is the parent of its trusteeship, in every dialect', async () => {
  const estate = await newDirectoryEstate();
  const { call, parent } = estate;
  const { AccountId } = await created(estate, 'Dev', { PayerAccountId: parent.uid });
  expect(await payerOf(estate, AccountId)).toStrictEqual(paying(estate));
  const { Data } = succeeded(await call(parent, 'QueryRelationList', { UserId: parent.uid }));
  const [listed] = Data.FinancialRelationInfoList;
  expect(listed).toMatchObject({ AccountId: Number(AccountId), State: 'RELATED' });
  const relation = await relationWith(estate, parent, { ...parent, uid: Number(AccountId) });
  expect(relation).toMatchObject({
    RelationID: `rel${listed.RelationId}`,
    MajorAccountID: parent.uid,
    SubAccountID: Number(AccountId),
    Status: 200,
  });
});

it('another member may be the payer', async () => {
  const estate = await newDirectoryEstate();
  const payer = await created(estate, 'Payer');
  const { AccountId } = await created(estate, 'Dev', { PayerAccountId: payer.AccountId });
  expect(await payerOf(estate, AccountId)).toStrictEqual({
    ...selfPaying,
    PayerAccountId: payer.AccountId,
    PayerAccountName: payer.AccountName,
  });
});

it('a member that pays for itself has no payer, also if it is related to somebody who does not pay for it', async () => {
  const estate = await newDirectoryEstate();
  const { call, parent } = estate;
  const { AccountId } = await created(estate, 'Dev');
  expect(await payerOf(estate, AccountId)).toStrictEqual(selfPaying);
  const related = proposal(parent, { ...parent, uid: Number(AccountId) }, { PermissionCodes: ['CHECK_FINANCE_INFO'] });
  succeeded(await call(parent, 'AddAccountRelation', related));
  expect(await payerOf(estate, AccountId)).toStrictEqual(selfPaying);
});

it('a trusteeship that is opened or ended in either billing dialect shows at once', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const uid = await cloudMember(estate, 'Dev');
  const child = { ...parent, uid };
  const opened = await create(estate, parent, child, { Relation: 1, AuthListStr: '1' });
  expect(await payerOf(estate, uid)).toStrictEqual(paying(estate));
  resultOf(await bill(estate, parent, 'DeleteFinancialRelation', naming(opened)));
  expect(await payerOf(estate, uid)).toStrictEqual(selfPaying);

  const again = await create(estate, parent, child, { Relation: 1, AuthListStr: '1' });
  expect(await payerOf(estate, uid)).toStrictEqual(paying(estate));
  succeeded(await relieve(estate, parent, Number(again.RelationID.slice('rel'.length))));
  expect(await payerOf(estate, uid)).toStrictEqual(selfPaying);
});

it('its answer in XML has the payer beside the request id', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev', { PayerAccountId: estate.parent.uid });
  const xml = await directInXml(estate, estate.parent, 'GetPayerForAccount', { AccountId });
  const { PayerAccountId, PayerAccountName } = paying(estate);
  expect(xml).toContain(
    `</RequestId><PayerAccountId>${PayerAccountId}</PayerAccountId><PayerAccountName>${PayerAccountName}</PayerAccountName>`,
  );
});

it('a member that never was in a relation is answered in one request, any other in two by a process that has not seen that', async () => {
  const estate = await newDirectoryEstate();
  const [one, other] = [
    await created(estate, 'One'),
    await created(estate, 'Two', { PayerAccountId: estate.parent.uid }),
  ];
  const requestsFor = async (AccountId: string) => {
    await payerOf(estate, AccountId);
    return estate.logged.at(-1)?.['requests'];
  };
  expect([await requestsFor(one.AccountId), await requestsFor(other.AccountId)]).toEqual([1, 2]);
  expect([await requestsFor(one.AccountId), await requestsFor(other.AccountId)]).toEqual([1, 1]);
});

it('the member has to be named, and to be there', async () => {
  const estate = await newDirectoryEstate();
  const { child, parent } = estate;
  const call = (params: Record<string, number>, by = parent) => direct(estate, by, 'GetPayerForAccount', params);
  expect(await call({})).toStrictEqual(lacks('AccountId'));
  expect(await call({ AccountId: 12 })).toStrictEqual(isInvalid('AccountId'));
  for (const AccountId of [nobody, child.uid, parent.uid]) {
    expect(await call({ AccountId })).toStrictEqual(memberUnknown);
  }
  expect(await call({ AccountId: parent.uid }, child)).toStrictEqual(directoryUnknown);
  const strangers = await newParties();
  expect(await direct(strangers, strangers.parent, 'GetPayerForAccount', { AccountId: nobody })).toStrictEqual(
    directoryUnknown,
  );
});
