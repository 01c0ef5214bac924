import { describe, expect, it } from 'vitest';
import { create } from '#test/billing/calls.ts';
import { type Parties, proposal, stand, succeeded } from '#test/bss/parties.ts';
import {
  created,
  type DirectoryEstate,
  directed,
  directoryUnknown,
  isInvalid,
  lacks,
  memberUnknown,
  newDirectoryEstate,
  nobody,
} from '#test/directory/calls.ts';
import { askDeletion, newDeletionEstate, settle, statusNow } from '#test/directory/deletions.ts';
import { inMaster, master, masterInXml } from '#test/directory/master.ts';
import { cloudMember } from '#test/directory/members.ts';
import type { Answer } from '#test/support/estate.ts';
import { refused, serverRequestId } from '#test/support/refusals.ts';

type Id = string | number;

function pay(estate: Parties, AccountId: Id, PayerAccountId?: Id): Promise<Answer> {
  const PayerId = PayerAccountId ?? '';
  return inMaster(estate, estate.parent, 'UpdatePayerForAccount', { AccountId, PayerAccountId: PayerId });
}

async function payerOf(estate: DirectoryEstate, AccountId: Id): Promise<string | undefined> {
  return (await directed(estate, estate.parent, 'GetPayerForAccount', { AccountId })).PayerAccountId;
}

const done = { status: 200, body: { RequestId: serverRequestId } };
const outside = refused(
  'PayerOutsideDirectory',
  'NotSupport.PayerAccountInAnotherResourceDirectory',
  'The specified payment account does not exist in the resource directory. You must specify a valid payment account.',
  409,
);
const unknownFinancial = 'An unknown financial error occurred.';
const arrears =
  'There are arrears in the current payment account. You cannot change the payment account. Please settle the arrears and try again.';

it('a member that pays for itself gets a payer, another one, and none again', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const [{ AccountId }, payer] = [await created(estate, 'Dev'), await created(estate, 'Payer')];
  for (const who of [parent.uid, payer.AccountId, parent.uid, undefined, payer.AccountId]) {
    expect(await pay(estate, AccountId, who)).toStrictEqual(done);
    expect(await payerOf(estate, AccountId)).toBe(who === undefined ? undefined : String(who));
  }
});

it('what is so already is no change: who pays, nobody, or the member itself', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const { AccountId } = await created(estate, 'Dev', { PayerAccountId: parent.uid });
  const alone = await created(estate, 'Ops');
  const relations = async () => (await estate.dump()).filter(({ type }) => type === 'relation' || type === 'event');
  const before = await relations();
  expect(await pay(estate, AccountId, parent.uid)).toStrictEqual(done);
  expect(await pay(estate, alone.AccountId)).toStrictEqual(done);
  expect(await pay(estate, alone.AccountId, alone.AccountId)).toStrictEqual(done);
  expect(await relations()).toEqual(before);
  expect(await pay(estate, AccountId, AccountId)).toStrictEqual(done);
  expect(await payerOf(estate, AccountId)).toBeUndefined();
});

it('of both trusteeships the ledger and the lists of either party tell', async () => {
  const estate = await newDirectoryEstate();
  const { call, operator, parent } = estate;
  const payer = await created(estate, 'Payer');
  const { AccountId } = await created(estate, 'Dev', { PayerAccountId: payer.AccountId });
  expect(await pay(estate, AccountId, parent.uid)).toStrictEqual(done);
  const { Events } = (await call(operator, 'ListEvents', { Uid: AccountId })).body;
  const told = Events.filter(({ Subject }: { Subject: string }) => Subject === 'relation');
  expect(told.map(({ Event, Actor }: { Event: string; Actor: string }) => [Event, Actor])).toEqual(
    expect.arrayContaining([
      ['establish', String(parent.uid)],
      ['end', String(parent.uid)],
      ['establish', String(parent.uid)],
    ]),
  );
  const { Data } = succeeded(await call(parent, 'QueryRelationList', { UserId: parent.uid }));
  expect(Data.FinancialRelationInfoList).toMatchObject([{ AccountId: Number(AccountId), State: 'RELATED' }]);
});

