import { describe, expect, it } from 'vitest';
import {
  add,
  confirm,
  DAY_MS,
  eventsOf,
  modify,
  newParties,
  type Parties,
  permissionsOf,
  relate,
  relationOf,
  relieve,
  storedRelation,
  succeeded,
  tracing,
  tripleOf,
  untouched,
  WAIT_MS,
} from '#test/bss/parties.ts';
import type { Params } from '#test/support/estate.ts';
import {
  callerNotParent,
  disagreeing,
  malformed,
  missing,
  noRelationNamed,
  relationChanging,
  relationDeclined,
  relationEnded,
  relationExpired,
  relationInviting,
  relationUnknown,
  relationWithdrawn,
} from '#test/support/refusals.ts';

const codes = ['CHECK_FINANCE_INFO', 'FORBID_WITHDRAW_CASH'];
const granted = ['allow_check_finance_info', 'forbid_withdraw_cash'];
const success = {
  status: 200,
  body: { Code: '200', Message: 'OK', RequestId: 'request-1', Success: true, Data: { HostId: '203.0.113.7' } },
};

/** An active relation within one company. */
async function within() {
  const estate = await newParties();
  const id = await add(estate, estate.parent, estate.sibling, { PermissionCodes: codes });
  estate.advance(DAY_MS);
  return { estate, id };
}

/** An active relation between two companies. */
async function between() {
  const estate = await newParties();
  const id = await relate(estate, estate.parent, estate.child, codes);
  estate.advance(DAY_MS);
  return { estate, id };
}

/** Calls ModifyAccountRelation as the parent with any parameters. */
function alter({ call, parent }: Parties, params: Params) {
  return call(parent, 'ModifyAccountRelation', { ...tracing, ...params });
}

describe('within one company a change', () => {
  it('that adds takes effect at once', async () => {
    const { estate, id } = await within();
    expect(await modify(estate, estate.parent, id, 'ADD', ['CHECK_TARGET_CONSUMPTION'])).toStrictEqual(success);
    expect(await storedRelation(estate, id)).toMatchObject({ v: 2, status: 'active' });
    expect(await permissionsOf(estate, id)).toEqual([...granted, 'allow_check_target_consumption']);
    expect((await eventsOf(estate, id)).at(-1)).toMatchObject({
      event: 'change',
      from: 'active',
      to: 'active',
      actor: estate.parent.uid,
      action: 'ModifyAccountRelation',
    });
  });

  it('that removes takes effect at once, and may leave none', async () => {
    const { estate, id } = await within();
    expect(await modify(estate, estate.parent, id, 'DELETE', ['FORBID_WITHDRAW_CASH'])).toStrictEqual(success);
    expect(await permissionsOf(estate, id)).toEqual(['allow_check_finance_info']);
    expect(await modify(estate, estate.parent, id, 'DELETE', codes)).toStrictEqual(success);
    expect(await permissionsOf(estate, id)).toEqual([]);
    expect(await relationOf(estate, estate.sibling, id)).toMatchObject({ Status: 'RELATED' });
  });

  it('of a trusteeship leaves it a trusteeship, whatever roles come with it', async () => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    const id = await add(estate, parent, sibling, { RoleCodes: ['trusteeship'] });
    const managed = await add(estate, parent, await estate.account('Acme'), { PermissionCodes: codes });
    const params = { RelationOperation: 'ADD', PermissionCodes: codes, RoleCodes: ['trusteeship'] };
    succeeded(await alter(estate, { ...params, RelationId: id }));
    succeeded(await alter(estate, { ...params, RelationId: managed }));
    expect(await storedRelation(estate, id)).toMatchObject({ policy: 'trusteeship' });
    expect(await storedRelation(estate, managed)).toMatchObject({ policy: 'management' });
  });
});

