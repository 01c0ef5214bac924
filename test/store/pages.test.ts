import { beforeAll, describe, expect, it } from 'vitest';
import { newTappedEstate, type TappedEstate } from '#test/store/tappedEstate.ts';
import type { Params, Signer } from '#test/support/estate.ts';

const MEMBERS = 45;
const terms = { RelationType: 'enterprise_group', RequestId: 'r', PermissionCodes: ['CHECK_FINANCE_INFO'] };

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
  it('is read alone, not the whole list, though the total is known', async () => {
    const page = await list({ PageSize: 10 });
    expect(page).toEqual({ ids: added.slice(0, 10), total: MEMBERS, examined: expect.any(Number) });
    expect(page.examined).toBeLessThanOrEqual(12);
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
