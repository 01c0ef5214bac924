import { beforeAll, describe, expect, it } from 'vitest';
import { openRelationLists } from '#lib/store/relations/relationLists.ts';
import { type Body, bill, resultOf } from '#test/billing/calls.ts';
import { newTappedEstate, type TappedEstate } from '#test/store/tappedEstate.ts';
import { type Estate, newEstate, type Params, type Signer } from '#test/support/estate.ts';
import { writeMembers } from '#test/support/members.ts';

const MEMBERS = 45;
const terms = { RelationType: 'enterprise_group', RequestId: 'r', PermissionCodes: ['CHECK_FINANCE_INFO'] };

const all = (count: number, status: 'active' | 'ended') => Array.from({ length: count }, () => ({ status }));

let estate: TappedEstate;
let parent: Signer;
let added: number[];
let examined = 0;

/** One parent with many members in effect, and a count of the items that queries of DynamoDB look at. */
beforeAll(async () => {
  estate = await newTappedEstate();
  parent = await estate.account('Alpha');
  added = [];
  for (let member = 0; member < MEMBERS; member++) {
    const child = await estate.account('Alpha');
    const params = { ...terms, ParentUserId: parent.uid, ChildUserId: child.uid };
    const { body } = await estate.call(parent, 'AddAccountRelation', params);
    added.push(body.Data.RelationId);
  }
  estate.client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      if ('ScannedCount' in answer.output) examined += Number(answer.output.ScannedCount);
      return answer;
    },
    { step: 'initialize', name: 'countExamined' },
  );
});

async function list(params: Params) {
  const before = examined;
  const { body } = await estate.call(parent, 'QueryRelationList', { UserId: parent.uid, ...params });
  const ids = body.Data.FinancialRelationInfoList.map((row: { RelationId: number }) => row.RelationId);
  return { ids, total: body.Data.TotalCount, examined: examined - before };
}

describe('a page of many relations', () => {
  it('is read with the total of the same moment', async () => {
    const page = await list({ PageSize: 10 });
    expect(page).toEqual({ ids: added.slice(0, 10), total: MEMBERS, examined: expect.any(Number) });
    expect(page.examined).toBeLessThanOrEqual(3 * MEMBERS);
  });

  it('together with the others is the whole list, once', async () => {
    const pages = await Promise.all([1, 2, 3, 4, 5].map((PageNum) => list({ PageSize: 10, PageNum })));
    expect(pages.flatMap(({ ids }) => ids)).toEqual(added);
  });

  it('beyond the last is empty', async () => {
    expect(await list({ PageSize: 10, PageNum: 6 })).toMatchObject({ ids: [], total: MEMBERS });
  });

  it('stays as it is while relations are added', async () => {
    const first = await list({ PageSize: 10, PageNum: 2 });
    const child = await estate.account('Alpha');
    const params = { ...terms, ParentUserId: parent.uid, ChildUserId: child.uid };
    const { body } = await estate.call(parent, 'AddAccountRelation', params);
    expect((await list({ PageSize: 10, PageNum: 2 })).ids).toEqual(first.ids);
    expect((await list({ PageSize: 10, PageNum: 5 })).ids.at(-1)).toBe(body.Data.RelationId);
  });
});

describe('a list of what an account is the child of, and the parent of', () => {
  it.each([1, 2, 3])('is of one moment, though both change before request %i of it', async (nth) => {
    const fresh = await newEstate();
    const [head, middle, other] = [
      await fresh.account('Head'),
      await fresh.account('Middle'),
      await fresh.account('Middle'),
    ];
    const offered = { ...terms, ParentUserId: head.uid, ChildUserId: middle.uid };
    const { RelationId } = (await fresh.call(head, 'AddAccountRelation', offered)).body.Data;
    let added = 0;
    const { page } = fresh.deps.table;
    let requests = 0;
    const table: typeof fresh.deps.table = {
      ...fresh.deps.table,
      async page(...asked) {
        if (++requests === nth) {
          const answer = { ConfirmCode: 'child_agree', RequestId: 'r', PermissionCodes: terms.PermissionCodes };
          expect((await fresh.call(middle, 'ConfirmRelation', { RelationId, ...answer })).status).toBe(200);
          const further = { ...terms, ParentUserId: middle.uid, ChildUserId: other.uid };
          added = (await fresh.call(middle, 'AddAccountRelation', further)).body.Data.RelationId;
        }
        return page(...asked);
      },
    };
    const filter = { uid: middle.uid, nowMs: fresh.nowMs(), statuses: ['inviting', 'active'] } as const;
    const { relations, total } = await openRelationLists(table).page(filter, 0, 10);
    const found = relations.map(({ id, status }) => [id, status]);
    // The relation that was added later is never seen beside the invitation as it was before.
    expect(found).toEqual([
      [RelationId, 'active'],
      [added, 'active'],
    ]);
    expect(total).toBe(2);
  });
});

