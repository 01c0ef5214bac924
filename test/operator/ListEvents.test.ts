import { expect, it } from 'vitest';
import { add, confirm, newParties, relieve, succeeded } from '#test/bss/parties.ts';
import { callerNotParty, lacking, malformed, relationUnknown, serverRequestId } from '#test/support/refusals.ts';

const codes = ['CHECK_FINANCE_INFO'];

/** A relation that was invited, accepted and ended, a second apart. */
async function lived() {
  const estate = await newParties();
  const { child, parent } = estate;
  const id = await add(estate, parent, child, { PermissionCodes: codes });
  estate.advance(1_000);
  succeeded(await confirm(estate, child, id, 'child_agree', codes));
  estate.advance(1_000);
  succeeded(await relieve(estate, parent, id));
  return { estate, id };
}

it('the events of a relation are told to its parties and to operators, newest first', async () => {
  const { estate, id } = await lived();
  const { call, child, operator, parent } = estate;
  const event = { EventId: expect.stringMatching(/^[\dA-Z]{26}$/), RelationId: id, RequestId: serverRequestId };
  for (const by of [parent, child, operator]) {
    expect(await call({ ...by, uid: 0 }, 'ListEvents', { RelationId: id })).toStrictEqual({
      status: 200,
      body: {
        RequestId: serverRequestId,
        Events: [
          {
            ...event,
            Time: '2025-03-02T15:12:36.567Z',
            Actor: String(parent.uid),
            Action: 'RelieveAccountRelation',
            Event: 'end',
            From: 'active',
            To: 'ended',
          },
          {
            ...event,
            Time: '2025-03-02T15:12:35.567Z',
            Actor: String(child.uid),
            Action: 'ConfirmRelation',
            Event: 'accept',
            From: 'inviting',
            To: 'active',
          },
          {
            ...event,
            Time: '2025-03-02T15:12:34.567Z',
            Actor: String(parent.uid),
            Action: 'AddAccountRelation',
            Event: 'invite',
            From: 'nothing',
            To: 'inviting',
          },
        ],
      },
    });
  }
});

it.each([1, 2, 3])('pages of %s are disjoint, in order and complete', async (MaxResults) => {
  const { estate, id } = await lived();
  const { call, operator } = estate;
  const found: string[] = [];
  let NextToken: string | undefined;
  do {
    const { body } = await call(operator, 'ListEvents', { RelationId: id, MaxResults, NextToken });
    found.push(...body.Events.map(({ Event }: { Event: string }) => Event));
    NextToken = body.NextToken;
  } while (NextToken !== undefined);
  expect(found).toEqual(['end', 'accept', 'invite']);
});

it('a token is good only for the caller and the list it was given for', async () => {
  const { estate, id } = await lived();
  const { call, child, operator, parent } = estate;
  const { NextToken } = (await call(operator, 'ListEvents', { RelationId: id, MaxResults: 1 })).body;
  const asOperators = (params: object) => call(operator, 'ListEvents', { ...params, NextToken });
  expect(await asOperators({ RelationId: id + 1 })).toEqual(malformed('NextToken'));
  expect(await asOperators({ Uid: parent.uid })).toEqual(malformed('NextToken'));
  const childs = await call({ ...child, uid: 0 }, 'ListEvents', { RelationId: id, NextToken });
  expect(childs).toEqual(malformed('NextToken'));
  expect(await call(operator, 'ListRegisteredAccounts', { NextToken })).toEqual(malformed('NextToken'));
});

it('nobody else learns of the events of a relation or an account', async () => {
  const { estate, id } = await lived();
  const { call, parent, sibling, stranger } = estate;
  for (const by of [sibling, stranger]) {
    expect(await call({ ...by, uid: 0 }, 'ListEvents', { RelationId: id })).toEqual(relationUnknown);
    expect(await call({ ...by, uid: 0 }, 'ListEvents', { RelationId: id + 1 })).toEqual(relationUnknown);
    expect(await call({ ...by, uid: 0 }, 'ListEvents', { Uid: parent.uid })).toEqual(callerNotParty);
  }
});

it('either a relation or an account is named', async () => {
  const { estate, id } = await lived();
  const { call, operator, parent } = estate;
  const neither = lacking('either RelationId or Uid');
  expect(await call(operator, 'ListEvents')).toEqual(neither);
  expect(await call(operator, 'ListEvents', { RelationId: id, Uid: parent.uid })).toEqual(neither);
});
