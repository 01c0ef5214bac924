import { describe, expect, it } from 'vitest';
import { MOST_GRANTS } from '#lib/domain/relation/permissions.ts';
import {
  add,
  confirm,
  MINUTE_MS,
  modify,
  newParties,
  relate,
  relieve,
  START_MS,
  storedRelation,
  succeeded,
  WAIT_MS,
} from '#test/bss/parties.ts';
import type { Estate, Signer } from '#test/support/estate.ts';
import { malformed, missing, relationUnknown, serverRequestId } from '#test/support/refusals.ts';

const codes = ['CHECK_FINANCE_INFO', 'FORBID_WITHDRAW_CASH'];

async function permissionsAs({ call }: Estate, by: Signer, RelationId: number) {
  return succeeded(await call(by, 'QueryPermissionList', { RelationId })).Data;
}

describe('a relation', () => {
  it('is answered to both parties with its permissions, times to the minute, and no end', async () => {
    const estate = await newParties();
    const { call, child, parent } = estate;
    const id = await add(estate, parent, child, { PermissionCodes: codes });
    estate.advance(MINUTE_MS);
    succeeded(await confirm(estate, child, id, 'child_agree', codes));
    for (const by of [parent, child]) {
      expect(await call(by, 'QueryPermissionList', { RelationId: id })).toStrictEqual({
        status: 200,
        body: {
          Code: 'Success',
          Message: 'Successful!',
          RequestId: serverRequestId,
          Success: true,
          Data: {
            MasterId: parent.uid,
            MemberId: child.uid,
            RelationType: 'FinancialManagement',
            State: 'RELATED',
            SetupTime: '2025-03-02T15:12Z',
            StartTime: '2025-03-02T15:13Z',
            PermissionList: [
              {
                PermissionCode: 'allow_check_finance_info',
                PermissionName: '主账号 查看子账号财务关联信息',
                StartTime: '2025-03-02T15:13Z',
              },
              {
                PermissionCode: 'forbid_withdraw_cash',
                PermissionName: '主账号 禁止子账号提现',
                StartTime: '2025-03-02T15:13Z',
              },
            ],
          },
        },
      });
    }
  });

  it('spells each of the seven codes as the queries do', async () => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    const spelled = {
      SYNCHRONIZE_FINANCE_IDENTITY: 'allow_synchronize_finance_identity',
      SYNCHRONIZE_FINANCE_DISCOUNT_POLICY_TO_TARGET: 'allow_synchronize_finance_discount_policy_to_target',
      FORBID_WITHDRAW_CASH: 'forbid_withdraw_cash',
      FORBID_MANAGE_INVOICE: 'forbid_manage_invoice',
      CHECK_FINANCE_INFO: 'allow_check_finance_info',
      MANAGE_TARGET_INVOICE: 'allow_manage_target_invoice',
      CHECK_TARGET_CONSUMPTION: 'allow_check_target_consumption',
    };
    const names = new Set<string>();
    for (const [code, PermissionCode] of Object.entries(spelled)) {
      const id = await add(estate, parent, sibling, { PermissionCodes: [code] });
      const { PermissionList } = await permissionsAs(estate, parent, id);
      expect(PermissionList).toMatchObject([{ PermissionCode }]);
      names.add(PermissionList[0].PermissionName);
      succeeded(await relieve(estate, parent, id));
    }
    expect(names.size).toBe(7);
  });

  it('without codes has an empty list: a trusteeship, or an invitation not yet accepted', async () => {
    const estate = await newParties();
    const { child, parent, sibling } = estate;
    const trusteeship = await add(estate, parent, sibling, { RoleCodes: ['trusteeship'] });
    expect(await permissionsAs(estate, sibling, trusteeship)).toStrictEqual({
      MasterId: parent.uid,
      MemberId: sibling.uid,
      RelationType: 'FinancialTrusteeship',
      State: 'RELATED',
      SetupTime: '2025-03-02T15:12Z',
      StartTime: '2025-03-02T15:12Z',
      PermissionList: [],
    });
    const invitation = await add(estate, parent, child, { PermissionCodes: codes });
    const shown = await permissionsAs(estate, child, invitation);
    expect(shown).toMatchObject({ State: 'CONFIRMING', PermissionList: [] });
    expect(shown).not.toHaveProperty('StartTime');
    expect(shown).not.toHaveProperty('EndTime');
  });
});

