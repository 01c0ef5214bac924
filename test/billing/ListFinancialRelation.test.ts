import { describe, expect, it } from 'vitest';
import {
  answering,
  type Body,
  bill,
  cancelling,
  create,
  isInvalid,
  listed,
  manage,
  manageChanging,
  naming,
  resultOf,
} from '#test/billing/calls.ts';
import { newParties, type Parties, WAIT_MS } from '#test/bss/parties.ts';
import type { Answer, Signer } from '#test/support/estate.ts';

const ACTION = 'ListFinancialRelation';

const list = (estate: Parties, by: Signer, filter: Body = {}) => bill(estate, by, ACTION, filter);

async function found(estate: Parties, by: Signer, filter: Body = {}): Promise<string[]> {
  const { List, Total } = resultOf(await list(estate, by, { Limit: 100, ...filter }));
  expect(Total).toBe(List.length);
  return List.map(({ RelationID }: Answer['body']) => RelationID);
}

/** One relation of the parent in every status, oldest first, by the number of its status. */
async function oneOfEach(): Promise<{ estate: Parties; ids: Record<string, string>; members: Record<string, Signer> }> {
  const estate = await newParties();
  const { parent, child, sibling, stranger } = estate;
  const others = await Promise.all(['Dunn', 'Echo', 'Fern'].map((name) => estate.account(name)));
  const [declining, cancelled, late] = others;
  if (!declining || !cancelled || !late) throw new Error('there are three more');
  const expired = await create(estate, parent, late);
  estate.advance(WAIT_MS);
  const established = await manage(estate);
  const declined = await create(estate, parent, declining);
  resultOf(await bill(estate, declining, 'HandleInvitation', answering(declined, 3)));
  const withdrawn = await create(estate, parent, cancelled);
  resultOf(await bill(estate, parent, 'CancelInvitation', cancelling(withdrawn)));
  const ended = await create(estate, parent, sibling, { Relation: 1, AuthListStr: undefined });
  resultOf(await bill(estate, parent, 'DeleteFinancialRelation', naming(ended)));
  const inviting = await create(estate, parent, stranger);
  const ids = {
    100: inviting.RelationID,
    200: established.RelationID,
    300: declined.RelationID,
    400: withdrawn.RelationID,
    401: expired.RelationID,
    500: ended.RelationID,
  };
  return {
    estate,
    ids,
    members: { 100: stranger, 200: child, 300: declining, 400: cancelled, 401: late, 500: sibling },
  };
}

