import { expect, it } from 'vitest';
import {
  answering,
  bill,
  create,
  listed,
  manage,
  manageChanging,
  pendingOf,
  relationWith,
  resultOf,
} from '#test/billing/calls.ts';
import { newParties, type Parties, WAIT_MS } from '#test/bss/parties.ts';
import type { Answer, Signer } from '#test/support/estate.ts';

const ACTION = 'ListInvitation';

const received = (estate: Parties, by: Signer) => bill(estate, by, ACTION);

/** The whole answer with one invitation: its relation as the child sees it, and of a change what it offers. */
function one(type: 1 | 2, relation: Answer['body']): Answer {
  const pending = pendingOf(relation);
  const { MajorAccountID, RelationID, SubAccountID } = relation;
  const auth = { AuthID: pending?.AuthID, AuthList: pending?.AuthList, Status: 100 };
  const Auth = { ...auth, MajorAccountID, SubAccountID, RelationID };
  return listed(ACTION, { List: [{ InvitationType: type, Relation: relation, ...(type === 2 && { Auth }) }] });
}

const nothing = listed(ACTION, { List: [] });

it('shows an invitation to the account invited, and to it alone', async () => {
  const estate = await newParties();
  const { child, parent, sibling, stranger } = estate;
  await create(estate, parent, child, { AccountAlias: 'team' });
  const relation = await relationWith(estate, child, parent);
  expect(relation).toMatchObject({ Status: 100, Filiation: 2, AccountAlias: 'team' });
  expect(await received(estate, child)).toStrictEqual(one(1, relation));
  for (const other of [parent, sibling, stranger]) expect(await received(estate, other)).toStrictEqual(nothing);
});

it('shows a change of points to the sub account, beside what is in effect', async () => {
  const estate = await newParties();
  const { child, parent } = estate;
  await manageChanging(estate);
  const relation = await relationWith(estate, child, parent);
  expect(await received(estate, child)).toStrictEqual(one(2, relation));
  expect(resultOf(await received(estate, child)).List[0].Auth.AuthList).toEqual([1, 2]);
  expect(await received(estate, parent)).toStrictEqual(nothing);
});

it('shows nothing that was answered', async () => {
  const estate = await newParties();
  const { child, parent } = estate;
  expect(await received(estate, child)).toStrictEqual(nothing);
  const declined = await create(estate, parent, child);
  resultOf(await bill(estate, child, 'HandleInvitation', answering(declined, 3)));
  expect(await received(estate, child)).toStrictEqual(nothing);
  await manage(estate);
  expect(await received(estate, child)).toStrictEqual(nothing);
});

it('shows nothing that is overdue', async () => {
  for (const begin of [(estate: Parties) => create(estate, estate.parent, estate.child), manageChanging]) {
    const estate = await newParties();
    await begin(estate);
    estate.advance(WAIT_MS - 1);
    expect(resultOf(await received(estate, estate.child)).List).toHaveLength(1);
    estate.advance(1);
    expect(await received(estate, estate.child)).toStrictEqual(nothing);
  }
});

it('takes any body, and none', async () => {
  const estate = await newParties();
  await create(estate, estate.parent, estate.child);
  const usual = await received(estate, estate.child);
  expect(await bill(estate, estate.child, ACTION, { Limit: 'x', Action: 3 })).toStrictEqual({
    ...usual,
    body: { ...usual.body, ResponseMetadata: expect.anything() },
  });
});
