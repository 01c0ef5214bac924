import { expect, it } from 'vitest';
import { job as publishEvents } from '#functions/workers/publishEvents.ts';
import { add, confirm, newParties, type Parties, relieve, succeeded } from '#test/bss/parties.ts';
import type { Params, Signer } from '#test/support/estate.ts';
import { callerNotParty, lacking, malformed, relationUnknown, serverRequestId } from '#test/support/refusals.ts';
import { fakeBus, streamOf } from '#test/workers/stream.ts';

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

/** Lets everything written so far go through the stream. */
async function streamed(estate: Parties): Promise<void> {
  const outcome = await publishEvents.run({ deps: estate.deps, bus: fakeBus() }, await streamOf(estate));
  expect(outcome).toEqual({ again: undefined, illegible: 0 });
}

/** What a caller is listed, page by page; `between` happens after each page. */
async function pagesOf({ call }: Parties, by: Signer, params: Params, between = async () => {}): Promise<string[][]> {
  const pages: string[][] = [];
  let NextToken: string | undefined;
  do {
    const { status, body } = await call({ ...by, uid: 0 }, 'ListEvents', { ...params, NextToken });
    expect(status, JSON.stringify(body)).toBe(200);
    pages.push(body.Events.map(({ Event }: { Event: string }) => Event));
    NextToken = body.NextToken;
    await between();
  } while (NextToken !== undefined);
  return pages;
}

/** An account in the middle: the child of one relation and, a second later, the parent of another. */
async function middling() {
  const estate = await newParties();
  const { child, parent, stranger } = estate;
  const ids: number[] = [];
  for (const [by, of] of [
    [parent, child],
    [child, stranger],
  ] as const) {
    const id = await add(estate, by, of, { PermissionCodes: codes });
    estate.advance(1_000);
    succeeded(await confirm(estate, of, id, 'child_agree', codes));
    estate.advance(1_000);
    succeeded(await relieve(estate, by, id));
    estate.advance(1_000);
    ids.push(id);
  }
  return { estate, ids };
}

it('the events of a relation are listed at once, of an account those whose parties the call named, and all once they went through the stream', async () => {
  const { estate, ids } = await middling();
  const { child, operator } = estate;
  for (const by of [child, operator]) {
    expect(await pagesOf(estate, by, { Uid: child.uid })).toEqual([['invite', 'invite']]);
    expect(await pagesOf(estate, by, { RelationId: ids[0] })).toEqual([['end', 'accept', 'invite']]);
  }
  await streamed(estate);
  for (const by of [child, operator]) {
    const all = ['end', 'accept', 'invite', 'end', 'accept', 'invite'];
    expect(await pagesOf(estate, by, { Uid: child.uid })).toEqual([all]);
  }
  expect(await pagesOf(estate, estate.parent, { Uid: estate.parent.uid })).toEqual([['end', 'accept', 'invite']]);
  expect(await pagesOf(estate, estate.sibling, { Uid: estate.sibling.uid })).toEqual([[]]);
});

it('a relation that never was has no events to list, for an operator either', async () => {
  const { call, operator } = await newParties();
  expect((await call(operator, 'ListEvents', { RelationId: 51463 })).body).toMatchObject({ Reason: 'RelationUnknown' });
});

it.each([1, 2, 4, 5])(
  'pages of %s of an account are disjoint, newest first and complete, whatever happens',
  async (n) => {
    const { estate } = await middling();
    const { child, parent } = estate;
    await streamed(estate);
    const pages = await pagesOf(estate, child, { Uid: child.uid, MaxResults: n }, async () => {
      const id = await add(estate, parent, child, { PermissionCodes: codes });
      succeeded(await confirm(estate, child, id, 'child_disagree', codes));
      await streamed(estate);
    });
    expect(pages.flat()).toEqual(['end', 'accept', 'invite', 'end', 'accept', 'invite']);
    expect(pages.slice(0, -1).every(({ length }) => length === n)).toBe(true);
  },
);

it('a token of one party is none of the other, nor good for anything it was not given', async () => {
  const { estate, id } = await lived();
  const { call, child, parent } = estate;
  const asParty = (by: Signer, params: Params) => call({ ...by, uid: 0 }, 'ListEvents', params);
  const { NextToken } = (await asParty(parent, { RelationId: id, MaxResults: 1 })).body;
  expect((await asParty(parent, { RelationId: id, MaxResults: 2, NextToken })).status).toBe(200);
  expect(await asParty(child, { RelationId: id, NextToken })).toEqual(malformed('NextToken'));
  expect(await asParty(parent, { Uid: parent.uid, NextToken })).toEqual(malformed('NextToken'));
  const last = NextToken.at(-2) === 'A' ? 'B' : 'A';
  for (const other of ['x', NextToken.slice(2), `${NextToken.slice(0, -2)}${last}${NextToken.slice(-1)}`]) {
    expect(await asParty(parent, { RelationId: id, NextToken: other })).toEqual(malformed('NextToken'));
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