it('of many at once one after the other decides, and the member has one payer', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const payers = [parent.uid, (await created(estate, 'One')).AccountId, (await created(estate, 'Two')).AccountId];
  const { AccountId } = await created(estate, 'Dev');
  const answers = await Promise.all([...payers, ...payers, undefined].map((who) => pay(estate, AccountId, who)));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  const relations = (await estate.dump()).filter(({ type }) => type === 'relation');
  const active = relations.filter(({ childUid, status }) => childUid === Number(AccountId) && status === 'active');
  const payer = await payerOf(estate, AccountId);
  expect(active.map(({ parentUid }) => String(parentUid))).toEqual(payer === undefined ? [] : [payer]);
});

it('a payer that ends its trusteeship meanwhile is not in the way of the next', async () => {
  const estate = await newDirectoryEstate();
  const { call, parent } = estate;
  const next = await created(estate, 'Next');
  for (const name of ['a1', 'b2', 'c3', 'd4']) {
    const { AccountId } = await created(estate, name, { PayerAccountId: parent.uid });
    const ended = {
      ParentUserId: parent.uid,
      ChildUserId: AccountId,
      RelationType: 'enterprise_group',
      RequestId: name,
    };
    const [paid] = await Promise.all([
      pay(estate, AccountId, next.AccountId),
      call(parent, 'RelieveAccountRelation', ended),
    ]);
    expect(paid).toStrictEqual(done);
    expect(await payerOf(estate, AccountId)).toBe(next.AccountId);
  }
});

it('who pays has to manage the directory or to be a member of it', async () => {
  const estate = await newDirectoryEstate();
  const { sibling } = estate;
  const { AccountId } = await created(estate, 'Dev');
  for (const payer of [nobody, sibling.uid]) expect(await pay(estate, AccountId, payer)).toStrictEqual(outside);
});

it('a payer that is not of the directory is not dismissed by it', async () => {
  const estate = await newDirectoryEstate();
  const { parent, sibling } = estate;
  const { AccountId } = await created(estate, 'Dev');
  await create(estate, sibling, { ...sibling, uid: Number(AccountId) }, { Relation: 1, AuthListStr: '1' });
  for (const payer of [parent.uid, undefined]) expect(await pay(estate, AccountId, payer)).toStrictEqual(outside);
  expect(await payerOf(estate, AccountId)).toBe(String(sibling.uid));
});

it('who pays for a cloud account is its own affair', async () => {
  const estate = await newDirectoryEstate();
  const uid = await cloudMember(estate, 'Dev');
  expect(await pay(estate, uid, estate.parent.uid)).toStrictEqual(
    refused(
      'MemberTypeUnfit',
      'AccountTypeMismatch',
      'The type or status of the member account cannot satisfy the current operation.',
      409,
    ),
  );
});

it('nobody begins to pay for a member that is being deleted', async () => {
  const estate = await newDeletionEstate();
  const { AccountId } = await created(estate, 'Dev');
  await askDeletion(estate, AccountId);
  await settle(estate, { most: 1 });
  expect(await pay(estate, AccountId, estate.parent.uid)).toMatchObject({
    status: 409,
    body: { Code: 'AccountTypeMismatch', Reason: 'MemberTypeUnfit' },
  });
  await settle(estate);
  expect(await statusNow(estate, AccountId)).toMatchObject({ Status: 'Success' });
});

it('payer and member have to be of one legal name', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev');
  const payer = await cloudMember(estate, 'Payer', { legalName: 'Bolt' });
  expect(await pay(estate, AccountId, payer)).toStrictEqual(
    refused(
      'LegalNamesDiffer',
      'InconsistentEnterpriseNameError',
      'The enterprise name of the payment account and the member must be consistent.',
      409,
    ),
  );
});

it('who is paid for cannot pay, and who pays cannot be paid for', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const paid = await created(estate, 'Paid', { PayerAccountId: parent.uid });
  const { AccountId } = await created(estate, 'Dev');
  expect(await pay(estate, AccountId, paid.AccountId)).toStrictEqual(
    refused(
      'ParentInTrusteeship',
      'FundAccountOwnerPayedByOthers',
      'If the payment has been made by another account, it is not allowed to be used as the main payment account.',
      409,
    ),
  );
  await created(estate, 'Child', { PayerAccountId: AccountId });
  expect(await pay(estate, AccountId, parent.uid)).toStrictEqual(
    refused(
      'ChildHoldsTrusteeships',
      'UserOwnFundAccountPayForOthers',
      'If the account has been used as the main payment account, it is not allowed to set up payment by others.',
      409,
    ),
  );
});

