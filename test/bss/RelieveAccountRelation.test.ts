import { describe, expect, it } from 'vitest';
import {
  add,
  confirm,
  DAY_MS,
  eventsOf,
  modify,
  newParties,
  relate,
  relationOf,
  relieve,
  stand,
  storedRelation,
  succeeded,
  tracing,
  tripleOf,
  untouched,
  WAIT_MS,
} from '#test/bss/parties.ts';
import {
  callerNotParent,
  disagreeing,
  invalid,
  malformed,
  missing,
  noRelationNamed,
  relationChanging,
  relationDeclined,
  relationEnded,
  relationExpired,
  relationInviting,
  relationUnknown,
  relationWithdrawn,
} from '#test/support/refusals.ts';

const codes = ['CHECK_FINANCE_INFO'];
const success = {
  status: 200,
  body: { Code: '200', Message: 'OK', RequestId: 'request-1', Success: true, Data: { HostId: '203.0.113.7' } },
};

async function related() {
  const estate = await newParties();
  return { estate, id: await relate(estate, estate.parent, estate.child, codes) };
}

describe('a relation in effect', () => {
  it('ends at once when its parent relieves the child', async () => {
    const { estate, id } = await related();
    estate.advance(DAY_MS);
    expect(await relieve(estate, estate.parent, id)).toStrictEqual(success);
    expect(await storedRelation(estate, id)).toMatchObject({ v: 3, status: 'ended' });
    expect((await eventsOf(estate, id)).at(-1)).toMatchObject({
      event: 'end',
      from: 'active',
      to: 'ended',
      actor: estate.parent.uid,
      action: 'RelieveAccountRelation',
    });
  });

  it('is ended likewise when it is named by its parties and its type, or both ways', async () => {
    for (const both of [false, true]) {
      const { estate, id } = await related();
      const { call, child, parent } = estate;
      const params = { ...tracing, ...tripleOf(parent, child), ...(both && { RelationId: id }) };
      expect(await call(parent, 'RelieveAccountRelation', params)).toStrictEqual(success);
      expect(await relationOf(estate, child, id)).toMatchObject({ Status: 'CONNECTION_CANCELED' });
    }
  });

  it('is not ended while a change is pending, and is once that is withdrawn', async () => {
    const { estate, id } = await related();
    const { parent } = estate;
    succeeded(await modify(estate, parent, id, 'DELETE', codes));
    expect(await untouched(estate, id, () => relieve(estate, parent, id))).toEqual(relationChanging);
    succeeded(await confirm(estate, parent, id, 'parent_cancel', ['']));
    expect(await relieve(estate, parent, id)).toStrictEqual(success);
  });

  it('ends after a change has lapsed', async () => {
    const { estate, id } = await related();
    succeeded(await modify(estate, estate.parent, id, 'DELETE', codes));
    estate.advance(WAIT_MS);
    expect(await relieve(estate, estate.parent, id)).toStrictEqual(success);
    expect(await storedRelation(estate, id)).toMatchObject({ status: 'ended' });
  });

  it('ends as a trusteeship too', async () => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    const id = await add(estate, parent, sibling, { RoleCodes: ['trusteeship'] });
    expect(await relieve(estate, parent, id)).toStrictEqual(success);
    expect(await storedRelation(estate, id)).toMatchObject({ v: 2, status: 'ended' });
    expect(await untouched(estate, id, () => relieve(estate, parent, id))).toEqual(relationEnded);
  });
});

describe('only the parent relieves:', () => {
  it('not the child, whether managed or in trusteeship', async () => {
    const { estate, id } = await related();
    const { child, parent, sibling } = estate;
    expect(await untouched(estate, id, () => relieve(estate, child, id))).toEqual(callerNotParent);
    succeeded(await modify(estate, parent, id, 'DELETE', codes));
    expect(await untouched(estate, id, () => relieve(estate, child, id))).toEqual(callerNotParent);
    const trusted = await add(estate, parent, sibling, { RoleCodes: ['trusteeship'] });
    expect(await untouched(estate, trusted, () => relieve(estate, sibling, trusted))).toEqual(callerNotParent);
  });

  it('not a sibling of the parent, nor a stranger, who do not learn that it exists', async () => {
    const { estate, id } = await related();
    const { call, child, parent, sibling, stranger } = estate;
    const named = { ...tracing, ...tripleOf(parent, child) };
    for (const by of [sibling, stranger]) {
      expect(await untouched(estate, id, () => relieve(estate, by, id))).toEqual(relationUnknown);
      expect(await untouched(estate, id, () => relieve(estate, by, 1))).toEqual(relationUnknown);
      const attempt = () => call(by, 'RelieveAccountRelation', named);
      expect(await untouched(estate, id, attempt)).toEqual(relationUnknown);
    }
  });
});