describe('what is looked for among many', () => {
  const MANY = 600;
  const FIRST_CHILD = 1_200_000_000;
  let many: Estate;
  let owner: Signer;

  beforeAll(async () => {
    many = await newEstate();
    owner = await many.account('Alpha');
    await writeMembers(many, owner, FIRST_CHILD, all(MANY, 'active'));
  });

  async function asked(body: Body) {
    const before = many.requests.length;
    const { List, Total } = resultOf(await bill(many, owner, 'ListFinancialRelation', body));
    return { Total, List, trips: many.requests.length - before };
  }

  it.each([[{}], [{ Limit: 1 }]])('the relation with one child takes few requests, as with %j', async (page) => {
    const uid = FIRST_CHILD + MANY - 1;
    const filter = { AccountIDSearchList: [String(uid), String(uid)], Relation: ['4'], Status: ['200'], ...page };
    const { List, Total, trips } = await asked(filter);
    expect({ Total, uids: List.map(({ SubAccountID }: { SubAccountID: number }) => SubAccountID) }).toEqual({
      Total: 1,
      uids: [uid],
    });
    expect(trips).toBeLessThanOrEqual(6);
  });

  it('the relations with a hundred children take hardly more than two requests for each', async () => {
    const uids = Array.from({ length: 100 }, (_, nth) => String(FIRST_CHILD + MANY - 50 + nth));
    const { List, Total, trips } = await asked({ AccountIDSearchList: uids, Limit: 20, Offset: 40 });
    const found = List.map(({ SubAccountID }: { SubAccountID: number }) => SubAccountID);
    expect({ Total, found }).toEqual({ Total: 50, found: uids.slice(40, 50).map(Number) });
    expect(trips).toBeLessThanOrEqual(205);
  });

  it('a type that nobody has takes not many more', async () => {
    const { List, Total, trips } = await asked({ Relation: ['1'], Status: ['200'], Limit: 1 });
    expect({ List, Total }).toEqual({ List: [], Total: 0 });
    expect(trips).toBeLessThanOrEqual(12);
  });
});

describe('a page of a long list', () => {
  const MANY = 1500;
  const FIRST_CHILD = 1_300_000_000;
  let many: Estate;
  let owner: Signer;

  beforeAll(async () => {
    many = await newEstate();
    owner = await many.account('Alpha');
    await writeMembers(many, owner, FIRST_CHILD, all(MANY, 'active'));
  });

  async function asked(by: Signer, params: Params) {
    const before = many.logged.length;
    const { body } = await many.call(by, 'QueryRelationList', { UserId: by.uid, ...params });
    const { readUnits, requests } = { readUnits: 0, requests: 0, ...many.logged[before] };
    const { FinancialRelationInfoList, TotalCount } = body.Data;
    const uids = FinancialRelationInfoList.map(({ AccountId }: { AccountId: number }) => AccountId - FIRST_CHILD);
    return { uids, total: TotalCount, readUnits: Number(readUnits), trips: Number(requests) };
  }

  const numbers = (first: number, count: number) => Array.from({ length: count }, (_, nth) => first + nth);

  it.each([
    ['nothing', {}],
    ['RELATED', { StatusList: ['RELATED'] }],
  ])('under %s is three round trips and a few units: the page, the tally, its own parents', async (_, filter) => {
    await asked(owner, filter);
    const page = await asked(owner, filter);
    expect(page).toMatchObject({ uids: numbers(0, 20), total: MANY });
    expect(page.trips).toBeLessThanOrEqual(3);
    expect(page.readUnits).toBeLessThan(12);
  });

  it('far into it is not read through from the beginning', async () => {
    let unmarshalled = 0;
    const { page } = many.deps.table;
    const table = {
      ...many.deps.table,
      page: async (...args: Parameters<typeof page>) => {
        const found = await page(...args);
        unmarshalled += found.rows.length;
        return found;
      },
    };
    const filter = { uid: owner.uid, nowMs: many.nowMs(), statuses: ['active' as const] };
    const { relations, total } = await openRelationLists(table).page(filter, 1400, 20);
    expect(relations.map(({ childUid }) => childUid - FIRST_CHILD)).toEqual(numbers(1400, 20));
    expect(total).toBe(MANY);
    expect(unmarshalled).toBeLessThan(100);
  });

  it('pages into each other, beside relations the owner is the child of, and in several statuses', async () => {
    const parent = await many.account('Alpha');
    await many.call(parent, 'AddAccountRelation', { ...terms, ParentUserId: parent.uid, ChildUserId: owner.uid });
    const several = ['RELATED', 'CONFIRMING', 'CONNECTION_CANCELED'];
    for (const StatusList of [['RELATED'], several]) {
      const whole = [...numbers(0, MANY), parent.uid - FIRST_CHILD];
      for (const PageNum of StatusList.length > 1 ? [1, 3, 16] : numbers(1, 16)) {
        const { total, uids } = await asked(owner, { StatusList, PageNum, PageSize: 100 });
        expect(uids).toEqual(whole.slice((PageNum - 1) * 100, PageNum * 100));
        expect(total).toBe(MANY + 1);
      }
    }
  });

  it('of one current relation costs no more for any number of past ones', async () => {
    const [fresh, old] = [await many.account('Alpha'), await many.account('Alpha')];
    await writeMembers(many, old, 2 * FIRST_CHILD, all(600, 'ended'));
    const costs = [];
    for (const by of [fresh, old]) {
      await writeMembers(many, by, 3 * FIRST_CHILD, all(1, 'active'));
      await asked(by, {});
      costs.push(await asked(by, {}));
    }
    expect(costs[1]).toEqual(costs[0]);
    expect(costs[1]).toMatchObject({ total: 1, trips: 3 });
    expect(costs[1]?.readUnits).toBeLessThanOrEqual(2);
  });
});