describe('a permission', () => {
  it('keeps its start through changes of others, ends when it is removed, and starts anew when it is added again', async () => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    const id = await add(estate, parent, sibling, { PermissionCodes: codes });
    estate.advance(MINUTE_MS);
    succeeded(await modify(estate, parent, id, 'ADD', ['MANAGE_TARGET_INVOICE']));
    estate.advance(MINUTE_MS);
    succeeded(await modify(estate, parent, id, 'DELETE', ['CHECK_FINANCE_INFO']));
    estate.advance(MINUTE_MS);
    succeeded(await modify(estate, parent, id, 'ADD', ['CHECK_FINANCE_INFO']));
    const { PermissionList } = await permissionsAs(estate, sibling, id);
    const spans = PermissionList.map((permission: Record<string, string>) => ({ ...permission, PermissionName: '' }));
    const span = (PermissionCode: string, times: object) => ({ PermissionCode, PermissionName: '', ...times });
    expect(spans).toHaveLength(4);
    expect(spans).toStrictEqual(
      expect.arrayContaining([
        span('allow_check_finance_info', { StartTime: '2025-03-02T15:12Z', EndTime: '2025-03-02T15:14Z' }),
        span('forbid_withdraw_cash', { StartTime: '2025-03-02T15:12Z' }),
        span('allow_manage_target_invoice', { StartTime: '2025-03-02T15:13Z' }),
        span('allow_check_finance_info', { StartTime: '2025-03-02T15:15Z' }),
      ]),
    );
  });

  it('does not end by a change that is pending, refused or lapsed', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    const id = await relate(estate, parent, child, codes);
    const { PermissionList } = await permissionsAs(estate, parent, id);
    const unchanged = async (State: string) =>
      expect(await permissionsAs(estate, parent, id)).toMatchObject({ State, PermissionList });
    succeeded(await modify(estate, parent, id, 'DELETE', codes));
    await unchanged('CHANGE_CONFIRMING');
    succeeded(await confirm(estate, child, id, 'child_disagree', ['']));
    await unchanged('RELATED');
    succeeded(await modify(estate, parent, id, 'DELETE', codes));
    estate.advance(WAIT_MS);
    await unchanged('RELATED');
  });

  it('ends with its relation, and remains listed', async () => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    const id = await add(estate, parent, sibling, { PermissionCodes: codes });
    estate.advance(MINUTE_MS);
    succeeded(await modify(estate, parent, id, 'DELETE', ['CHECK_FINANCE_INFO']));
    estate.advance(MINUTE_MS);
    succeeded(await relieve(estate, parent, id));
    estate.advance(MINUTE_MS);
    expect(await permissionsAs(estate, sibling, id)).toMatchObject({
      State: 'CONNECTION_CANCELED',
      StartTime: '2025-03-02T15:12Z',
      EndTime: '2025-03-02T15:14Z',
      PermissionList: [
        { PermissionCode: 'allow_check_finance_info', EndTime: '2025-03-02T15:13Z' },
        { PermissionCode: 'forbid_withdraw_cash', EndTime: '2025-03-02T15:14Z' },
      ],
    });
  });
});

it('that is changed again and again keeps the last sets, its beginning, and a row that does not grow', async () => {
  const sizes: number[] = [];
  for (const role of ['child', 'sibling'] as const) {
    const estate = await newParties();
    const { parent } = estate;
    const other = estate[role];
    const id = await add(estate, parent, other, { PermissionCodes: codes });
    if (role === 'child') succeeded(await confirm(estate, other, id, 'child_agree', codes));
    for (let change = 0; change < 3 * MOST_GRANTS; change++) {
      estate.advance(MINUTE_MS);
      const isAdded = change % 2 === 0;
      succeeded(await modify(estate, parent, id, isAdded ? 'ADD' : 'DELETE', ['MANAGE_TARGET_INVOICE']));
      const now = isAdded ? [...codes, 'MANAGE_TARGET_INVOICE'] : codes;
      if (role === 'child') succeeded(await confirm(estate, other, id, 'child_agree', now));
      const row = await storedRelation(estate, id);
      expect(row?.['grants']).toHaveLength(Math.min(change + 2, MOST_GRANTS));
      expect(row?.['grantedAtMs']).toHaveLength(Math.min(change + 2, MOST_GRANTS));
      sizes.push(JSON.stringify(row).length);
    }
    const { PermissionList, StartTime } = await permissionsAs(estate, parent, id);
    expect(StartTime).toBe('2025-03-02T15:12Z');
    expect(PermissionList.filter(({ EndTime }: { EndTime?: string }) => EndTime === undefined)).toHaveLength(2);
    succeeded(await relieve(estate, parent, id));
  }
  expect(Math.max(...sizes)).toBeLessThan(4000);
});

it('an overdue invitation is shown as cancelled at its deadline', async () => {
  const estate = await newParties();
  const { child, parent } = estate;
  const id = await add(estate, parent, child, { PermissionCodes: codes });
  estate.advance(2 * WAIT_MS);
  const EndTime = `${new Date(START_MS + WAIT_MS).toISOString().slice(0, 16)}Z`;
  expect(await permissionsAs(estate, parent, id)).toMatchObject({ State: 'CONNECTION_MASTER_CANCEL', EndTime });
});

it('nobody else learns that a relation exists', async () => {
  const estate = await newParties();
  const { call, child, parent, sibling, stranger } = estate;
  const id = await relate(estate, parent, child, codes);
  for (const by of [sibling, stranger]) {
    expect(await call(by, 'QueryPermissionList', { RelationId: id })).toEqual(relationUnknown);
    expect(await call(by, 'QueryPermissionList', { RelationId: id + 1 })).toEqual(relationUnknown);
  }
});

it('the relation must be given, and be a number', async () => {
  const { call, parent } = await newParties();
  expect(await call(parent, 'QueryPermissionList')).toEqual(missing('RelationId'));
  expect(await call(parent, 'QueryPermissionList', { RelationId: 'x' })).toEqual(malformed('RelationId'));
});
