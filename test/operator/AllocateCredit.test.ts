import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deps } from '#lib/deps.ts';
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
import { type Signer, signedCall } from '#test/support/estate.ts';
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

it('what is answered of both standings is what the write held', async () => {
  const { estate } = await lender();
  const { call, deps, operator, parent, sibling } = estate;
  let isChanged = false;
  const getWithStandings: Deps['relations']['getWithStandings'] = async (...parties) => {
    const found = await deps.relations.getWithStandings(...parties);
    if (isChanged) return found;
    isChanged = true;
    for (const { uid } of [parent, sibling]) {
      await call(operator, 'PutAccountStanding', { Uid: uid, Arrears: 7, OpenOrders: 2, Frozen: true });
    }
    return found;
  };
  const process = { ...deps, relations: { ...deps.relations, getWithStandings } };
  const params = { ParentUid: parent.uid, ChildUid: sibling.uid, Amount: 5 };
  const response = await estate.send(...signedCall(operator, 'AllocateCredit', '2026-01-01', params), process);
  const changed = { Arrears: 7, OpenOrders: 2, Frozen: true };
  expect(await response.json()).toMatchObject({ Parent: changed, Child: changed, LentCredit: 5 });
});

describe('no sequence of calls makes a balance that cannot be read', () => {
  const most = 1_000_000_000_000_000;

  it('for a parent lends no more in all than an amount can be, so that all of it can come back', async () => {
    const { estate, id } = await lender();
    const { call, operator, parent } = estate;
    const others = await estate.accounts({ second: 'Acme', third: 'Acme' });
    const refill = () => call(operator, 'PutAccountStanding', { Uid: parent.uid, AvailableBalance: most });
    const ids = [id];
    await refill();
    expect((await allocate(estate, most)).status).toBe(200);
    for (const child of Object.values(others)) {
      ids.push(await add(estate, parent, child, { PermissionCodes: sharing }));
      await refill();
      const lend = { ParentUid: parent.uid, ChildUid: child.uid, Amount: 1 };
      expect(await call(operator, 'AllocateCredit', lend)).toEqual(malformed('Amount'));
    }
    for (const ended of ids) succeeded(await relieve(estate, parent, ended));
    const { status, body } = await call(operator, 'DescribeAccountStanding', { Uid: parent.uid });
    expect({ status, balance: body.AvailableBalance }).toEqual({ status: 200, balance: 2 * most });
    const again = await add(estate, parent, estate.sibling, { PermissionCodes: sharing });
    expect((await allocate(estate, most)).status).toBe(200);
    succeeded(await relieve(estate, parent, again));
    expect((await refill()).status).toBe(200);
  });

  it('nor does any sequence of lending, taking back, spending and ending go further', async () => {
    const estate = await newParties();
    const { call, operator, parent } = estate;
    const children = Object.values(await estate.accounts({ one: 'Acme', two: 'Acme', three: 'Acme' }));
    const standings = [parent, ...children];
    const step = fc.record({
      which: fc.nat({ max: children.length - 1 }),
      what: fc.constantFrom('lend', 'lend', 'lend', 'back', 'end', 'refill', 'refill', 'drain'),
      share: fc.constantFrom(1, 2, 3),
    });
    const live = new Map<Signer, number>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 25, size: 'max' }), async (steps) => {
        for (const { what, which, share } of steps) {
          const child = children[which] ?? parent;
          if (!live.has(child)) live.set(child, await add(estate, parent, child, { PermissionCodes: sharing }));
          const Amount = Math.floor(most / share) * (what === 'back' ? -1 : 1);
          const parties = { ParentUid: parent.uid, ChildUid: child.uid };
          if (what === 'lend' || what === 'back') await call(operator, 'AllocateCredit', { ...parties, Amount });
          if (what === 'refill')
            await call(operator, 'PutAccountStanding', { Uid: parent.uid, AvailableBalance: most });
          if (what === 'drain') await call(operator, 'PutAccountStanding', { Uid: child.uid, AvailableBalance: most });
          if (what === 'end') {
            const { status } = await relieve(estate, parent, live.get(child) ?? 0);
            if (status === 200) live.delete(child);
          }
        }
        for (const { uid } of standings) {
          const { status, body } = await call(operator, 'DescribeAccountStanding', { Uid: uid });
          expect(status).toBe(200);
          expect(Math.abs(body.AvailableBalance)).toBeLessThanOrEqual(2 * most);
        }
      }),
      { numRuns: 8 },
    );
  });
});
