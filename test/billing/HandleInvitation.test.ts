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
  lacks,
  manage,
  manageChanging,
  naming,
  pendingOf,
  refusedAs,
  relationWith,
  resultOf,
} from '#test/billing/calls.ts';
import { eventsOf, newParties, type Parties, relationOf, WAIT_MS } from '#test/bss/parties.ts';
import type { Answer, Signer } from '#test/support/estate.ts';

const ACTION = 'HandleInvitation';
const done = acknowledged(ACTION);

async function invited() {
  const estate = await newParties();
  return { estate, relation: await create(estate, estate.parent, estate.child) };
}

async function changing() {
  const estate = await newParties();
  return { estate, relation: await manageChanging(estate) };
}

const handle = (estate: Parties, by: Signer, body: Body) => bill(estate, by, ACTION, body);

const refuses = (estate: Parties, expected: Answer, body: Body, by = estate.child) =>
  expectRefusal(estate, expected, () => handle(estate, by, body));

const lastEvent = async (estate: Parties, { RelationID }: Answer['body']) =>
  (await eventsOf(estate, Number(RelationID.slice(3)))).at(-1);

describe('an invitation', () => {
  it('is accepted: the relation is established with the points offered', async () => {
    const { estate, relation } = await invited();
    expect(await handle(estate, estate.child, answering(relation, 2))).toStrictEqual(done);
    expect(await relationWith(estate, estate.child, estate.parent)).toMatchObject({
      RelationID: relation.RelationID,
      Status: 200,
      AuthInfo: [{ ...relation.AuthInfo[0], AuthStatus: 200 }],
    });
    expect(await lastEvent(estate, relation)).toMatchObject({ event: 'accept', actor: estate.child.uid });
  });

  it('is rejected', async () => {
    const { estate, relation } = await invited();
    expect(await handle(estate, estate.child, answering(relation, 3))).toStrictEqual(done);
    expect(await relationWith(estate, estate.child, estate.parent)).toMatchObject({ Status: 300, AuthInfo: [] });
    expect(await lastEvent(estate, relation)).toMatchObject({ event: 'decline', from: 'inviting', to: 'declined' });
  });

  it('is answered once only: RelationActive, RelationDeclined', async () => {
    for (const [Action, reason] of [
      [2, 'RelationActive'],
      [3, 'RelationDeclined'],
    ] as const) {
      const { estate, relation } = await invited();
      resultOf(await handle(estate, estate.child, answering(relation, Action)));
      for (const next of [2, 3] as const) {
        await refuses(estate, isInvalid(ACTION, 'RelationID', reason), answering(relation, next));
      }
    }
  });

  it('that was cancelled, expired or ended cannot be answered', async () => {
    const { estate, relation } = await invited();
    const { parent } = estate;
    resultOf(await bill(estate, parent, 'CancelInvitation', cancelling(relation)));
    await refuses(estate, isInvalid(ACTION, 'RelationID', 'RelationWithdrawn'), answering(relation, 2));
    const second = await create(estate, parent, estate.child);
    estate.advance(WAIT_MS - 1);
    await refuses(estate, isInvalid(ACTION, 'RelationID', 'CallerNotChild'), answering(second, 2), parent);
    estate.advance(1);
    await refuses(estate, isInvalid(ACTION, 'RelationID', 'RelationExpired'), answering(second, 2));
    const third = await manage(estate);
    resultOf(await bill(estate, parent, 'DeleteFinancialRelation', naming(third)));
    const again = { ...answering({ ...third, Status: 100 }, 2) };
    await refuses(estate, isInvalid(ACTION, 'RelationID', 'RelationEnded'), again);
  });
});

describe('a change of points', () => {
  it('is accepted: its points take the place of those in effect', async () => {
    const { estate, relation } = await changing();
    const pending = pendingOf(relation);
    expect(await handle(estate, estate.child, answering(relation, 2))).toStrictEqual(done);
    const { AuthInfo, Status } = await relationWith(estate, estate.parent, estate.child);
    expect({ AuthInfo, Status }).toEqual({ AuthInfo: [{ ...pending, AuthStatus: 200 }], Status: 200 });
    expect(await lastEvent(estate, relation)).toMatchObject({ event: 'acceptChange' });
  });

  it('is rejected: what was in effect stays', async () => {
    const { estate, relation } = await changing();
    expect(await handle(estate, estate.child, answering(relation, 3))).toStrictEqual(done);
    const { AuthInfo, Status } = await relationWith(estate, estate.parent, estate.child);
    expect({ AuthInfo, Status }).toEqual({ AuthInfo: relation.AuthInfo.slice(0, 1), Status: 200 });
    expect(await lastEvent(estate, relation)).toMatchObject({ event: 'declineChange' });
  });

  it('that was answered or has lapsed is pending no more', async () => {
    const { estate, relation } = await changing();
    resultOf(await handle(estate, estate.child, answering(relation, 3)));
    await refuses(estate, isInvalid(ACTION, 'AuthID', 'RelationOtherwise'), answering(relation, 2));
    const { RelationID } = relation;
    resultOf(await bill(estate, estate.parent, 'UpdateAuth', { RelationID, AuthListStr: '2' }));
    const second = await relationWith(estate, estate.parent, estate.child);
    await refuses(estate, isInvalid(ACTION, 'AuthID', 'RelationOtherwise'), answering(relation, 2));
    estate.advance(WAIT_MS);
    await refuses(estate, isInvalid(ACTION, 'RelationID', 'RelationActive'), answering(second, 2));
  });

  it('is not answered as an invitation, nor an invitation as a change: RelationChanging, RelationInviting', async () => {
    const pending = await changing();
    const asInvitation = answering({ ...pending.relation, Status: 100 }, 2);
    await refuses(pending.estate, isInvalid(ACTION, 'RelationID', 'RelationChanging'), asInvitation);
    const { estate, relation } = await invited();
    const asChange = answering({ ...relation, Status: 200 }, 2);
    await refuses(estate, isInvalid(ACTION, 'RelationID', 'RelationInviting'), asChange);
  });
});

