import { describe, expect, it } from 'vitest';
import {
  add,
  eventsOf,
  modify,
  newParties,
  type Parties,
  relate,
  relieve,
  succeeded,
  WAIT_MS,
} from '#test/bss/parties.ts';
import { invalid, malformed, relationUnknown, serverRequestId } from '#test/support/refusals.ts';

const sharing = ['SYNCHRONIZE_FINANCE_IDENTITY'];

/** A parent with 100 to spend and a member it may lend to. */
async function lender(codes = sharing) {
  const estate = await newParties();
  const { call, operator, parent, sibling } = estate;
  await call(operator, 'PutAccountStanding', { Uid: parent.uid, AvailableBalance: 100 });
  return { estate, id: await add(estate, parent, sibling, { PermissionCodes: codes }) };
}

function allocate({ call, operator, parent, sibling }: Parties, Amount: number) {
  return call(operator, 'AllocateCredit', { ParentUid: parent.uid, ChildUid: sibling.uid, Amount });
}

async function refusedAllocation(estate: Parties, amount: number) {
  const before = await estate.dump();
  const answer = await allocate(estate, amount);
  expect(await estate.dump()).toEqual(before);
  return answer;
}

it('what the parent lends the child gains, and comes back the same way', async () => {
  const { estate } = await lender();
  const { parent, sibling } = estate;
  const clearStanding = { Arrears: 0, OpenOrders: 0, Frozen: false };
  const standings = (ofParent: number, ofChild: number) => ({
    RequestId: serverRequestId,
    Parent: { Uid: parent.uid, AvailableBalance: ofParent, ...clearStanding },
    Child: { Uid: sibling.uid, AvailableBalance: ofChild, ...clearStanding },
    LentCredit: ofChild,
  });
  expect(await allocate(estate, 60)).toStrictEqual({ status: 200, body: standings(40, 60) });
  expect(await allocate(estate, -20)).toStrictEqual({ status: 200, body: standings(60, 40) });
});

it('the parent lends no more than it has', async () => {
  const { estate } = await lender();
  const exceeds = `Specified parameter Amount exceeds what account ${estate.parent.uid} has available.`;
  expect(await refusedAllocation(estate, 101)).toEqual(invalid('CreditBeyondBalance', exceeds));
});

describe('credit is lent only along a relation that', () => {
  it('shares credit', async () => {
    const { estate } = await lender(['CHECK_FINANCE_INFO']);
    const notShared = 'The relation does not permit the parent to lend credit to the child.';
    expect(await refusedAllocation(estate, 1)).toEqual(invalid('CreditNotShared', notShared));
  });

  it('is of management, and in effect', async () => {
    const { estate, id } = await lender();
    const { parent, sibling } = estate;
    succeeded(await relieve(estate, parent, id));
    expect(await refusedAllocation(estate, 1)).toEqual(relationUnknown);
    await add(estate, parent, sibling, { RoleCodes: ['trusteeship'] });
    expect((await refusedAllocation(estate, 1)).body).toMatchObject({ Reason: 'RelationNotManagement' });
  });
});

describe('an amount', () => {
  it('is some', async () => {
    const { estate } = await lender();
    expect(await refusedAllocation(estate, 0)).toEqual(malformed('Amount'));
  });

  it('never brings a balance beyond what is exact', async () => {
    const { estate } = await lender();
    const { call, operator, parent } = estate;
    const most = 1_000_000_000_000_000;
    await call(operator, 'PutAccountStanding', { Uid: parent.uid, AvailableBalance: most });
    expect((await allocate(estate, most)).status).toBe(200);
    await call(operator, 'PutAccountStanding', { Uid: parent.uid, AvailableBalance: most });
    expect(await refusedAllocation(estate, 1)).toEqual(malformed('Amount'));
  });
});

it('credit moved over a change that has lapsed records the lapse first', async () => {
  const estate = await newParties();
  const { call, child, operator, parent } = estate;
  await call(operator, 'PutAccountStanding', { Uid: parent.uid, AvailableBalance: 100 });
  const id = await relate(estate, parent, child, sharing);
  succeeded(await modify(estate, parent, id, 'ADD', ['CHECK_FINANCE_INFO']));
  estate.advance(WAIT_MS);
  const lent = await call(operator, 'AllocateCredit', { ParentUid: parent.uid, ChildUid: child.uid, Amount: 60 });
  expect(lent.body).toMatchObject({ LentCredit: 60 });
  succeeded(await relieve(estate, parent, id));
  const happened = (await eventsOf(estate, id)).map(({ event, facts, from, to }) => [event, from, to, facts]);
  expect(happened.slice(2)).toEqual([
    ['proposeChange', 'active', 'changing', undefined],
    ['lapseChange', 'changing', 'active', undefined],
    ['allocateCredit', 'active', 'active', { amount: 60 }],
    ['end', 'active', 'ended', { amount: -60 }],
  ]);
});

it('the parent takes back no more than it lent', async () => {
  const { estate } = await lender();
  await allocate(estate, 10);
  const beyond = invalid('CreditBeyondLent', 'Specified parameter Amount takes back more than the 10 lent.');
  expect(await refusedAllocation(estate, -11)).toEqual(beyond);
});

it('ending the relation gives lent credit back, and is refused once the child has spent it', async () => {
  const { estate, id } = await lender();
  const { call, operator, parent, sibling } = estate;
  await allocate(estate, 60);
  await call(operator, 'PutAccountStanding', { Uid: sibling.uid, AvailableBalance: 59 });
  const before = await estate.dump();
  expect((await relieve(estate, parent, id)).body).toMatchObject({ Reason: 'LentCreditSpent' });
  expect(await estate.dump()).toEqual(before);
  await call(operator, 'PutAccountStanding', { Uid: sibling.uid, AvailableBalance: 60 });
  succeeded(await relieve(estate, parent, id));
  const { body } = await call(operator, 'DescribeAccountStanding', { Uid: parent.uid });
  expect(body.AvailableBalance).toBe(100);
});
