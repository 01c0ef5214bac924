import { describe, expect, it } from 'vitest';
import {
  add,
  confirm,
  MINUTE_MS,
  modify,
  newParties,
  type Parties,
  relate,
  relieve,
  succeeded,
  WAIT_MS,
} from '#test/bss/parties.ts';
import type { Estate, Params, Signer } from '#test/support/estate.ts';
import { callerNotParty, malformed, missing, serverRequestId } from '#test/support/refusals.ts';

const codes = ['CHECK_FINANCE_INFO'];

async function listAs({ call }: Estate, by: Signer, params: Params = {}) {
  return succeeded(await call(by, 'QueryRelationList', { UserId: by.uid, ...params })).Data;
}

async function idsAs(estate: Estate, by: Signer, params: Params = {}): Promise<number[]> {
  const { FinancialRelationInfoList, TotalCount } = await listAs(estate, by, { PageSize: 100, ...params });
  const ids = FinancialRelationInfoList.map(({ RelationId }: { RelationId: number }) => RelationId);
  expect(TotalCount).toBe(ids.length);
  return ids;
}

/** A parent with one relation in every status there is, by the name of the status. */
async function everyStatus(estate: Parties) {
  const { parent } = estate;
  const invite = async () => {
    const child = await estate.account('Bolt');
    return { child, id: await add(estate, parent, child, { PermissionCodes: codes }) };
  };
  const overdue = await invite();
  const lapsing = await estate.account('Bolt');
  const lapsed = await relate(estate, parent, lapsing, codes);
  succeeded(await modify(estate, parent, lapsed, 'DELETE', codes));
  estate.advance(WAIT_MS);
  const inviting = await invite();
  const declined = await invite();
  succeeded(await confirm(estate, declined.child, declined.id, 'child_disagree', codes));
  const withdrawn = await invite();
  succeeded(await confirm(estate, parent, withdrawn.id, 'parent_cancel', codes));
  const active = await relate(estate, parent, await estate.account('Bolt'), codes);
  const changing = await relate(estate, parent, await estate.account('Bolt'), codes);
  succeeded(await modify(estate, parent, changing, 'DELETE', codes));
  const ended = await relate(estate, parent, await estate.account('Bolt'), codes);
  succeeded(await relieve(estate, parent, ended));
  return { overdue, lapsed, inviting, declined, withdrawn, active, changing, ended };
}

describe('the list', () => {
  it('shows a parent its members, with times to the minute', async () => {
    const estate = await newParties();
    const { call, child, parent } = estate;
    const id = await add(estate, parent, child, { PermissionCodes: codes, ChildNick: 'R&D' });
    estate.advance(MINUTE_MS);
    succeeded(await confirm(estate, child, id, 'child_agree', codes));
    expect(await call(parent, 'QueryRelationList', { UserId: parent.uid })).toStrictEqual({
      status: 200,
      body: {
        Code: 'Success',
        Message: 'Successful!',
        RequestId: serverRequestId,
        Success: true,
        Data: {
          PageNum: 1,
          PageSize: 20,
          TotalCount: 1,
          FinancialRelationInfoList: [
            {
              RelationId: id,
              RelationType: 'FinancialManagement',
              State: 'RELATED',
              AccountId: child.uid,
              AccountType: 'MEMBER',
              AccountName: `login${child.uid}@test`,
              AccountNickName: 'R&D',
              SetupTime: '2025-03-02T15:12Z',
              StartTime: '2025-03-02T15:13Z',
            },
          ],
        },
      },
    });
  });

  it('shows a child its parent, which it has no name of its own for', async () => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    const id = await add(estate, parent, sibling, { RoleCodes: ['trusteeship'], ChildNick: 'member' });
    expect((await listAs(estate, sibling)).FinancialRelationInfoList).toStrictEqual([
      {
        RelationId: id,
        RelationType: 'FinancialTrusteeship',
        State: 'RELATED',
        AccountId: parent.uid,
        AccountType: 'MASTER',
        AccountName: `login${parent.uid}@test`,
        AccountNickName: '',
        SetupTime: '2025-03-02T15:12Z',
        StartTime: '2025-03-02T15:12Z',
      },
    ]);
  });

  it('shows an account that is parent and child at once both sides, oldest first', async () => {
    const estate = await newParties();
    const { child, parent, sibling, stranger } = estate;
    const first = await relate(estate, parent, child, codes);
    const above = await relate(estate, stranger, parent, codes);
    const last = await add(estate, parent, sibling, { PermissionCodes: codes });
    const { FinancialRelationInfoList, TotalCount } = await listAs(estate, parent);
    expect(TotalCount).toBe(3);
    expect(FinancialRelationInfoList).toMatchObject([
      { RelationId: first, AccountType: 'MEMBER', AccountId: child.uid },
      { RelationId: above, AccountType: 'MASTER', AccountId: stranger.uid },
      { RelationId: last, AccountType: 'MEMBER', AccountId: sibling.uid },
    ]);
  });

  it('is empty for an account without relations', async () => {
    const estate = await newParties();
    const empty = { PageNum: 1, PageSize: 20, TotalCount: 0, FinancialRelationInfoList: [] };
    expect(await listAs(estate, estate.stranger)).toStrictEqual(empty);
  });
});

