import { describe, expect, it } from 'vitest';
import {
  acknowledged,
  answering,
  type Body,
  bill,
  cancelling,
  create,
  expectRefusal,
  isInvalid,
  isUnauthorized,
  lacks,
  manage,
  manageChanging,
  naming,
  pendingOf,
  relationWith,
  resultOf,
} from '#test/billing/calls.ts';
import { eventsOf, newParties, type Parties, WAIT_MS } from '#test/bss/parties.ts';
import type { Answer } from '#test/support/estate.ts';

const ACTION = 'CancelInvitation';
const done = acknowledged(ACTION);

async function invited() {
  const estate = await newParties();
  return { estate, relation: await create(estate, estate.parent, estate.child) };
}

async function changing() {
  const estate = await newParties();
  return { estate, relation: await manageChanging(estate) };
}

const cancel = (estate: Parties, body: Body, by = estate.parent) => bill(estate, by, ACTION, body);

const refuses = (estate: Parties, expected: Answer, body: Body, by = estate.parent) =>
  expectRefusal(estate, expected, () => cancel(estate, body, by));

const lastEvent = async (estate: Parties, { RelationID }: Answer['body']) =>
  (await eventsOf(estate, Number(RelationID.slice(3)))).at(-1);

it('an invitation is cancelled', async () => {
  const { estate, relation } = await invited();
  expect(await cancel(estate, cancelling(relation))).toStrictEqual(done);
  expect(await relationWith(estate, estate.child, estate.parent)).toMatchObject({ Status: 400, AuthInfo: [] });
  expect(await lastEvent(estate, relation)).toMatchObject({ event: 'withdraw', actor: estate.parent.uid });
});

it('a change of points is cancelled: what was in effect stays', async () => {
  const { estate, relation } = await changing();
  expect(await cancel(estate, cancelling(relation))).toStrictEqual(done);
  const { AuthInfo, Status } = await relationWith(estate, estate.parent, estate.child);
  expect({ AuthInfo, Status }).toEqual({ AuthInfo: relation.AuthInfo.slice(0, 1), Status: 200 });
  expect(await lastEvent(estate, relation)).toMatchObject({ event: 'withdrawChange' });
});

describe('what is pending no more cannot be cancelled:', () => {
  const gone = (reason: string) => isInvalid(ACTION, 'RelationID', reason);

  it.each([
    [2, 'RelationActive'],
    [3, 'RelationDeclined'],
  ] as const)('an invitation answered with %i: %s', async (Action, reason) => {
    const { estate, relation } = await invited();
    resultOf(await bill(estate, estate.child, 'HandleInvitation', answering(relation, Action)));
    await refuses(estate, gone(reason), cancelling(relation));
  });

  it('one cancelled or expired, and a relation ended: RelationWithdrawn, RelationExpired, RelationEnded', async () => {
    const { estate, relation } = await invited();
    resultOf(await cancel(estate, cancelling(relation)));
    await refuses(estate, gone('RelationWithdrawn'), cancelling(relation));
    const second = await create(estate, estate.parent, estate.child);
    estate.advance(WAIT_MS);
    await refuses(estate, gone('RelationExpired'), cancelling(second));
    const third = await manage(estate);
    resultOf(await bill(estate, estate.parent, 'DeleteFinancialRelation', naming(third)));
    await refuses(estate, gone('RelationEnded'), cancelling({ ...third, Status: 100 }));
  });

  it('a change answered, or lapsed', async () => {
    const { estate, relation } = await changing();
    resultOf(await bill(estate, estate.child, 'HandleInvitation', answering(relation, 2)));
    await refuses(estate, isInvalid(ACTION, 'AuthID', 'RelationOtherwise'), cancelling(relation));
    const second = await changing();
    second.estate.advance(WAIT_MS);
    await refuses(second.estate, gone('RelationActive'), cancelling(second.relation));
  });

  it('a change as an invitation, or the other way round: RelationChanging, RelationInviting', async () => {
    const pending = await changing();
    await refuses(pending.estate, gone('RelationChanging'), cancelling({ ...pending.relation, Status: 100 }));
    const { estate, relation } = await invited();
    await refuses(estate, gone('RelationInviting'), cancelling({ ...relation, Status: 200 }));
  });
});

describe('the invitation is named', () => {
  it('by numbers or decimal texts', async () => {
    const { estate, relation } = await invited();
    const { InvitationType, Relation, RelationID, SubAccountID } = cancelling(relation);
    const body = {
      InvitationType: String(InvitationType),
      SubAccountID: String(SubAccountID),
      Relation: String(Relation),
    };
    expect(await cancel(estate, { ...body, RelationID, AuthID: null })).toStrictEqual(done);
  });

  it('by what its type requires', async () => {
    const { estate, relation } = await invited();
    for (const field of ['InvitationType', 'RelationID', 'SubAccountID', 'Relation']) {
      await refuses(estate, lacks(ACTION, field), { ...cancelling(relation), [field]: undefined });
    }
    await refuses(estate, lacks(ACTION, 'AuthID'), { InvitationType: 2, RelationID: relation.RelationID });
  });

  it('by values that can be', async () => {
    const { estate, relation } = await invited();
    const whole = { ...cancelling(relation), AuthID: pendingOf(relation)?.AuthID };
    for (const [field, values] of Object.entries({
      InvitationType: [0, 3, 'x', [1]],
      RelationID: ['x', 7, [relation.RelationID]],
      SubAccountID: [0, -1, 'x'],
      Relation: [0, 2, 'x'],
      AuthID: ['x', 7],
    })) {
      for (const value of values) await refuses(estate, isInvalid(ACTION, field), { ...whole, [field]: value });
    }
  });

  it('as it is: RelationOtherwise, RelationUnknown', async () => {
    const { estate, relation } = await invited();
    const whole = cancelling(relation);
    const otherwise = (field: string) => isInvalid(ACTION, field, 'RelationOtherwise');
    await refuses(estate, otherwise('SubAccountID'), { ...whole, SubAccountID: estate.sibling.uid });
    await refuses(estate, otherwise('Relation'), { ...whole, Relation: 1 });
    await refuses(estate, isInvalid(ACTION, 'RelationID', 'RelationUnknown'), { ...whole, RelationID: 'rel1' });
    const pending = await changing();
    const other = { ...cancelling(pending.relation), AuthID: 'auth1' };
    await refuses(pending.estate, otherwise('AuthID'), other);
  });
});

it('only the inviting account cancels: CallerNotParent to the invited one, and to strangers', async () => {
  for (const { estate, relation } of [await invited(), await changing()]) {
    for (const by of [estate.child, estate.sibling, estate.stranger]) {
      await refuses(estate, isUnauthorized(ACTION, 'CallerNotParent'), cancelling(relation), by);
    }
  }
});