describe('what is not in effect cannot be relieved:', () => {
  it('an invitation, which is to be withdrawn', async () => {
    const estate = await newParties();
    const id = await add(estate, estate.parent, estate.child, { PermissionCodes: codes });
    expect(await untouched(estate, id, () => relieve(estate, estate.parent, id))).toEqual(relationInviting);
  });

  it('an expired invitation', async () => {
    const estate = await newParties();
    const id = await add(estate, estate.parent, estate.child, { PermissionCodes: codes });
    estate.advance(WAIT_MS);
    expect(await untouched(estate, id, () => relieve(estate, estate.parent, id))).toEqual(relationExpired);
  });

  it('a declined and a withdrawn invitation', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    const declined = await add(estate, parent, child, { PermissionCodes: codes });
    succeeded(await confirm(estate, child, declined, 'child_disagree', codes));
    expect(await untouched(estate, declined, () => relieve(estate, parent, declined))).toEqual(relationDeclined);
    const withdrawn = await add(estate, parent, child, { PermissionCodes: codes });
    succeeded(await confirm(estate, parent, withdrawn, 'parent_cancel', codes));
    expect(await untouched(estate, withdrawn, () => relieve(estate, parent, withdrawn))).toEqual(relationWithdrawn);
  });

  it('an ended relation', async () => {
    const { estate, id } = await related();
    succeeded(await relieve(estate, estate.parent, id));
    expect(await untouched(estate, id, () => relieve(estate, estate.parent, id))).toEqual(relationEnded);
  });
});

describe('a trusteeship cannot be ended', () => {
  const guards = [
    { standing: { openOrders: 1 }, reason: 'OrdersOpen', why: 'has unfinished orders' },
    { standing: { arrears: 1 }, reason: 'ChildInArrears', why: 'is in arrears' },
    { standing: { availableBalance: -1 }, reason: 'ChildInArrears', why: 'is in arrears' },
  ] as const;

  it.each(guards)(
    'while the child $why, as in $standing; it can when that is settled',
    async ({ standing, reason, why }) => {
      const estate = await newParties();
      const { parent, sibling } = estate;
      const { uid } = sibling;
      const id = await add(estate, parent, sibling, { RoleCodes: ['trusteeship'] });
      await stand(estate, uid, standing);
      const refusal = invalid(reason, `The relation cannot be changed: account ${uid} ${why}.`);
      expect(await untouched(estate, id, () => relieve(estate, parent, id))).toEqual(refusal);
      await stand(estate, uid, {});
      expect(await relieve(estate, parent, id)).toStrictEqual(success);
    },
  );

  it('while the available balance of the parent is negative', async () => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    const id = await add(estate, parent, sibling, { RoleCodes: ['trusteeship'] });
    await stand(estate, parent.uid, { availableBalance: -1 });
    const why = `The relation cannot be changed: the available balance of account ${parent.uid} is negative.`;
    const refusal = invalid('ParentOverdrawn', why);
    expect(await untouched(estate, id, () => relieve(estate, parent, id))).toEqual(refusal);
  });
});

it('a management relation with credit lent along it cannot be ended once the child has spent that', async () => {
  const estate = await newParties();
  const { call, operator, parent, sibling } = estate;
  await stand(estate, parent.uid, { availableBalance: 10 });
  const id = await add(estate, parent, sibling, { PermissionCodes: ['SYNCHRONIZE_FINANCE_IDENTITY'] });
  await call(operator, 'AllocateCredit', { ParentUid: parent.uid, ChildUid: sibling.uid, Amount: 10 });
  await stand(estate, sibling.uid, { availableBalance: 9 });
  const spent = `The relation cannot be changed: account ${sibling.uid} has spent credit lent to it.`;
  expect(await untouched(estate, id, () => relieve(estate, parent, id))).toEqual(invalid('LentCreditSpent', spent));
});

it('a management relation ends whatever the standing of its parties', async () => {
  const { estate, id } = await related();
  const { child, parent } = estate;
  for (const { uid } of [parent, child]) await stand(estate, uid, { arrears: 1, openOrders: 1, availableBalance: -1 });
  expect(await relieve(estate, parent, id)).toStrictEqual(success);
});

describe('the relation meant', () => {
  it('must be named', async () => {
    const { estate, id } = await related();
    const { call, child, parent } = estate;
    for (const name of ['RelationType', 'ParentUserId', 'ChildUserId']) {
      const params = { ...tracing, ...tripleOf(parent, child), [name]: undefined };
      const attempt = () => call(parent, 'RelieveAccountRelation', params);
      expect(await untouched(estate, id, attempt)).toEqual(noRelationNamed);
    }
  });

  it('must be one when it is named both ways', async () => {
    const { estate, id } = await related();
    const { call, child, parent, stranger } = estate;
    const attempt = (named: object) =>
      untouched(estate, id, () => call(parent, 'RelieveAccountRelation', { ...tracing, RelationId: id, ...named }));
    expect(await attempt(tripleOf(stranger, child))).toEqual(disagreeing('ParentUserId'));
    expect(await attempt(tripleOf(parent, stranger))).toEqual(disagreeing('ChildUserId'));
    expect(await attempt({ ChildUserId: parent.uid })).toEqual(disagreeing('ChildUserId'));
  });

  it('comes with a RequestId, and is well formed', async () => {
    const { estate, id } = await related();
    const { call, parent } = estate;
    const attempt = (params: { RelationId: number | string; RequestId?: string }) =>
      untouched(estate, id, () => call(parent, 'RelieveAccountRelation', params));
    expect(await attempt({ RelationId: id })).toEqual(missing('RequestId'));
    expect(await attempt({ ...tracing, RelationId: 'RelationId' })).toEqual(malformed('RelationId'));
  });
});

it('an account that was relieved is free for another parent', async () => {
  const { estate, id } = await related();
  const { child, parent, stranger } = estate;
  succeeded(await relieve(estate, parent, id));
  await relate(estate, stranger, child, codes);
});
