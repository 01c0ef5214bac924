import { describe, expect, it } from 'vitest';
import {
  answering,
  bill,
  cancelling,
  create,
  manage,
  manageChanging,
  naming,
  operate,
  pendingOf,
  relationWith,
  resultOf,
} from '#test/billing/calls.ts';
import {
  add,
  confirm,
  modify,
  newParties,
  type Parties,
  permissionsOf,
  relate,
  relationOf,
  relieve,
  stand,
  succeeded,
  WAIT_MS,
} from '#test/bss/parties.ts';
import type { Answer } from '#test/support/estate.ts';
import { invalid, relationChanging } from '#test/support/refusals.ts';

const codesByPoint = [
  'SYNCHRONIZE_FINANCE_DISCOUNT_POLICY_TO_TARGET',
  'CHECK_FINANCE_INFO',
  'SYNCHRONIZE_FINANCE_IDENTITY',
  'CHECK_TARGET_CONSUMPTION',
  'MANAGE_TARGET_INVOICE',
];
const forbidden = ['FORBID_WITHDRAW_CASH', 'FORBID_MANAGE_INVOICE'];

const codesOf = (points: readonly number[]) => points.map((point) => codesByPoint[point - 1] ?? '');
const numberOf = ({ RelationID }: Answer['body']) => Number(RelationID.slice('rel'.length));

/** The status of the parent's relation with the child in both dialects; both parties see the same. */
async function statusesOf(estate: Parties): Promise<[alibaba: string, volcengine: number]> {
  const { child, parent } = estate;
  const seen = await relationWith(estate, parent, child);
  const other = await relationWith(estate, child, parent);
  expect(other).toEqual({ ...seen, Filiation: 2, FiliationDesc: '子' });
  const relation = await relationOf(estate, parent, numberOf(seen));
  expect(relation).toEqual(await relationOf(estate, child, numberOf(seen)));
  const parties = { ParentUserId: parent.uid, ChildUserId: child.uid };
  expect(relation).toMatchObject({ Id: numberOf(seen), ...parties });
  expect(seen).toMatchObject({ MajorAccountID: parent.uid, SubAccountID: child.uid });
  return [relation.Status, seen.Status];
}

function pointsInEffect({ AuthInfo }: Answer['body']): number[] {
  return AuthInfo.find(({ AuthStatus }: Answer['body']) => AuthStatus === 200)?.AuthList;
}

describe('an invitation of one dialect is answered in the other:', () => {
  it.each([
    [2, 'RELATED', 200],
    [3, 'REJECTED', 300],
  ] as const)('AddAccountRelation, HandleInvitation %i', async (Action, status, number) => {
    const estate = await newParties();
    const { child, parent } = estate;
    const codes = [...codesOf([2, 4]), ...forbidden];
    const id = await add(estate, parent, child, { PermissionCodes: codes, ChildNick: 'team' });
    expect(await statusesOf(estate)).toEqual(['CONFIRMING', 100]);
    const { List } = resultOf(await bill(estate, child, 'ListInvitation'));
    const AuthInfo = [{ AuthList: [2, 4], AuthStatus: 100 }];
    expect(List).toMatchObject([
      { InvitationType: 1, Relation: { RelationID: `rel${id}`, AccountAlias: 'team', AuthInfo } },
    ]);
    resultOf(await bill(estate, child, 'HandleInvitation', answering(List[0].Relation, Action)));
    expect(await statusesOf(estate)).toEqual([status, number]);
    if (Action === 2) expect(await permissionsOf(estate, id)).toHaveLength(4);
  });

  it.each([
    ['child_agree', 'RELATED', 200],
    ['child_disagree', 'REJECTED', 300],
    ['parent_cancel', 'CONNECTION_MASTER_CANCEL', 400],
  ] as const)('CreateFinancialRelation, ConfirmRelation %s', async (code, status, number) => {
    const estate = await newParties();
    const { child, parent } = estate;
    const relation = await create(estate, parent, child, { AuthListStr: '2,4' });
    expect(await statusesOf(estate)).toEqual(['CONFIRMING', 100]);
    const by = code === 'parent_cancel' ? parent : child;
    succeeded(await confirm(estate, by, numberOf(relation), code, codesOf([2, 4])));
    expect(await statusesOf(estate)).toEqual([status, number]);
    const now = await relationWith(estate, parent, child);
    if (code === 'child_agree') expect(pointsInEffect(now)).toEqual([2, 4]);
  });

  it('AddAccountRelation, CancelInvitation', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    await add(estate, parent, child, { PermissionCodes: forbidden });
    const relation = await relationWith(estate, parent, child);
    expect(pendingOf(relation)).toMatchObject({ AuthList: [] });
    resultOf(await bill(estate, parent, 'CancelInvitation', cancelling(relation)));
    expect(await statusesOf(estate)).toEqual(['CONNECTION_MASTER_CANCEL', 400]);
  });

  it('neither is answered when it is overdue', async () => {
    const estate = await newParties();
    await create(estate, estate.parent, estate.child);
    estate.advance(WAIT_MS);
    expect(await statusesOf(estate)).toEqual(['CONNECTION_MASTER_CANCEL', 400]);
  });
});