describe('a status asked for', () => {
  it('gives exactly the relations that are in it, overdue invitations as cancelled and lapsed changes as related', async () => {
    const estate = await newParties();
    const { parent } = estate;
    const made = await everyStatus(estate);
    const asked = (...StatusList: string[]) => idsAs(estate, parent, { StatusList });
    expect(await asked('CONFIRMING')).toEqual([made.inviting.id]);
    expect(await asked('RELATED')).toEqual([made.lapsed, made.active]);
    expect(await asked('CHANGE_CONFIRMING')).toEqual([made.changing]);
    expect(await asked('REJECTED')).toEqual([made.declined.id]);
    expect(await asked('CONNECTION_MASTER_CANCEL')).toEqual([made.overdue.id, made.withdrawn.id]);
    expect(await asked('CONNECTION_CANCELED')).toEqual([made.ended]);
    expect(await asked('RELATED', 'CHANGE_CONFIRMING')).toEqual([made.lapsed, made.active, made.changing]);
    expect(await asked('RELATED', 'RELATED')).toEqual([made.lapsed, made.active]);
    const mixed = await asked('CONNECTION_CANCELED', 'CONFIRMING', 'CHANGE_CONFIRMING');
    expect(mixed).toEqual([made.inviting.id, made.changing, made.ended]);
  });

  it('gives none for INITIAL, in which nothing ever rests', async () => {
    const estate = await newParties();
    await everyStatus(estate);
    expect(await idsAs(estate, estate.parent, { StatusList: ['INITIAL'] })).toEqual([]);
  });

  it('gives all there ever were when all are asked for', async () => {
    const estate = await newParties();
    await everyStatus(estate);
    const StatusList = [
      'INITIAL',
      'CONFIRMING',
      'REJECTED',
      'CONNECTION_CANCELED',
      'CONNECTION_MASTER_CANCEL',
      'RELATED',
      'CHANGE_CONFIRMING',
    ];
    expect(await idsAs(estate, estate.parent, { StatusList })).toHaveLength(8);
  });

  it('is what is in effect when none is given, or an empty one', async () => {
    const estate = await newParties();
    const made = await everyStatus(estate);
    const inEffect = [made.lapsed, made.active, made.changing];
    expect(await idsAs(estate, estate.parent)).toEqual(inEffect);
    expect(await idsAs(estate, estate.parent, { StatusList: [''] })).toEqual(inEffect);
  });

  it('works alike for the child', async () => {
    const estate = await newParties();
    const { overdue } = await everyStatus(estate);
    const asked = (StatusList: string[]) => idsAs(estate, overdue.child, { StatusList });
    expect(await asked(['CONFIRMING'])).toEqual([]);
    expect(await asked(['CONNECTION_MASTER_CANCEL'])).toEqual([overdue.id]);
    expect(await idsAs(estate, overdue.child)).toEqual([]);
  });

  it('is shown with the times it implies', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    const id = await add(estate, parent, child, { PermissionCodes: codes });
    const StatusList = ['CONFIRMING', 'CONNECTION_MASTER_CANCEL'];
    const [open] = (await listAs(estate, child, { StatusList })).FinancialRelationInfoList;
    expect(open).toMatchObject({ RelationId: id, State: 'CONFIRMING', SetupTime: '2025-03-02T15:12Z' });
    expect(open).not.toHaveProperty('StartTime');
    expect(open).not.toHaveProperty('EndTime');
    estate.advance(2 * WAIT_MS);
    const [overdue] = (await listAs(estate, child, { StatusList })).FinancialRelationInfoList;
    expect(overdue).toMatchObject({ State: 'CONNECTION_MASTER_CANCEL', EndTime: '2025-03-17T15:12Z' });
    expect(overdue).not.toHaveProperty('StartTime');
  });
});

