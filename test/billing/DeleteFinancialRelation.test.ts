import { describe, expect, it } from 'vitest';
import {
  acknowledged,
  type Body,
  bill,
  cancelling,
  create,
  expectRefusal,
  isInvalid,
  lacks,
  manage,
  manageChanging,
  misdeployed,
  naming,
  operate,
  refusedAs,
  relationWith,
  resultOf,
  sent,
  signedJson,
} from '#test/billing/calls.ts';
import { eventsOf, newParties, type Parties, WAIT_MS } from '#test/bss/parties.ts';
import type { Answer, Signer } from '#test/support/estate.ts';

const ACTION = 'DeleteFinancialRelation';
const done = acknowledged(ACTION);
const trusteeship = { Relation: 1, AuthListStr: undefined };

const end = (estate: Parties, body: Body, by: Signer = estate.parent) => bill(estate, by, ACTION, body);

const refuses = (estate: Parties, expected: Answer, body: Body, by: Signer = estate.parent) =>
  expectRefusal(estate, expected, () => end(estate, body, by));

const denied = (reason: string, code: string, message: string) =>
  refusedAs(ACTION, reason, `OperationDenied.${code}`, message);

const notExist = (reason: string) =>
  denied(
    reason,
    'AccountRelationNotExist',
    'The relationship between the invited associated account and the operation account does not exist!',
  );

const takeBackFails = denied(
  'LentCreditSpent',
  'FinanceManagementTakeBackFail',
  'After the transfer credit control quota is forcibly withdrawn, the available balance of the sub-account is negative and the relationship cannot be terminated',
);

async function managed() {
  const estate = await newParties();
  return { estate, body: naming(await manage(estate)) };
}

async function trusted() {
  const estate = await newParties();
  return { estate, body: naming(await create(estate, estate.parent, estate.sibling, trusteeship)) };
}

/** A management relation along which 60 of the parent's 100 are lent. */
async function lent() {
  const { estate, body } = await managed();
  const { child, parent } = estate;
  await operate(estate, 'PutAccountStanding', { Uid: parent.uid, AvailableBalance: 100 });
  await operate(estate, 'AllocateCredit', { ParentUid: parent.uid, ChildUid: child.uid, Amount: 60 });
  return { estate, body };
}

async function balancesOf(estate: Parties) {
  const balance = async ({ uid }: Signer) =>
    (await operate(estate, 'DescribeAccountStanding', { Uid: uid })).AvailableBalance;
  return { parent: await balance(estate.parent), child: await balance(estate.child) };
}

describe('a relation is ended', () => {
  it('of management, between two companies', async () => {
    const { estate, body } = await managed();
    expect(await end(estate, body)).toStrictEqual(done);
    const ended = await relationWith(estate, estate.parent, estate.child);
    expect(ended).toMatchObject({ Status: 500, StatusDesc: '已解除', AuthInfo: [] });
    expect(ended).not.toHaveProperty('AuthID');
    expect((await eventsOf(estate, Number(ended.RelationID.slice(3)))).at(-1)).toMatchObject({
      event: 'end',
      from: 'active',
      to: 'ended',
      actor: estate.parent.uid,
      action: ACTION,
    });
  });

  it('of trusteeship, and the accounts are free for another', async () => {
    const { estate, body } = await trusted();
    expect(await end(estate, body)).toStrictEqual(done);
    expect(await relationWith(estate, estate.sibling, estate.parent)).toMatchObject({ Status: 500, Relation: 1 });
    await create(estate, estate.sibling, estate.parent, trusteeship);
  });

  it('named by decimal texts, as the vendor prints it, beside what is null or unknown', async () => {
    for (const { estate, body } of [await managed(), await trusted()]) {
      const { Relation, RelationID, SubAccountID } = body;
      const texts = { SubAccountID: String(SubAccountID), RelationID, Relation: String(Relation) };
      expect(await end(estate, { ...texts, AuthID: null, Action: 'CleanUpFinancialRelation' })).toStrictEqual(done);
    }
  });

  it('in management whatever the standing of its parties', async () => {
    const { estate, body } = await managed();
    for (const { uid } of [estate.parent, estate.child]) {
      await operate(estate, 'PutAccountStanding', { Uid: uid, AvailableBalance: -1, Arrears: 1, OpenOrders: 1 });
    }
    expect(await end(estate, body)).toStrictEqual(done);
  });

  it('after its change of points has lapsed', async () => {
    const estate = await newParties();
    const body = naming(await manageChanging(estate));
    estate.advance(WAIT_MS);
    expect(await end(estate, body)).toStrictEqual(done);
  });
});

describe('MissingParameter', () => {
  it.each([
    ['SubAccountID', {}],
    ['SubAccountID', { RelationID: 7, Relation: 7 }],
    ['RelationID', { SubAccountID: 'x', Relation: 'x' }],
    ['Relation', { SubAccountID: 'x', RelationID: 'x' }],
  ])('names %s, the first that is missing of %j', async (field, body) => {
    const { estate } = await managed();
    await refuses(estate, lacks(ACTION, field), body);
  });

  it.each(['SubAccountID', 'RelationID', 'Relation'])(
    'names %s when only that is absent, null or empty',
    async (field) => {
      const { estate, body } = await managed();
      for (const nothing of [undefined, null, '']) {
        await refuses(estate, lacks(ACTION, field), { ...body, [field]: nothing });
      }
    },
  );
});