describe('a relation is shown', () => {
  it('to both its parties, each by its side', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    const { RelationID } = await manage(estate, { AccountAlias: '研发' });
    const relation = {
      RelationID,
      MajorAccountID: parent.uid,
      MajorAccountName: `login${parent.uid}@test`,
      SubAccountID: child.uid,
      SubAccountName: `login${child.uid}@test`,
      AccountAlias: '研发',
      Filiation: 1,
      FiliationDesc: '主',
      Relation: 4,
      RelationDesc: '财务管理',
      Status: 200,
      StatusDesc: '关系已建立',
      UpdateTime: '2025-03-02 23:12:34',
      AuthInfo: [{ AuthID: expect.stringMatching(/^auth\d+$/), AuthList: [1, 3, 5], AuthStatus: 200 }],
      AuthID: expect.stringMatching(/^auth\d+$/),
    };
    const page = { Total: 1, Limit: 10, Offset: 0 };
    expect(await list(estate, parent)).toStrictEqual(listed(ACTION, { List: [relation], ...page }));
    const other = { ...relation, Filiation: 2, FiliationDesc: '子' };
    expect(await list(estate, child)).toStrictEqual(listed(ACTION, { List: [other], ...page }));
  });

  it('of trusteeship without authorizations', async () => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    const relation = await create(estate, parent, sibling, { Relation: 1, AuthListStr: '1' });
    expect(relation).toMatchObject({ Relation: 1, RelationDesc: '财务托管', Status: 200, AuthInfo: [] });
    expect(relation).not.toHaveProperty('AuthID');
  });

  it('with the caption of its status, and when that last changed', async () => {
    const { estate } = await oneOfEach();
    const { List } = resultOf(await list(estate, estate.parent));
    const shown = List.map(({ Status, StatusDesc }: Answer['body']) => [Status, StatusDesc]);
    expect(shown).toEqual([
      [400, '已取消'],
      [200, '关系已建立'],
      [300, '已拒绝'],
      [400, '已取消'],
      [500, '已解除'],
      [100, '邀约中'],
    ]);
    expect(List[0]).toMatchObject({ UpdateTime: '2025-03-17 23:12:34' });
  });

  it('with the authorization in effect before the one that is pending', async () => {
    const estate = await newParties();
    await manageChanging(estate);
    for (const by of [estate.parent, estate.child]) {
      const { List } = resultOf(await list(estate, by));
      expect(List).toMatchObject([
        {
          Status: 200,
          AuthInfo: [
            { AuthList: [1, 3, 5], AuthStatus: 200 },
            { AuthList: [1, 2], AuthStatus: 100 },
          ],
        },
      ]);
    }
  });

  it('to nobody else', async () => {
    const estate = await newParties();
    await manage(estate);
    expect(await found(estate, estate.stranger)).toEqual([]);
    const nothing = { List: [], Total: 0, Limit: 10, Offset: 0 };
    const filter = { AccountIDSearchList: [estate.parent.uid] };
    expect(await list(estate, estate.sibling, filter)).toStrictEqual(listed(ACTION, nothing));
  });
});

describe('a filter', () => {
  it('by status takes any of them, as texts or numbers; 250 is accepted and is nothing’s', async () => {
    const { estate, ids } = await oneOfEach();
    const { parent } = estate;
    expect(await found(estate, parent, { Status: ['100'] })).toEqual([ids[100]]);
    expect(await found(estate, parent, { Status: [200] })).toEqual([ids[200]]);
    expect(await found(estate, parent, { Status: ['300'] })).toEqual([ids[300]]);
    expect(await found(estate, parent, { Status: ['400'] })).toEqual([ids[401], ids[400]]);
    expect(await found(estate, parent, { Status: ['500'] })).toEqual([ids[500]]);
    expect(await found(estate, parent, { Status: ['250'] })).toEqual([]);
    expect(await found(estate, parent, { Status: ['250', '200', 500, '200'] })).toEqual([ids[200], ids[500]]);
    const every = [ids[401], ids[200], ids[300], ids[400], ids[500], ids[100]];
    expect(await found(estate, parent, { Status: [100, 200, 250, 300, 400, 500] })).toEqual(every);
  });

  it('that is empty, null or absent restricts nothing', async () => {
    const { estate } = await oneOfEach();
    for (const field of ['AccountIDSearchList', 'Relation', 'Status']) {
      for (const nothing of [[], null, '', undefined]) {
        expect(await found(estate, estate.parent, { [field]: nothing })).toHaveLength(6);
      }
    }
  });

  it('by type, and by the other account', async () => {
    const { estate, ids, members } = await oneOfEach();
    const { child, parent, stranger } = estate;
    expect(await found(estate, parent, { Relation: ['1'] })).toEqual([ids[500]]);
    expect(await found(estate, parent, { Relation: [4, '1'] })).toHaveLength(6);
    const both = [String(child.uid), stranger.uid];
    expect(await found(estate, parent, { AccountIDSearchList: both })).toEqual([ids[200], ids[100]]);
    expect(await found(estate, parent, { AccountIDSearchList: [parent.uid] })).toEqual([]);
    for (const [number, member] of Object.entries(members)) {
      expect(await found(estate, member, { AccountIDSearchList: [parent.uid] })).toEqual([ids[number]]);
    }
  });

  it('combines with the others', async () => {
    const { estate, ids } = await oneOfEach();
    const { child, parent, sibling } = estate;
    const asProvider = { AccountIDSearchList: [String(child.uid)], Relation: ['4'], Status: ['200'], Offset: 0 };
    expect(await found(estate, parent, asProvider)).toEqual([ids[200]]);
    expect(await found(estate, parent, { ...asProvider, Relation: ['1'] })).toEqual([]);
    const bySibling = { AccountIDSearchList: [sibling.uid], Status: ['500', '200'] };
    expect(await found(estate, parent, bySibling)).toEqual([ids[500]]);
  });

  it.each<[string, unknown[]]>([
    ['AccountIDSearchList', [['x'], [0], [-1], [1.5], [[1]], {}, true, Array(101).fill(1)]],
    ['Relation', [['2'], [3], ['x'], {}, true]],
    ['Status', [['150'], [201], ['established'], {}, true]],
    ['Limit', [0, 101, -1, 'x', 1.5, [10]]],
    ['Offset', [-1, 'x', 1.5, [0]]],
  ])('%s is refused where it cannot be', async (field, values) => {
    const estate = await newParties();
    for (const value of values) {
      const isMember = Array.isArray(value) && value.length === 1 && !['Limit', 'Offset'].includes(field);
      const answer = await list(estate, estate.parent, { [field]: value });
      expect(answer, JSON.stringify(value)).toStrictEqual(isInvalid(ACTION, isMember ? `${field}.1` : field));
    }
  });
});

