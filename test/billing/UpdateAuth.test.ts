import { describe, expect, it } from 'vitest';
import {
  acknowledged,
  answering,
  type Body,
  bill,
  cancelling,
  create,
  expectRefusal,
  isInvalid,
  isUnauthorized,
  lacks,
  manage,
  manageChanging,
  naming,
  pendingOf,
  refusedAs,
  relationWith,
  resultOf,
} from '#test/billing/calls.ts';
import {
  add,
  confirm,
  newParties,
  type Parties,
  permissionsOf,
  relate,
  succeeded,
  WAIT_MS,
} from '#test/bss/parties.ts';
import type { Answer } from '#test/support/estate.ts';

const ACTION = 'UpdateAuth';
const done = acknowledged(ACTION);
const unreasonable = (reason: string) =>
  refusedAs(
    ACTION,
    reason,
    'OperationDenied.FinanceManagementAuthTypeInValid',
    'The financial management authorization is unreasonable, please re-select',
  );

const update = (estate: Parties, body: Body, by = estate.parent) => bill(estate, by, ACTION, body);

const refuses = (estate: Parties, expected: Answer, body: Body, by = estate.parent) =>
  expectRefusal(estate, expected, () => update(estate, body, by));

async function managed() {
  const estate = await newParties();
  const relation = await manage(estate);
  return { estate, relation, RelationID: relation.RelationID };
}

describe('a change of points', () => {
  it('awaits the sub account beside what is in effect, under an id of its own', async () => {
    const { estate, relation, RelationID } = await managed();
    expect(await update(estate, { RelationID, AuthListStr: '1,2' })).toStrictEqual(done);
    const { AuthID, AuthInfo, Status } = await relationWith(estate, estate.child, estate.parent);
    const [effective] = relation.AuthInfo;
    const pending = { AuthID: expect.stringMatching(/^auth\d+$/), AuthList: [1, 2], AuthStatus: 100 };
    expect({ AuthID, AuthInfo, Status }).toEqual({
      AuthID: effective.AuthID,
      AuthInfo: [{ AuthID: effective.AuthID, AuthList: [1, 3, 5], AuthStatus: 200 }, pending],
      Status: 200,
    });
    expect(AuthInfo[1].AuthID).not.toBe(effective.AuthID);
  });

  it('is in effect at once within a company', async () => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    const { RelationID } = await create(estate, parent, sibling);
    expect(await update(estate, { RelationID, AuthListStr: '2' })).toStrictEqual(done);
    expect((await relationWith(estate, parent, sibling)).AuthInfo).toMatchObject([{ AuthList: [2], AuthStatus: 200 }]);
  });

  it.each<[unknown, number[]]>([
    ['1,2,3,4,5', [1, 2, 3, 4, 5]],
    ['4,2', [2, 4]],
    [3, [3]],
    ['', []],
    [null, []],
    [undefined, []],
  ])('gives the whole list: %j', async (AuthListStr, AuthList) => {
    const { estate, RelationID } = await managed();
    expect(await update(estate, { RelationID, AuthListStr })).toStrictEqual(done);
    expect(pendingOf(await relationWith(estate, estate.parent, estate.child))).toMatchObject({ AuthList });
  });

  it('keeps what no point stands for', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    const forbidden = ['FORBID_WITHDRAW_CASH', 'FORBID_MANAGE_INVOICE'];
    const id = await relate(estate, parent, child, ['CHECK_FINANCE_INFO', ...forbidden]);
    expect(await update(estate, { RelationID: `rel${id}`, AuthListStr: '4' })).toStrictEqual(done);
    const offered = ['CHECK_TARGET_CONSUMPTION', ...forbidden];
    succeeded(await confirm(estate, child, id, 'child_agree', offered));
    const held = ['allow_check_target_consumption', 'forbid_withdraw_cash', 'forbid_manage_invoice'];
    expect((await permissionsOf(estate, id)).map((code) => code.toLowerCase()).toSorted()).toEqual(held.toSorted());
    expect(await update(estate, { RelationID: `rel${id}` })).toStrictEqual(done);
    succeeded(await confirm(estate, child, id, 'child_agree', forbidden));
    expect(await permissionsOf(estate, id)).toHaveLength(2);
    expect((await relationWith(estate, parent, child)).AuthInfo).toMatchObject([{ AuthList: [] }]);
  });

  it('follows another once that is answered, cancelled or lapsed', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    const relation = await manageChanging(estate);
    const { RelationID } = relation;
    resultOf(await bill(estate, child, 'HandleInvitation', answering(relation, 3)));
    expect(await update(estate, { RelationID, AuthListStr: '1,2' })).toStrictEqual(done);
    resultOf(await bill(estate, parent, 'CancelInvitation', cancelling(await relationWith(estate, parent, child))));
    expect(await update(estate, { RelationID, AuthListStr: '1,2' })).toStrictEqual(done);
    estate.advance(WAIT_MS);
    expect(await update(estate, { RelationID, AuthListStr: '1,2' })).toStrictEqual(done);
  });
});