it.each<[string, unknown[]]>([
  ['SubAccountID', [0, -1, 1.5, '1.0', ' 1', 'x', true, [1], {}, 2 ** 53]],
  ['RelationID', ['x', 'rel', 'relx', 'auth1', '1', 1, true, ['rel1'], {}, `rel${'1'.repeat(20)}`]],
  ['Relation', [0, 2, 3, 5, -1, 1.5, 'x', true, [1], {}]],
])('ParamInvalid names a %s that cannot be', async (field, values) => {
  const { estate, body } = await managed();
  const before = await estate.dump();
  for (const value of values) {
    const answer = await end(estate, { ...body, [field]: value });
    expect(answer, JSON.stringify(value)).toStrictEqual(isInvalid(ACTION, field));
  }
  expect(await estate.dump()).toEqual(before);
});

describe('OperationDenied.OrderExist', () => {
  it('while the sub account has an open order: OrdersOpen', async () => {
    const { estate, body } = await trusted();
    const { uid } = estate.sibling;
    const message = `Account ${uid} has outstanding orders and the trusteeship cannot be disassociated!`;
    await operate(estate, 'PutAccountStanding', { Uid: uid, OpenOrders: 1 });
    await refuses(estate, denied('OrdersOpen', 'OrderExist', message), body);
    await operate(estate, 'PutAccountStanding', { Uid: uid, OpenOrders: 0 });
    expect(await end(estate, body)).toStrictEqual(done);
  });

  it('is the first answer of several', async () => {
    const { estate, body } = await trusted();
    const { parent, sibling } = estate;
    const troubled = { AvailableBalance: -1, Arrears: 1, OpenOrders: 1 };
    for (const { uid } of [parent, sibling]) await operate(estate, 'PutAccountStanding', { Uid: uid, ...troubled });
    const message = `Account ${sibling.uid} has outstanding orders and the trusteeship cannot be disassociated!`;
    await refuses(estate, denied('OrdersOpen', 'OrderExist', message), body);
  });

  it("is no matter of the main account's own orders", async () => {
    const { estate, body } = await trusted();
    await operate(estate, 'PutAccountStanding', { Uid: estate.parent.uid, OpenOrders: 1, Arrears: 1 });
    expect(await end(estate, body)).toStrictEqual(done);
  });
});

describe('OperationDenied.TrusteeshipMajorArrears', () => {
  it('while the balance of the main account is negative: ParentOverdrawn; nothing is not', async () => {
    const { estate, body } = await trusted();
    const { uid } = estate.parent;
    const message = `The available balance of account ${uid} is negative, and the linked sub-account cannot be disassociated from trusteeship!`;
    await operate(estate, 'PutAccountStanding', { Uid: uid, AvailableBalance: -1 });
    await refuses(estate, denied('ParentOverdrawn', 'TrusteeshipMajorArrears', message), body);
    await operate(estate, 'PutAccountStanding', { Uid: uid, AvailableBalance: 0 });
    expect(await end(estate, body)).toStrictEqual(done);
  });
});

describe('OperationDenied.TrusteeshipSubArrears', () => {
  it.each([
    ['owes on a bill', { AvailableBalance: 1000, Arrears: 1 }],
    ['is overdrawn', { AvailableBalance: -1, Arrears: 0 }],
  ])('while the sub account %s: ChildInArrears', async (_, standing) => {
    const { estate, body } = await trusted();
    const { uid } = estate.sibling;
    const message = `Account ${uid} is in arrears and cannot be disassociated from trusteeship!`;
    await operate(estate, 'PutAccountStanding', { Uid: uid, ...standing });
    await refuses(estate, denied('ChildInArrears', 'TrusteeshipSubArrears', message), body);
    await operate(estate, 'PutAccountStanding', { Uid: uid, AvailableBalance: 0, Arrears: 0 });
    expect(await end(estate, body)).toStrictEqual(done);
  });
});

