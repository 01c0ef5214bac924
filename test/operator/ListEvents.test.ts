import { describe, expect, it } from 'vitest';
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
  const subject = { Subject: 'relation', SubjectId: String(id), RelationId: id };
  const event = { EventId: expect.stringMatching(/^[\dA-Z]{26}$/), ...subject, RequestId: serverRequestId };
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
  expect(outcome).toEqual({ again: undefined, passedOver: 0 });
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

it('either a relation, an account or a subject is named', async () => {
  const { estate, id } = await lived();
  const { call, operator, parent } = estate;
  const subject = { Subject: 'account', SubjectId: parent.uid };
  const neither = lacking('either RelationId, or Uid, or Subject and SubjectId');
  for (const params of [
    {},
    { RelationId: id, Uid: parent.uid },
    { RelationId: id, ...subject },
    { Uid: parent.uid, ...subject },
    { Subject: 'account' },
    { SubjectId: parent.uid },
    { Uid: parent.uid, SubjectId: parent.uid },
  ]) {
    expect(await call(operator, 'ListEvents', params), JSON.stringify(params)).toEqual(neither);
  }
});

it.each(['relation', 'account'])('the id of %s is a number', async (Subject) => {
  const { call, operator } = await newParties();
  for (const SubjectId of ['x', '0', '1.5', '12345678901234567']) {
    expect(await call(operator, 'ListEvents', { Subject, SubjectId })).toEqual(malformed('SubjectId'));
  }
  expect(await call(operator, 'ListEvents', { Subject: 'planet', SubjectId: 1 })).toEqual(malformed('Subject'));
});

it('the events of a relation are the same by its id and by subject, to whoever may read them', async () => {
  const { estate, id } = await lived();
  const { call, child, operator, stranger } = estate;
  const bySubject = { Subject: 'relation', SubjectId: id };
  for (const by of [child, operator]) {
    expect(await pagesOf(estate, by, { ...bySubject, MaxResults: 2 })).toEqual([['end', 'accept'], ['invite']]);
  }
  expect(await call({ ...stranger, uid: 0 }, 'ListEvents', bySubject)).toEqual(relationUnknown);
});

describe('what operators did', () => {
  /** A key was issued to the child and revoked, another to operators; what became of the child's standing. */
  async function governed() {
    const estate = await newParties();
    const { call, child, operator } = estate;
    const { AccessKeyId: keyId } = (await call(operator, 'IssueAccessKey', { Uid: child.uid })).body;
    const { AccessKeyId: operatorKeyId } = (await call(operator, 'IssueAccessKey', { Operator: true })).body;
    await call(operator, 'RevokeAccessKey', { AccessKeyId: keyId });
    await call(operator, 'PutAccountStanding', { Uid: child.uid, Arrears: 5, Frozen: true });
    return { estate, keyId, operatorKeyId };
  }

  it('to an account or a key is told by its subject, at once, with what it was before', async () => {
    const { estate, keyId, operatorKeyId } = await governed();
    const { call, child, operator } = estate;
    const listed = async (Subject: string, SubjectId: string | number) =>
      (await call(operator, 'ListEvents', { Subject, SubjectId })).body.Events;
    const by = { Actor: 'operator', ActorKeyId: operator.keyId, RequestId: serverRequestId };
    const common = { ...by, EventId: expect.any(String), Time: '2025-03-02T15:12:34.567Z' };
    const ofAccount = { ...common, Subject: 'account', SubjectId: String(child.uid) };
    const changed = { ArrearsBefore: 0, ArrearsAfter: 5, FrozenBefore: false, FrozenAfter: true };
    const put = { Action: 'PutAccountStanding', Event: 'changeStanding', From: 'registered', To: 'registered' };
    expect(await listed('account', child.uid)).toStrictEqual([{ ...ofAccount, ...put, ...changed }]);
    const revoked = { Action: 'RevokeAccessKey', Event: 'revoke', From: 'active', To: 'revoked' };
    const issued = { Action: 'IssueAccessKey', Event: 'issue', From: 'nothing', To: 'active' };
    const ofKey = { ...common, Subject: 'accessKey', SubjectId: keyId, Uid: child.uid };
    expect(await listed('accessKey', keyId)).toStrictEqual([
      { ...ofKey, ...revoked },
      { ...ofKey, ...issued },
    ]);
    const ofOperators = { ...common, Subject: 'accessKey', SubjectId: operatorKeyId };
    expect(await listed('accessKey', operatorKeyId)).toStrictEqual([{ ...ofOperators, ...issued }]);
    expect(await listed('accessKey', 'TRIBUNKNOWN')).toEqual([]);
  });

  it('is in the list of its account at once, and of no account if it is nobody’s', async () => {
    const { estate } = await governed();
    for (const by of [estate.child, estate.operator]) {
      expect(await pagesOf(estate, by, { Uid: estate.child.uid })).toEqual([['changeStanding', 'revoke', 'issue']]);
    }
  });

  it('is told to the account it happened to and to no other, but not by whose key', async () => {
    const { estate, keyId, operatorKeyId } = await governed();
    const { call, child, operator, stranger } = estate;
    const own = [
      { Subject: 'account', SubjectId: child.uid },
      { Subject: 'accessKey', SubjectId: keyId },
    ];
    for (const params of own) {
      const told = await call({ ...child, uid: 0 }, 'ListEvents', params);
      expect(told.body.Events[0]).toMatchObject({ Actor: 'operator', ...params, SubjectId: String(params.SubjectId) });
      expect(JSON.stringify(told)).not.toContain(operator.keyId);
      expect(await call({ ...stranger, uid: 0 }, 'ListEvents', params)).toEqual(callerNotParty);
    }
    for (const SubjectId of [operatorKeyId, operator.keyId, stranger.keyId, 'TRIBUNKNOWN']) {
      const params = { Subject: 'accessKey', SubjectId };
      expect(await call({ ...child, uid: 0 }, 'ListEvents', params)).toEqual(callerNotParty);
    }
  });
});