describe('a change of one dialect is answered in the other:', () => {
  it.each([
    ['child_agree', [1, 2]],
    ['child_disagree', [1, 3, 5]],
    ['parent_cancel', [1, 3, 5]],
  ] as const)('UpdateAuth, ConfirmRelation %s', async (code, points) => {
    const estate = await newParties();
    const { child, parent } = estate;
    const relation = await manageChanging(estate, '1,2');
    expect(await statusesOf(estate)).toEqual(['CHANGE_CONFIRMING', 200]);
    const by = code === 'parent_cancel' ? parent : child;
    succeeded(await confirm(estate, by, numberOf(relation), code, codesOf([1, 2])));
    expect(await statusesOf(estate)).toEqual(['RELATED', 200]);
    const now = await relationWith(estate, parent, child);
    expect(now.AuthInfo).toHaveLength(1);
    expect(pointsInEffect(now)).toEqual(points);
  });

  it.each([
    [2, [2, 4]],
    [3, [2]],
  ] as const)('ModifyAccountRelation, HandleInvitation %i of type 2', async (Action, points) => {
    const estate = await newParties();
    const { child, parent } = estate;
    const id = await relate(estate, parent, child, [...codesOf([2]), ...forbidden]);
    succeeded(await modify(estate, parent, id, 'ADD', codesOf([4])));
    expect(await statusesOf(estate)).toEqual(['CHANGE_CONFIRMING', 200]);
    const { List } = resultOf(await bill(estate, child, 'ListInvitation'));
    expect(List).toMatchObject([{ InvitationType: 2, Auth: { AuthList: [2, 4] } }]);
    resultOf(await bill(estate, child, 'HandleInvitation', answering(List[0].Relation, Action)));
    expect(await statusesOf(estate)).toEqual(['RELATED', 200]);
    expect(pointsInEffect(await relationWith(estate, parent, child))).toEqual(points);
    expect(await permissionsOf(estate, id)).toHaveLength(points.length + forbidden.length);
  });

  it('ModifyAccountRelation, CancelInvitation of type 2', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    const id = await relate(estate, parent, child, codesOf([2]));
    succeeded(await modify(estate, parent, id, 'DELETE', codesOf([2])));
    const relation = await relationWith(estate, parent, child);
    expect(pendingOf(relation)).toMatchObject({ AuthList: [] });
    resultOf(await bill(estate, parent, 'CancelInvitation', cancelling(relation)));
    expect(await statusesOf(estate)).toEqual(['RELATED', 200]);
  });
});

it('every point is one permission, and every set of them is the same both ways', async () => {
  const estate = await newParties();
  const { child, parent } = estate;
  const relation = await manage(estate, { AuthListStr: '1,2,3,4,5' });
  const shown = (code: string) => code.toLowerCase().replace(/^allow_/, '');
  for (let set = 0; set < 32; set++) {
    const points = [1, 2, 3, 4, 5].filter((point) => set & (1 << (point - 1)));
    const { RelationID } = relation;
    resultOf(await bill(estate, parent, 'UpdateAuth', { RelationID, AuthListStr: points.join(',') }));
    const codes = points.length > 0 ? codesOf(points) : [''];
    succeeded(await confirm(estate, child, numberOf(relation), 'child_agree', codes));
    const held = await permissionsOf(estate, numberOf(relation));
    expect(held.map(shown).toSorted()).toEqual(codesOf(points).map(shown).toSorted());
    expect(pointsInEffect(await relationWith(estate, child, parent))).toEqual(points);
  }
});