describe('OperationDenied.FinanceManagementTakeBackFail', () => {
  it('once the sub account has spent of what was lent: LentCreditSpent; it may be left with nothing', async () => {
    const { estate, body } = await lent();
    const { child } = estate;
    await operate(estate, 'PutAccountStanding', { Uid: child.uid, AvailableBalance: 59 });
    await refuses(estate, takeBackFails, body);
    await operate(estate, 'PutAccountStanding', { Uid: child.uid, AvailableBalance: 60 });
    expect(await end(estate, body)).toStrictEqual(done);
    expect(await balancesOf(estate)).toEqual({ parent: 100, child: 0 });
  });

  it('does not answer when all is still there: what was lent goes back, to the unit', async () => {
    const { estate, body } = await lent();
    const { child, parent } = estate;
    await operate(estate, 'PutAccountStanding', { Uid: child.uid, AvailableBalance: 75 });
    await operate(estate, 'AllocateCredit', { ParentUid: parent.uid, ChildUid: child.uid, Amount: -7 });
    expect(await balancesOf(estate)).toEqual({ parent: 47, child: 68 });
    expect(await end(estate, body)).toStrictEqual(done);
    expect(await balancesOf(estate)).toEqual({ parent: 100, child: 15 });
  });

  it('answers no more after repayment', async () => {
    const { estate, body } = await lent();
    const { child, parent } = estate;
    await operate(estate, 'AllocateCredit', { ParentUid: parent.uid, ChildUid: child.uid, Amount: -60 });
    await operate(estate, 'PutAccountStanding', { Uid: child.uid, AvailableBalance: -5 });
    expect(await end(estate, body)).toStrictEqual(done);
    expect(await balancesOf(estate)).toEqual({ parent: 100, child: -5 });
  });
});

it('OperationDenied.UpdatingAuth: while a change of points is pending, RelationChanging', async () => {
  const estate = await newParties();
  const relation = await manageChanging(estate);
  const message = 'The current relationship is under change. Authorization';
  await refuses(estate, denied('RelationChanging', 'UpdatingAuth', message), naming(relation));
  resultOf(await bill(estate, estate.parent, 'CancelInvitation', cancelling(relation)));
  expect(await end(estate, naming(relation))).toStrictEqual(done);
});

describe('OperationDenied.AccountRelationNotExist', () => {
  it('for what was never, of any number of digits: RelationUnknown', async () => {
    const { estate, body } = await managed();
    for (const RelationID of ['rel1', 'rel0', 'rel7336772146369925420', `rel0${String(body['RelationID']).slice(3)}`]) {
      await refuses(estate, notExist('RelationUnknown'), { ...body, RelationID });
    }
  });

  it('for another account, or another type: RelationOtherwise', async () => {
    for (const { estate, body } of [await managed(), await trusted()]) {
      const otherwise = notExist('RelationOtherwise');
      await refuses(estate, otherwise, { ...body, SubAccountID: estate.stranger.uid });
      await refuses(estate, otherwise, { ...body, SubAccountID: 2_000_000_000 });
      await refuses(estate, otherwise, { ...body, Relation: body['Relation'] === 1 ? 4 : 1 });
    }
  });

  it.each([1, 4])('for the caller itself, whatever the type, as in %i', async (Relation) => {
    for (const { estate, body } of [await managed(), await trusted()]) {
      const itself = { ...body, SubAccountID: estate.parent.uid, Relation };
      await refuses(estate, notExist('RelationOtherwise'), itself);
      await refuses(estate, notExist('RelationUnknown'), { ...itself, RelationID: 'rel1' });
      await refuses(estate, notExist('RelationOtherwise'), { ...itself, DryRun: true });
    }
  });

  it('to the sub account, CallerNotParent, and to everybody else', async () => {
    const { estate, body } = await managed();
    await refuses(estate, notExist('CallerNotParent'), body, estate.child);
    for (const by of [estate.sibling, estate.stranger]) {
      await refuses(estate, notExist('RelationUnknown'), body, by);
    }
  });

  it('for an invitation, whatever became of it: RelationInviting, RelationExpired', async () => {
    const estate = await newParties();
    const body = naming(await create(estate, estate.parent, estate.child));
    await refuses(estate, notExist('RelationInviting'), body);
    estate.advance(WAIT_MS);
    await refuses(estate, notExist('RelationExpired'), body);
  });

  it.each([
    [2, 'RelationEnded'],
    [3, 'RelationDeclined'],
    [4, 'RelationWithdrawn'],
  ] as const)('for what is past already, the outcome %i: %s', async (outcome, reason) => {
    const estate = await newParties();
    const { child, parent } = estate;
    const invited = await create(estate, parent, child);
    const answer = { InvitationType: 1, RelationID: invited.RelationID, Relation: 4, MajorAccountID: parent.uid };
    if (outcome === 4) resultOf(await bill(estate, parent, 'CancelInvitation', cancelling(invited)));
    else resultOf(await bill(estate, child, 'HandleInvitation', { ...answer, Action: outcome }));
    if (outcome === 2) expect(await end(estate, naming(invited))).toStrictEqual(done);
    await refuses(estate, notExist(reason), naming(invited));
  });
});

it('InternalServerError: when the table is not there, and nothing is told of why', async () => {
  const { estate, body } = await managed();
  const request = signedJson(estate.parent, ACTION, body);
  const message = 'The request has failed due to an unknown error.';
  const expected = refusedAs(ACTION, 'Internal', 'InternalServerError', message, { status: 500 });
  await expectRefusal(estate, expected, () => sent(estate, request, misdeployed(estate)));
  expect(estate.logged.at(-1)).toMatchObject({ level: 'error', action: ACTION, status: 500 });
  expect(String(estate.logged.at(-1)?.['error'])).toContain('there is no such table');
  // What failed without a trace may be sent again, byte for byte, as the SDKs do.
  expect(await sent(estate, request)).toStrictEqual(done);
});
