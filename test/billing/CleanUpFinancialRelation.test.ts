import { describe, expect, it } from 'vitest';
import {
  acknowledged,
  answering,
  type Body,
  bill,
  cancelling,
  create,
  expectRefusal,
  listed,
  manage,
  manageChanging,
  misdeployed,
  naming,
  refusedAs,
  resultOf,
  sent,
  signedJson,
} from '#test/billing/calls.ts';
import { eventsOf, newParties, type Parties, relationOf, WAIT_MS } from '#test/bss/parties.ts';
import { allStatuses } from '#test/races/answers.ts';
import type { Answer } from '#test/support/estate.ts';

const ACTION = 'CleanUpFinancialRelation';
const first = acknowledged(ACTION, { IsIdempotent: false });
const again = acknowledged(ACTION, { IsIdempotent: true });

const cleanUp = (estate: Parties, body: Body, by = estate.parent) => bill(estate, by, ACTION, body);

const refuses = (estate: Parties, expected: Answer, body: Body, by = estate.parent) =>
  expectRefusal(estate, expected, () => cleanUp(estate, body, by));

const invalidParam = (field: string, reason = 'ParameterInvalid') =>
  refusedAs(ACTION, reason, 'InvalidParam', `The parameter ${field} is invalid.`);

/** A relation of each outcome, by how it came to it. */
const outcomes: Readonly<Record<string, (estate: Parties) => Promise<Answer['body']>>> = {
  async declined(estate) {
    const relation = await create(estate, estate.parent, estate.child);
    resultOf(await bill(estate, estate.child, 'HandleInvitation', answering(relation, 3)));
    return relation;
  },
  async withdrawn(estate) {
    const relation = await create(estate, estate.parent, estate.child);
    resultOf(await bill(estate, estate.parent, 'CancelInvitation', cancelling(relation)));
    return relation;
  },
  async expired(estate) {
    const relation = await create(estate, estate.parent, estate.child);
    estate.advance(WAIT_MS);
    return relation;
  },
  async ended(estate) {
    const relation = await manage(estate);
    resultOf(await bill(estate, estate.parent, 'DeleteFinancialRelation', naming(relation)));
    return relation;
  },
};

describe.each(Object.entries(outcomes))('a relation that is %s', (_, come) => {
  it.each([
    ['parent', 'child'],
    ['child', 'parent'],
  ] as const)('is taken out of the lists of the %s, then of the %s, once each', async (...order) => {
    const estate = await newParties();
    const { call, child, parent } = estate;
    const relation = await come(estate);
    const nothing = { List: [], Total: 0, Limit: 10, Offset: 0 };
    const totals = async () => {
      const asked = [parent, child].map(async (by, index) => {
        const all = { UserId: by.uid, StatusList: allStatuses };
        const named = { AccountIDSearchList: [[child, parent][index]?.uid] };
        return [
          (await call(by, 'QueryRelationList', all)).body.Data.TotalCount,
          resultOf(await bill(estate, by, 'ListFinancialRelation', named)).Total,
        ];
      });
      return {
        parent: (await asked[0])?.[0],
        child: (await asked[1])?.[0],
        named: (await Promise.all(asked)).map(([, total]) => total),
      };
    };
    const [sooner, later] = order;
    expect(await cleanUp(estate, naming(relation), estate[sooner])).toStrictEqual(first);
    expect(await totals()).toMatchObject({ [sooner]: 0, [later]: 1, named: sooner === 'parent' ? [0, 1] : [1, 0] });
    expect(await cleanUp(estate, naming(relation), estate[sooner])).toStrictEqual(again);
    expect(await cleanUp(estate, naming(relation), estate[later])).toStrictEqual(first);
    for (const by of [parent, child]) {
      const list = await bill(estate, by, 'ListFinancialRelation');
      expect(list).toStrictEqual(listed('ListFinancialRelation', nothing));
      expect(await cleanUp(estate, naming(relation), by)).toStrictEqual(again);
    }
    expect(await totals()).toEqual({ parent: 0, child: 0, named: [0, 0] });
    const events = await eventsOf(estate, Number(relation.RelationID.slice(3)));
    expect(events.filter(({ event }) => event === 'cleanUp')).toHaveLength(2);
  });

  it('is taken out of the lists of both, though they do that at once', async () => {
    const estate = await newParties();
    const relation = await come(estate);
    const asked = [estate.parent, estate.child].map((by) =>
      sent(estate, signedJson(by, ACTION, naming(relation)), estate.anotherProcess()),
    );
    expect(await Promise.all(asked)).toStrictEqual([first, first]);
    for (const by of [estate.parent, estate.child]) {
      expect(resultOf(await bill(estate, by, 'ListFinancialRelation')).Total).toBe(0);
    }
  });

  it('can be looked up all the same, and does not stand in the way of the next', async () => {
    const estate = await newParties();
    const relation = await come(estate);
    const id = Number(relation.RelationID.slice(3));
    const before = await relationOf(estate, estate.child, id);
    resultOf(await cleanUp(estate, naming(relation)));
    expect(await relationOf(estate, estate.child, id)).toEqual(before);
    expect((await manage(estate)).RelationID).not.toBe(relation.RelationID);
    resultOf(await bill(estate, estate.parent, 'ListFinancialRelation'));
  });
});