describe('between two companies a change', () => {
  it.each([
    ['adds', 'ADD', ['CHECK_TARGET_CONSUMPTION']],
    ['removes', 'DELETE', ['FORBID_WITHDRAW_CASH']],
  ] as const)('that %s awaits the child, and the old permissions stay in effect', async (_, operation, altered) => {
    const { estate, id } = await between();
    expect(await modify(estate, estate.parent, id, operation, altered)).toStrictEqual(success);
    expect(await storedRelation(estate, id)).toMatchObject({
      v: 3,
      status: 'changing',
      deadlineMs: estate.nowMs() + WAIT_MS,
    });
    expect(await relationOf(estate, estate.child, id)).toMatchObject({ Status: 'CHANGE_CONFIRMING' });
    expect(await permissionsOf(estate, id)).toEqual(granted);
    expect((await eventsOf(estate, id)).at(-1)).toMatchObject({ event: 'proposeChange', to: 'changing' });
  });

  it('is refused while another is pending, also one that only renames or undoes it', async () => {
    const { estate, id } = await between();
    succeeded(await modify(estate, estate.parent, id, 'ADD', ['CHECK_TARGET_CONSUMPTION']));
    const named = { RelationId: id };
    for (const params of [
      { ...named, RelationOperation: 'ADD', PermissionCodes: ['MANAGE_TARGET_INVOICE'] },
      { ...named, RelationOperation: 'DELETE', PermissionCodes: ['CHECK_TARGET_CONSUMPTION'] },
      { ...named, RelationOperation: 'ADD', ChildNick: 'renamed' },
    ]) {
      expect(await untouched(estate, id, () => alter(estate, params))).toEqual(relationChanging);
    }
  });

  it.each([
    ['was agreed to', 'child_agree'],
    ['was refused', 'child_disagree'],
    ['was withdrawn', 'parent_cancel'],
  ])('can follow one that %s', async (_, code) => {
    const { estate, id } = await between();
    const { child, parent } = estate;
    succeeded(await modify(estate, parent, id, 'DELETE', codes));
    succeeded(await confirm(estate, code === 'parent_cancel' ? parent : child, id, code, ['']));
    expect(await modify(estate, parent, id, 'ADD', ['MANAGE_TARGET_INVOICE'])).toStrictEqual(success);
    expect(await relationOf(estate, child, id)).toMatchObject({ Status: 'CHANGE_CONFIRMING' });
  });

  it('can follow one that lapsed unanswered, and builds on what is in effect', async () => {
    const { estate, id } = await between();
    const { child, parent } = estate;
    succeeded(await modify(estate, parent, id, 'ADD', ['CHECK_TARGET_CONSUMPTION']));
    estate.advance(WAIT_MS);
    expect(await permissionsOf(estate, id)).toEqual(granted);
    succeeded(await modify(estate, parent, id, 'ADD', ['MANAGE_TARGET_INVOICE']));
    succeeded(await confirm(estate, child, id, 'child_agree', [...codes, 'MANAGE_TARGET_INVOICE']));
    expect(await permissionsOf(estate, id)).toEqual(['allow_manage_target_invoice', ...granted].toSorted(byGrant));
  });
});

/** What holds longest comes first. */
function byGrant(one: string, other: string): number {
  return Number(granted.includes(other)) - Number(granted.includes(one)) || (one < other ? -1 : 1);
}

describe('what is already so', () => {
  it.each([
    ['ADD', ['CHECK_FINANCE_INFO']],
    ['ADD', ['FORBID_WITHDRAW_CASH', 'CHECK_FINANCE_INFO', 'FORBID_WITHDRAW_CASH']],
    ['DELETE', ['MANAGE_TARGET_INVOICE']],
  ] as const)('stays so: %s %o succeeds, asks nobody and changes nothing', async (operation, altered) => {
    const { estate, id } = await between();
    const before = { row: await storedRelation(estate, id), events: await eventsOf(estate, id) };
    expect(await modify(estate, estate.parent, id, operation, altered)).toStrictEqual(success);
    expect({ row: await storedRelation(estate, id), events: await eventsOf(estate, id) }).toEqual(before);
  });

  it('stays so without any parameter that alters', async () => {
    const { estate, id } = await between();
    const before = await storedRelation(estate, id);
    expect(await alter(estate, { RelationId: id, RelationOperation: 'ADD' })).toStrictEqual(success);
    expect(await storedRelation(estate, id)).toEqual(before);
  });
});

describe('a new ChildNick', () => {
  it('renames at once, also between companies: the child is not asked', async () => {
    for (const { estate, id } of [await within(), await between()]) {
      const { call, parent } = estate;
      expect(await alter(estate, { RelationId: id, RelationOperation: 'ADD', ChildNick: 'renamed' })).toStrictEqual(
        success,
      );
      expect(await storedRelation(estate, id)).toMatchObject({ status: 'active', nick: 'renamed' });
      const { Data } = succeeded(await call(parent, 'QueryRelationList', { UserId: parent.uid }));
      expect(Data.FinancialRelationInfoList).toMatchObject([{ AccountNickName: 'renamed' }]);
      expect(await permissionsOf(estate, id)).toEqual(granted);
    }
  });
});