describe('a relation of one dialect is ended in the other:', () => {
  it('CreateFinancialRelation, RelieveAccountRelation', async () => {
    const estate = await newParties();
    const { parent } = estate;
    succeeded(await relieve(estate, parent, numberOf(await manage(estate))));
    expect(await statusesOf(estate)).toEqual(['CONNECTION_CANCELED', 500]);
  });

  it('AddAccountRelation, DeleteFinancialRelation', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    const id = await relate(estate, parent, child, codesOf([2]));
    const body = naming(await relationWith(estate, parent, child));
    resultOf(await bill(estate, parent, 'DeleteFinancialRelation', body));
    expect(await relationOf(estate, child, id)).toMatchObject({ Status: 'CONNECTION_CANCELED' });
    expect(await statusesOf(estate)).toEqual(['CONNECTION_CANCELED', 500]);
  });
});

describe('RelieveAccountRelation is refused in its own words where DeleteFinancialRelation is:', () => {
  const because = (reason: string, why: string) => invalid(reason, `The relation cannot be changed: ${why}.`);

  it.each([
    ['sibling', { openOrders: 1 }, 'OrdersOpen', 'OrderExist', 'account % has unfinished orders'],
    [
      'parent',
      { availableBalance: -1 },
      'ParentOverdrawn',
      'TrusteeshipMajorArrears',
      'the available balance of account % is negative',
    ],
    ['sibling', { arrears: 1 }, 'ChildInArrears', 'TrusteeshipSubArrears', 'account % is in arrears'],
    ['sibling', { availableBalance: -1 }, 'ChildInArrears', 'TrusteeshipSubArrears', 'account % is in arrears'],
  ] as const)('a trusteeship while the %s has %j', async (party, standing, reason, code, why) => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    const relation = await create(estate, parent, sibling, { Relation: 1, AuthListStr: undefined });
    const { uid } = estate[party];
    await stand(estate, uid, standing);
    const { body } = await bill(estate, parent, 'DeleteFinancialRelation', naming(relation));
    expect(body.ResponseMetadata.Error).toMatchObject({ Code: `OperationDenied.${code}`, Reason: reason });
    const refusal = because(reason, why.replace('%', String(uid)));
    expect(await relieve(estate, parent, numberOf(relation))).toEqual(refusal);
    await stand(estate, uid, {});
    succeeded(await relieve(estate, parent, numberOf(relation)));
    expect(await relationWith(estate, parent, sibling)).toMatchObject({ Status: 500 });
  });

  it('management once lent credit was spent', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    const relation = await manage(estate);
    await stand(estate, parent.uid, { availableBalance: 100 });
    await operate(estate, 'AllocateCredit', { ParentUid: parent.uid, ChildUid: child.uid, Amount: 60 });
    await stand(estate, child.uid, { availableBalance: 59 });
    const { body } = await bill(estate, parent, 'DeleteFinancialRelation', naming(relation));
    expect(body.ResponseMetadata.Error).toMatchObject({ Code: 'OperationDenied.FinanceManagementTakeBackFail' });
    const refusal = because('LentCreditSpent', `account ${child.uid} has spent credit lent to it`);
    expect(await relieve(estate, parent, numberOf(relation))).toEqual(refusal);
    await stand(estate, child.uid, { availableBalance: 61 });
    succeeded(await relieve(estate, parent, numberOf(relation)));
    const left = await operate(estate, 'DescribeAccountStanding', { Uid: child.uid });
    const back = await operate(estate, 'DescribeAccountStanding', { Uid: parent.uid });
    expect([back.AvailableBalance, left.AvailableBalance]).toEqual([100, 1]);
  });

  it('management while a change is pending', async () => {
    const estate = await newParties();
    const relation = await manageChanging(estate);
    expect(await relieve(estate, estate.parent, numberOf(relation))).toEqual(relationChanging);
  });
});