it('what is left is counted right', async () => {
  const estate = await newParties();
  const { parent } = estate;
  const kept = await outcomes['declined']?.(estate);
  resultOf(await cleanUp(estate, naming(await outcomes['ended']?.(estate))));
  const live = await manage(estate);
  const { List, Total } = resultOf(await bill(estate, parent, 'ListFinancialRelation'));
  expect(List.map(({ RelationID }: { RelationID: string }) => RelationID)).toEqual([kept.RelationID, live.RelationID]);
  expect(Total).toBe(2);
});

describe('is refused', () => {
  it('while the relation is live: RelationLive', async () => {
    const estate = await newParties();
    const relation = await create(estate, estate.parent, estate.child);
    const live = invalidParam('RelationID', 'RelationLive');
    await refuses(estate, live, naming(relation));
    resultOf(await bill(estate, estate.child, 'HandleInvitation', answering(relation, 2)));
    await refuses(estate, live, naming(relation));
    const changing = await newParties();
    await refuses(changing, live, naming(await manageChanging(changing)));
  });

  it('to anyone but its parties: RelationUnknown', async () => {
    const estate = await newParties();
    const body = naming(await outcomes['ended']?.(estate));
    const unknown = invalidParam('RelationID', 'RelationUnknown');
    for (const by of [estate.sibling, estate.stranger]) await refuses(estate, unknown, body, by);
    await refuses(estate, unknown, { ...body, RelationID: 'rel1' });
  });

  it('of what is otherwise: RelationOtherwise', async () => {
    const estate = await newParties();
    const body = naming(await outcomes['ended']?.(estate));
    const otherwise = (field: string) => invalidParam(field, 'RelationOtherwise');
    await refuses(estate, otherwise('SubAccountID'), { ...body, SubAccountID: estate.sibling.uid });
    await refuses(estate, otherwise('Relation'), { ...body, Relation: 1 });
  });

  it('without what it needs, or with what cannot be, in words of its own', async () => {
    const estate = await newParties();
    const body = naming(await outcomes['ended']?.(estate));
    for (const [field, values] of Object.entries({
      RelationID: ['x', 7, ['rel1']],
      SubAccountID: [0, -1, 'x', 1.5],
      Relation: [0, 2, 'x'],
    })) {
      const message = `The request is missing ${field} parameter.`;
      const missing = refusedAs(ACTION, 'ParameterMissing', 'MissingParameter', message);
      await refuses(estate, missing, { ...body, [field]: undefined });
      for (const value of values) await refuses(estate, invalidParam(field), { ...body, [field]: value });
    }
  });
});

it('fails in words of its own, too', async () => {
  const estate = await newParties();
  const body = naming(await outcomes['ended']?.(estate));
  const message = 'Service has some internal Error. Pls Contact With Admin.';
  const expected = refusedAs(ACTION, 'Internal', 'InternalError', message, { status: 500 });
  const request = signedJson(estate.parent, ACTION, body);
  await expectRefusal(estate, expected, () => sent(estate, request, misdeployed(estate)));
  expect(await sent(estate, request)).toStrictEqual(first);
});