describe('only the parent modifies:', () => {
  it('not the child, nor a sibling, nor a stranger, who do not learn that it exists', async () => {
    const { estate, id } = await between();
    const { child, sibling, stranger } = estate;
    const attempt = (by: typeof child) => untouched(estate, id, () => modify(estate, by, id, 'DELETE', codes));
    expect(await attempt(child)).toEqual(callerNotParent);
    expect(await attempt(sibling)).toEqual(relationUnknown);
    expect(await attempt(stranger)).toEqual(relationUnknown);
    const absent = () => modify(estate, stranger, 1, 'DELETE', codes);
    expect(await untouched(estate, id, absent)).toEqual(relationUnknown);
  });

  it('not the child even when nothing would change', async () => {
    const { estate, id } = await between();
    const attempt = () => modify(estate, estate.child, id, 'ADD', codes);
    expect(await untouched(estate, id, attempt)).toEqual(callerNotParent);
  });
});

describe('what is not in effect cannot be modified:', () => {
  const attempt = (estate: Parties, id: number) =>
    untouched(estate, id, () => modify(estate, estate.parent, id, 'ADD', codes));

  it('an invitation, open, declined, withdrawn or expired', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    const declined = await add(estate, parent, child, { PermissionCodes: codes });
    expect(await attempt(estate, declined)).toEqual(relationInviting);
    succeeded(await confirm(estate, child, declined, 'child_disagree', codes));
    expect(await attempt(estate, declined)).toEqual(relationDeclined);
    const withdrawn = await add(estate, parent, child, { PermissionCodes: codes });
    succeeded(await confirm(estate, parent, withdrawn, 'parent_cancel', codes));
    expect(await attempt(estate, withdrawn)).toEqual(relationWithdrawn);
    const expired = await add(estate, parent, child, { PermissionCodes: codes });
    estate.advance(WAIT_MS);
    expect(await attempt(estate, expired)).toEqual(relationExpired);
  });

  it('an ended relation', async () => {
    const { estate, id } = await between();
    succeeded(await relieve(estate, estate.parent, id));
    expect(await attempt(estate, id)).toEqual(relationEnded);
  });
});

describe('the relation meant', () => {
  it('can be named by its parties and its type, or both ways', async () => {
    for (const both of [false, true]) {
      const { estate, id } = await within();
      const named = { ...tripleOf(estate.parent, estate.sibling), ...(both && { RelationId: id }) };
      const change = { RelationOperation: 'DELETE', PermissionCodes: codes };
      expect(await alter(estate, { ...named, ...change })).toStrictEqual(success);
      expect(await permissionsOf(estate, id)).toEqual([]);
    }
  });

  it('must be named', async () => {
    const { estate, id } = await within();
    const change = { RelationOperation: 'DELETE', PermissionCodes: codes };
    for (const name of ['RelationType', 'ParentUserId', 'ChildUserId']) {
      const params = { ...tripleOf(estate.parent, estate.sibling), ...change, [name]: undefined };
      expect(await untouched(estate, id, () => alter(estate, params))).toEqual(noRelationNamed);
    }
  });

  it('must be one when it is named both ways', async () => {
    const { estate, id } = await within();
    const { parent, sibling, stranger } = estate;
    const change = { RelationOperation: 'DELETE', PermissionCodes: codes, RelationId: id };
    const attempt = (named: object) => untouched(estate, id, () => alter(estate, { ...change, ...named }));
    expect(await attempt(tripleOf(stranger, sibling))).toEqual(disagreeing('ParentUserId'));
    expect(await attempt(tripleOf(parent, stranger))).toEqual(disagreeing('ChildUserId'));
    expect(await attempt({ ChildUserId: parent.uid })).toEqual(disagreeing('ChildUserId'));
  });
});

describe('a modification', () => {
  it.each(['RelationOperation', 'RequestId'])('without %s is refused', async (name) => {
    const { estate, id } = await within();
    const params = { RelationId: id, RelationOperation: 'ADD', PermissionCodes: codes, [name]: undefined };
    expect(await untouched(estate, id, () => alter(estate, params))).toEqual(missing(name));
  });

  it.each([
    ['RelationOperation', { RelationOperation: 'add' }],
    ['RelationOperation', { RelationOperation: 'REPLACE' }],
    ['PermissionCodes.1', { PermissionCodes: ['CHECK_FINANCE'] }],
    ['RoleCodes.1', { RoleCodes: ['owner'] }],
    ['ChildNick', { ChildNick: 'tab\there' }],
  ])('with a %s that cannot be is refused: %o', async (name, params) => {
    const { estate, id } = await within();
    const whole = { RelationId: id, RelationOperation: 'DELETE', PermissionCodes: codes, ...params };
    expect(await untouched(estate, id, () => alter(estate, whole))).toEqual(malformed(name));
  });
});