describe('no change is made', () => {
  it('while another is pending: RelationChanging', async () => {
    const estate = await newParties();
    const { RelationID } = await manageChanging(estate);
    const expected = refusedAs(
      ACTION,
      'RelationChanging',
      'OperationDenied.AuthUpdateInvalidExistUpdatingAuth',
      'Authorization change failed, authorization in the change already exists',
    );
    for (const AuthListStr of ['4', '1,2', '1,3,5']) await refuses(estate, expected, { RelationID, AuthListStr });
  });

  it('that changes nothing: PermissionsUnchanged, nor of a trusteeship: RelationNotManagement', async () => {
    const { estate, RelationID } = await managed();
    await refuses(estate, unreasonable('PermissionsUnchanged'), { RelationID, AuthListStr: '5,1,3' });
    const trusteeship = { Relation: 1, AuthListStr: undefined };
    const trusted = await create(estate, estate.parent, estate.sibling, trusteeship);
    const body = { RelationID: trusted.RelationID, AuthListStr: '1' };
    await refuses(estate, unreasonable('RelationNotManagement'), body);
  });

  it('by anyone but the main account: CallerNotParent', async () => {
    const { estate, RelationID } = await managed();
    for (const by of [estate.child, estate.sibling, estate.stranger]) {
      await refuses(estate, isUnauthorized(ACTION, 'CallerNotParent'), { RelationID, AuthListStr: '2' }, by);
    }
  });

  it('of what is not in effect: RelationUnknown, RelationInviting, RelationExpired, RelationEnded', async () => {
    const { estate, relation, RelationID } = await managed();
    const { parent, stranger } = estate;
    const gone = (reason: string) => isInvalid(ACTION, 'RelationID', reason);
    await refuses(estate, gone('RelationUnknown'), { RelationID: 'rel1', AuthListStr: '2' });
    resultOf(await bill(estate, parent, 'DeleteFinancialRelation', naming(relation)));
    await refuses(estate, gone('RelationEnded'), { RelationID, AuthListStr: '2' });
    const invited = { RelationID: (await create(estate, parent, stranger)).RelationID, AuthListStr: '2' };
    await refuses(estate, gone('RelationInviting'), invited);
    estate.advance(WAIT_MS);
    await refuses(estate, gone('RelationExpired'), invited);
  });

  it('of an invitation declined or withdrawn: RelationDeclined, RelationWithdrawn', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    for (const [code, reason] of [
      ['child_disagree', 'RelationDeclined'],
      ['parent_cancel', 'RelationWithdrawn'],
    ] as const) {
      const codes = ['CHECK_FINANCE_INFO'];
      const id = await add(estate, parent, child, { PermissionCodes: codes });
      succeeded(await confirm(estate, code === 'parent_cancel' ? parent : child, id, code, codes));
      const body = { RelationID: `rel${id}`, AuthListStr: '1' };
      await refuses(estate, isInvalid(ACTION, 'RelationID', reason), body);
    }
  });

  it('without a relation, or with what cannot be', async () => {
    const { estate, RelationID } = await managed();
    await refuses(estate, lacks(ACTION, 'RelationID'), { AuthListStr: 'x' });
    for (const [field, values] of Object.entries({
      RelationID: ['x', 7, `auth${RelationID.slice(3)}`, [RelationID]],
      AuthListStr: ['0', '6', '1, 3', '1,', '1,2,3,4,5,1', 'x', [1, 3], {}, true, 12],
    })) {
      for (const value of values) {
        await refuses(estate, isInvalid(ACTION, field), { RelationID, AuthListStr: '2', [field]: value });
      }
    }
  });
});