it('a member that another account manages cannot be paid for', async () => {
  const estate = await newDirectoryEstate();
  const { call, parent } = estate;
  const { AccountId } = await created(estate, 'Dev');
  const related = proposal(parent, { ...parent, uid: Number(AccountId) }, { PermissionCodes: ['CHECK_FINANCE_INFO'] });
  succeeded(await call(parent, 'AddAccountRelation', related));
  const payer = await created(estate, 'Payer');
  expect(await pay(estate, AccountId, payer.AccountId)).toStrictEqual(
    refused('ChildAlreadyRelated', 'UnknownFinancialError', unknownFinancial, 409),
  );
});

describe('the ledger refuses for the standings of all three', () => {
  it.each([
    [
      'frozen payer',
      'payer',
      { frozen: true },
      'ParentFrozen',
      'BusinessRestricted',
      'Business is restricted. Please contact your customer service manager.',
    ],
    [
      'overdrawn payer',
      'payer',
      { availableBalance: -1 },
      'ParentOverdrawnAtLinking',
      'PaymentAccountCreditIdentityTypeError',
      'The identity of the payment account is not credit.',
    ],
    [
      'member with open orders',
      'member',
      { openOrders: 1 },
      'OrdersOpenAtLinking',
      'UnknownFinancialError',
      unknownFinancial,
    ],
    ['member in arrears', 'member', { arrears: 1 }, 'ChildInArrearsAtLinking', 'FundAccountHasArrearsAmount', arrears],
    [
      'overdrawn member',
      'member',
      { availableBalance: -1 },
      'ChildInArrearsAtLinking',
      'FundAccountHasArrearsAmount',
      arrears,
    ],
  ] as const)('of a new trusteeship: %s', async (_, who, standing, reason, code, message) => {
    const estate = await newDirectoryEstate();
    const { AccountId } = await created(estate, 'Dev');
    await stand(estate, who === 'payer' ? estate.parent.uid : Number(AccountId), standing);
    expect(await pay(estate, AccountId, estate.parent.uid)).toStrictEqual(refused(reason, code, message, 409));
    expect(await payerOf(estate, AccountId)).toBeUndefined();
  });

  it.each([
    ['open orders of the member', 'member', { openOrders: 1 }, 'OrdersOpen', 'UnknownFinancialError', unknownFinancial],
    ['arrears of the member', 'member', { arrears: 1 }, 'ChildInArrears', 'FundAccountHasArrearsAmount', arrears],
    [
      'an overdrawn payer',
      'payer',
      { availableBalance: -1 },
      'ParentOverdrawn',
      'FundAccountHasArrearsAmount',
      arrears,
    ],
  ] as const)(
    'of the end of the old one, also if there is a new one: %s',
    async (_, who, standing, reason, code, message) => {
      const estate = await newDirectoryEstate();
      const { parent } = estate;
      const { AccountId } = await created(estate, 'Dev', { PayerAccountId: parent.uid });
      const next = await created(estate, 'Next');
      await stand(estate, who === 'payer' ? parent.uid : Number(AccountId), standing);
      for (const payer of [undefined, next.AccountId]) {
        expect(await pay(estate, AccountId, payer)).toStrictEqual(refused(reason, code, message, 409));
      }
      expect(await payerOf(estate, AccountId)).toBe(String(parent.uid));
    },
  );
});

it('the member has to be named, and to be there', async () => {
  const estate = await newDirectoryEstate();
  const { child, parent } = estate;
  const update = (params: Record<string, string | number>, by = parent) =>
    inMaster(estate, by, 'UpdatePayerForAccount', params);
  expect(await update({})).toStrictEqual(lacks('AccountId'));
  expect(await update({ AccountId: 12 })).toStrictEqual(isInvalid('AccountId'));
  expect(await update({ AccountId: nobody, PayerAccountId: 12 })).toStrictEqual(isInvalid('PayerAccountId'));
  expect(await update({ AccountId: nobody })).toStrictEqual(memberUnknown);
  expect(await update({ AccountId: nobody }, child)).toStrictEqual(directoryUnknown);
});

it('its answer in XML is the request id alone', async () => {
  const estate = await newDirectoryEstate();
  const { AccountId } = await created(estate, 'Dev');
  const params = { AccountId, PayerAccountId: estate.parent.uid };
  const xml = await masterInXml(estate, estate.parent, 'UpdatePayerForAccount', params);
  expect(xml).toMatch(/<UpdatePayerForAccountResponse><RequestId>[^<]+<\/RequestId><\/UpdatePayerForAccountResponse>$/);
  await master(estate, estate.parent, 'UpdatePayerForAccount', { AccountId });
});