describe('the invitation is named', () => {
  it.each([2, 3] as const)('while the body has an Action of its own, %i, which routes nothing', async (Action) => {
    for (const value of [Action, String(Action)]) {
      const { estate, relation } = await invited();
      const body = { ...answering(relation, Action), Action: value, Version: '2017-12-14' };
      expect(await handle(estate, estate.child, body)).toStrictEqual(done);
    }
    const { estate, relation } = await invited();
    const misleading = { ...answering(relation, Action), Action: 'ListInvitation' };
    await refuses(estate, isInvalid(ACTION, 'Action'), misleading);
  });

  it('by numbers or decimal texts, beside what is null or unknown', async () => {
    const { estate, relation } = await invited();
    const { Action, InvitationType, MajorAccountID, Relation, RelationID } = answering(relation, 2);
    const body = {
      Action: String(Action),
      InvitationType: String(InvitationType),
      MajorAccountID: String(MajorAccountID),
      Relation: String(Relation),
    };
    expect(await handle(estate, estate.child, { ...body, RelationID, AuthID: null, Note: [] })).toStrictEqual(done);
  });

  it('by what its type requires', async () => {
    const { estate, relation } = await invited();
    const whole = answering(relation, 2);
    for (const field of ['InvitationType', 'Action', 'RelationID', 'MajorAccountID', 'Relation']) {
      await refuses(estate, lacks(ACTION, field), { ...whole, [field]: undefined });
    }
    const change = answering({ ...relation, Status: 200 }, 2);
    await refuses(estate, lacks(ACTION, 'AuthID'), { ...change, AuthID: undefined });
    await refuses(estate, lacks(ACTION, 'InvitationType'), {});
  });

  it('by values that can be', async () => {
    const { estate, relation } = await invited();
    const whole = { ...answering(relation, 2), AuthID: pendingOf(relation)?.AuthID };
    const digits = relation.RelationID.slice(3);
    for (const [field, values] of Object.entries({
      InvitationType: [0, 3, 'x', 1.5, [1]],
      Action: [0, 1, 4, 'accept', [2]],
      RelationID: ['x', `auth${digits}`, digits, Number(digits), `rel${digits}x`, [relation.RelationID]],
      MajorAccountID: [0, -1, 'x', 1.5],
      Relation: [0, 2, 3, 'x'],
      AuthID: ['x', `rel${digits}`, Number(digits)],
    })) {
      for (const value of values) await refuses(estate, isInvalid(ACTION, field), { ...whole, [field]: value });
    }
  });

  it('as it is: RelationOtherwise, RelationUnknown', async () => {
    const { estate, relation } = await invited();
    const whole = answering(relation, 2);
    const otherwise = (field: string) => isInvalid(ACTION, field, 'RelationOtherwise');
    await refuses(estate, otherwise('MajorAccountID'), { ...whole, MajorAccountID: estate.stranger.uid });
    await refuses(estate, otherwise('Relation'), { ...whole, Relation: 1 });
    const unknown = isInvalid(ACTION, 'RelationID', 'RelationUnknown');
    const digits = relation.RelationID.slice(3);
    for (const RelationID of ['rel1', 'rel0', `rel0${digits}`, 'rel7336772146369925420']) {
      await refuses(estate, unknown, { ...whole, RelationID });
    }
    const pending = await changing();
    const other = { ...answering(pending.relation, 2), AuthID: pending.relation.AuthInfo[0].AuthID };
    await refuses(pending.estate, otherwise('AuthID'), other);
  });
});

it('an account that another relation binds accepts no other, until that has ended: ChildAlreadyRelated', async () => {
  const { estate, relation } = await invited();
  const { child, stranger } = estate;
  const other = await create(estate, stranger, child);
  resultOf(await handle(estate, child, answering(relation, 2)));
  const message = `The associated account ${child.uid} already has other financial relationships and cannot be linked!`;
  const code = 'OperationDenied.FinanceManagementSubExcludeCorpFinance';
  await refuses(estate, refusedAs(ACTION, 'ChildAlreadyRelated', code, message), answering(other, 2));
  resultOf(await bill(estate, estate.parent, 'DeleteFinancialRelation', naming(relation)));
  resultOf(await handle(estate, child, answering(other, 2)));
  expect(await relationWith(estate, stranger, child)).toMatchObject({ Status: 200 });
});

it('only the invited account answers: not the main account, CallerNotChild, nor a stranger', async () => {
  for (const { estate, relation } of [await invited(), await changing()]) {
    for (const Action of [2, 3] as const) {
      const body = answering(relation, Action);
      await refuses(estate, isInvalid(ACTION, 'RelationID', 'CallerNotChild'), body, estate.parent);
      const unknown = isInvalid(ACTION, 'RelationID', 'RelationUnknown');
      for (const by of [estate.sibling, estate.stranger]) await refuses(estate, unknown, body, by);
    }
    expect((await relationOf(estate, estate.child, Number(relation.RelationID.slice(3)))).Status).toMatch(
      /CONFIRMING$/,
    );
  }
});