describe('pages', () => {
  /** A parent with this many members of its own company. */
  async function members(count: number) {
    const estate = await newParties();
    const ids: number[] = [];
    for (let made = 0; made < count; made++) {
      ids.push(await add(estate, estate.parent, await estate.account('Acme'), { PermissionCodes: codes }));
    }
    return { estate, ids };
  }

  it('are disjoint, in order, complete, and each says how many there are in all', async () => {
    const { estate, ids } = await members(7);
    const found: number[] = [];
    for (const [PageNum, length] of [
      [1, 3],
      [2, 3],
      [3, 1],
      [4, 0],
    ]) {
      const page = await listAs(estate, estate.parent, { PageNum, PageSize: 3 });
      expect(page).toMatchObject({ PageNum, PageSize: 3, TotalCount: 7 });
      expect(page.FinancialRelationInfoList).toHaveLength(Number(length));
      found.push(...page.FinancialRelationInfoList.map(({ RelationId }: { RelationId: number }) => RelationId));
    }
    expect(found).toEqual(ids);
  });

  it('stay as they are while relations are added', async () => {
    const { estate, ids } = await members(4);
    const { parent } = estate;
    const first = await listAs(estate, parent, { PageNum: 1, PageSize: 3 });
    const added = await add(estate, parent, estate.sibling, { PermissionCodes: codes });
    await relate(estate, parent, estate.child, codes);
    const again = await listAs(estate, parent, { PageNum: 1, PageSize: 3 });
    expect(again.FinancialRelationInfoList).toEqual(first.FinancialRelationInfoList);
    const second = await listAs(estate, parent, { PageNum: 2, PageSize: 3 });
    expect(second).toMatchObject({ TotalCount: 6 });
    expect(second.FinancialRelationInfoList).toMatchObject([{ RelationId: ids[3] }, { RelationId: added }, {}]);
  });

  it('beyond the last are empty, however far', async () => {
    const { estate } = await members(1);
    const page = await listAs(estate, estate.parent, { PageNum: 100_000, PageSize: 100 });
    expect(page).toStrictEqual({ PageNum: 100_000, PageSize: 100, TotalCount: 1, FinancialRelationInfoList: [] });
  });

  it.each([
    ['PageNum', 0],
    ['PageNum', -1],
    ['PageNum', '1.5'],
    ['PageNum', 100_001],
    ['PageSize', 0],
    ['PageSize', 101],
    ['PageSize', 'ten'],
  ])('cannot have a %s of %s', async (name, value) => {
    const { call, parent } = await newParties();
    expect(await call(parent, 'QueryRelationList', { UserId: parent.uid, [name]: value })).toEqual(malformed(name));
  });
});

describe('an account lists its own relations:', () => {
  it('not those of its parent, its child or anybody else', async () => {
    const estate = await newParties();
    const { call, child, parent, sibling, stranger } = estate;
    await relate(estate, parent, child, codes);
    for (const by of [child, sibling, stranger]) {
      expect(await call(by, 'QueryRelationList', { UserId: parent.uid })).toEqual(callerNotParty);
    }
    expect(await call(parent, 'QueryRelationList', { UserId: child.uid })).toEqual(callerNotParty);
    expect(await call(parent, 'QueryRelationList', { UserId: 1 })).toEqual(callerNotParty);
  });

  it('and says so', async () => {
    const { call, parent } = await newParties();
    expect(await call(parent, 'QueryRelationList')).toEqual(missing('UserId'));
    expect(await call(parent, 'QueryRelationList', { UserId: 'me' })).toEqual(malformed('UserId'));
  });
});

it('a status that does not exist is refused', async () => {
  const { call, parent } = await newParties();
  const params = { UserId: parent.uid, StatusList: ['RELATED', 'related'] };
  expect(await call(parent, 'QueryRelationList', params)).toEqual(malformed('StatusList.2'));
});
