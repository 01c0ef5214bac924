import { describe, expect, it } from 'vitest';
import {
  add,
  confirm,
  DAY_MS,
  MINUTE_MS,
  modify,
  newParties,
  type Parties,
  relate,
  relationOf,
  relieve,
  START_MS,
  succeeded,
  WAIT_MS,
} from '#test/bss/parties.ts';
import { lacking, malformed, relationUnknown, serverRequestId } from '#test/support/refusals.ts';

const codes = ['CHECK_FINANCE_INFO'];

async function invited(): Promise<{ estate: Parties; id: number }> {
  const estate = await newParties();
  return { estate, id: await add(estate, estate.parent, estate.child, { PermissionCodes: codes }) };
}

describe('an established relation', () => {
  it('is answered to both parties with times in epoch milliseconds, and no end', async () => {
    const { estate, id } = await invited();
    const { call, child, parent } = estate;
    estate.advance(MINUTE_MS);
    succeeded(await confirm(estate, child, id, 'child_agree', codes));
    for (const by of [parent, child]) {
      expect(await call(by, 'GetAccountRelation', { RelationId: id, RequestId: 'trace' })).toStrictEqual({
        status: 200,
        body: {
          Code: '200',
          Message: 'OK',
          RequestId: 'trace',
          Success: true,
          Data: {
            Id: id,
            ParentUserId: parent.uid,
            ChildUserId: child.uid,
            StartTime: START_MS + MINUTE_MS,
            Type: 'enterprise_group',
            Status: 'RELATED',
            GmtModified: START_MS + MINUTE_MS,
          },
        },
      });
    }
  });

  it('keeps its start when its permissions change', async () => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    const id = await add(estate, parent, sibling, { PermissionCodes: codes });
    estate.advance(DAY_MS);
    succeeded(await modify(estate, parent, id, 'ADD', ['MANAGE_TARGET_INVOICE']));
    expect(await relationOf(estate, sibling, id)).toMatchObject({
      StartTime: START_MS,
      GmtModified: START_MS + DAY_MS,
    });
  });
});

it('a call that brings no RequestId is given one', async () => {
  const { estate, id } = await invited();
  const { body } = await estate.call(estate.child, 'GetAccountRelation', { RelationId: id });
  expect(body.RequestId).toEqual(serverRequestId);
});

describe('every status is shown:', () => {
  it('an invitation, without a start', async () => {
    const { estate, id } = await invited();
    expect(await relationOf(estate, estate.child, id)).toStrictEqual({
      Id: id,
      ParentUserId: estate.parent.uid,
      ChildUserId: estate.child.uid,
      Type: 'enterprise_group',
      Status: 'CONFIRMING',
      GmtModified: START_MS,
    });
  });

  it('a pending change, as in effect since its start', async () => {
    const estate = await newParties();
    const id = await relate(estate, estate.parent, estate.child, codes);
    estate.advance(DAY_MS);
    succeeded(await modify(estate, estate.parent, id, 'DELETE', codes));
    const shown = await relationOf(estate, estate.parent, id);
    expect(shown).toMatchObject({ Status: 'CHANGE_CONFIRMING', StartTime: START_MS, GmtModified: START_MS + DAY_MS });
    expect(shown).not.toHaveProperty('EndTime');
  });

  it('a lapsed change, as last modified when it lapsed', async () => {
    const estate = await newParties();
    const id = await relate(estate, estate.parent, estate.child, codes);
    succeeded(await modify(estate, estate.parent, id, 'DELETE', codes));
    estate.advance(WAIT_MS + DAY_MS);
    const shown = await relationOf(estate, estate.parent, id);
    expect(shown).toMatchObject({ Status: 'RELATED', StartTime: START_MS, GmtModified: START_MS + WAIT_MS });
    expect(shown).not.toHaveProperty('EndTime');
  });

  it.each([
    ['declined', 'REJECTED', 'child_disagree'],
    ['withdrawn', 'CONNECTION_MASTER_CANCEL', 'parent_cancel'],
  ])('a %s invitation, with its end and without a start', async (_, Status, code) => {
    const { estate, id } = await invited();
    estate.advance(DAY_MS);
    const by = code === 'parent_cancel' ? estate.parent : estate.child;
    succeeded(await confirm(estate, by, id, code, codes));
    const shown = await relationOf(estate, estate.child, id);
    expect(shown).toMatchObject({ Status, EndTime: START_MS + DAY_MS, GmtModified: START_MS + DAY_MS });
    expect(shown).not.toHaveProperty('StartTime');
  });

  it('an overdue invitation, as cancelled at its deadline', async () => {
    const { estate, id } = await invited();
    estate.advance(WAIT_MS + DAY_MS);
    const shown = await relationOf(estate, estate.child, id);
    const endedMs = START_MS + WAIT_MS;
    expect(shown).toMatchObject({ Status: 'CONNECTION_MASTER_CANCEL', EndTime: endedMs, GmtModified: endedMs });
    expect(shown).not.toHaveProperty('StartTime');
  });

  it('an ended relation, with start and end', async () => {
    const estate = await newParties();
    const id = await relate(estate, estate.parent, estate.child, codes);
    estate.advance(DAY_MS);
    succeeded(await relieve(estate, estate.parent, id));
    expect(await relationOf(estate, estate.child, id)).toMatchObject({
      Status: 'CONNECTION_CANCELED',
      StartTime: START_MS,
      EndTime: START_MS + DAY_MS,
    });
  });
});

describe('nobody else learns that a relation exists:', () => {
  it('to a sibling of the parent and to a stranger it is the same as one that does not', async () => {
    const { estate, id } = await invited();
    const { call, sibling, stranger } = estate;
    for (const by of [sibling, stranger]) {
      expect(await call(by, 'GetAccountRelation', { RelationId: id })).toEqual(relationUnknown);
      expect(await call(by, 'GetAccountRelation', { RelationId: id + 1 })).toEqual(relationUnknown);
    }
  });
});

describe('the relation', () => {
  it('must be given', async () => {
    const { call, parent } = await newParties();
    expect(await call(parent, 'GetAccountRelation')).toEqual(lacking('RelationId'));
  });

  it.each(['', '0', '-1', '1.5', '1e3', 'abc', '9007199254740992'])('cannot be "%s"', async (RelationId) => {
    const { call, parent } = await newParties();
    const expected = RelationId === '' ? lacking('RelationId') : malformed('RelationId');
    expect(await call(parent, 'GetAccountRelation', { RelationId })).toEqual(expected);
  });
});

it('a read is one round trip once the key is known', async () => {
  const { estate, id } = await invited();
  await relationOf(estate, estate.child, id);
  const before = estate.requests.length;
  await relationOf(estate, estate.child, id);
  expect(estate.requests.slice(before)).toMatchObject([{ command: expect.stringMatching(/^Get/) }]);
});