describe('pages', () => {
  it('of 101 relations count all of them, keep their order and end', async () => {
    const estate = await newParties();
    const { parent } = estate;
    const members = await Promise.all(Array.from({ length: 101 }, () => estate.account('Acme')));
    for (const member of members) {
      const body = { SubAccountID: member.uid, Relation: 4, AuthListStr: '2' };
      resultOf(await bill(estate, parent, 'CreateFinancialRelation', body));
    }
    const page = async (Limit: number | string, Offset: number | string, more: Body = {}) =>
      resultOf(await list(estate, parent, { Limit, Offset, ...more }));
    const first = await page(100, 0, { Status: ['200'] });
    const last = await page('100', '100', { Status: ['200'] });
    expect({ ...first, List: first.List.length }).toMatchObject({ List: 100, Total: 101, Limit: 100, Offset: 0 });
    expect({ ...last, List: last.List.length }).toMatchObject({ List: 1, Total: 101, Limit: 100, Offset: 100 });
    const all = [...first.List, ...last.List].map(({ SubAccountID }: Answer['body']) => SubAccountID);
    expect(all).toEqual(members.map(({ uid }) => uid));
    expect(await page(100, 101)).toMatchObject({ List: [], Total: 101, Limit: 100, Offset: 101 });
    const usual = resultOf(await list(estate, parent));
    expect({ ...usual, List: usual.List.length }).toMatchObject({ List: 10, Total: 101, Limit: 10, Offset: 0 });
    const middle = await page(1, 57, { AccountIDSearchList: members.slice(0, 90).map(({ uid }) => uid) });
    expect(middle).toMatchObject({ List: [{ SubAccountID: members[57]?.uid }], Total: 90, Limit: 1, Offset: 57 });
  });
});

it('takes a filter that says the same thing hundreds of times, and refuses one of thousands', async () => {
  const estate = await newParties();
  const { RelationID } = await manage(estate);
  for (const times of [101, 450]) {
    const many = (value: number) => Array.from({ length: times }, () => value);
    expect(await found(estate, estate.parent, { Relation: many(4), Status: many(200) })).toEqual([RelationID]);
    expect(await found(estate, estate.parent, { Relation: [...many(4), 1] })).toEqual([RelationID]);
  }
  const thousands = { Relation: Array.from({ length: 5000 }, () => 4) };
  expect(await bill(estate, estate.parent, 'ListFinancialRelation', thousands)).toMatchObject({ status: 400 });
});
