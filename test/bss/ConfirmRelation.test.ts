import { describe, expect, it } from 'vitest';
import { SENDING_MS } from '#lib/table/requests.ts';
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
  START_MS,
  storedRelation,
  succeeded,
  tracing,
  tripleOf,
  untouched,
  WAIT_MS,
  withdrawals,
} from '#test/bss/parties.ts';
import type { Answer, Signer } from '#test/support/estate.ts';
import {
  callerNotChild,
  callerNotParent,
  disagreeing,
  malformed,
  missing,
  noRelationNamed,
  permissionsDiffer,
  relationActive,
  relationDeclined,
  relationEnded,
  relationExpired,
  relationUnknown,
  relationWithdrawn,
} from '#test/support/refusals.ts';

const codes = ['CHECK_FINANCE_INFO', 'FORBID_WITHDRAW_CASH'];
const changed = [...codes, 'CHECK_TARGET_CONSUMPTION'];
const everyConfirmCode = ['child_agree', 'child_disagree', ...withdrawals];
const success: Answer = {
  status: 200,
  body: { Code: '200', Message: 'OK', RequestId: 'request-1', Success: true, Data: { HostId: '203.0.113.7' } },
};

interface Invited {
  readonly estate: Parties;
  readonly id: number;
}

async function invited(): Promise<Invited> {
  const estate = await newParties();
  return { estate, id: await add(estate, estate.parent, estate.child, { PermissionCodes: codes }) };
}

/** An active relation with a change of its permissions waiting for the child. */
async function changing(): Promise<Invited> {
  const estate = await newParties();
  const id = await relate(estate, estate.parent, estate.child, codes);
  estate.advance(DAY_MS);
  succeeded(await modify(estate, estate.parent, id, 'ADD', ['CHECK_TARGET_CONSUMPTION']));
  return { estate, id };
}

/** Who may use a ConfirmCode at all. */
function rightful({ child, parent }: Parties, confirmCode: string): Signer {
  return confirmCode.startsWith('child_') ? child : parent;
}

/** Every party sends every ConfirmCode it may: each must be refused so, and nothing written. */
async function allRefused({ estate, id }: Invited, refusal: Answer): Promise<void> {
  for (const code of everyConfirmCode) {
    const call = () => confirm(estate, rightful(estate, code), id, code, codes);
    expect(await untouched(estate, id, call)).toEqual(refusal);
  }
}

describe('an invitation', () => {
  it('is accepted by the child with the permissions offered', async () => {
    const { estate, id } = await invited();
    estate.advance(DAY_MS);
    expect(await confirm(estate, estate.child, id, 'child_agree', codes)).toStrictEqual(success);
    const row = await storedRelation(estate, id);
    expect(row).toMatchObject({ v: 2, status: 'active' });
    expect(row).not.toHaveProperty('offered');
    expect(row).not.toHaveProperty('deadlineMs');
    expect(row).not.toHaveProperty('due');
    expect(await eventsOf(estate, id)).toMatchObject([
      { event: 'invite' },
      { event: 'accept', from: 'inviting', to: 'active', actor: estate.child.uid, action: 'ConfirmRelation' },
    ]);
    const established = { Status: 'RELATED', StartTime: START_MS + DAY_MS, GmtModified: START_MS + DAY_MS };
    expect(await relationOf(estate, estate.parent, id)).toMatchObject(established);
    expect(await permissionsOf(estate, id)).toEqual(['allow_check_finance_info', 'forbid_withdraw_cash']);
  });

  it.each([
    ['in another order', ['FORBID_WITHDRAW_CASH', 'CHECK_FINANCE_INFO']],
    ['repeatedly', [...codes, ...codes]],
  ])('is accepted when the permissions are given %s', async (_, given) => {
    const { estate, id } = await invited();
    expect(await confirm(estate, estate.child, id, 'child_agree', given)).toStrictEqual(success);
  });

  it('is accepted when the relation is named by its parties and its type', async () => {
    const { estate, id } = await invited();
    const { call, child, parent } = estate;
    const params = { ...tracing, ...tripleOf(parent, child), ConfirmCode: 'child_agree', PermissionCodes: codes };
    expect(await call(child, 'ConfirmRelation', params)).toStrictEqual(success);
    expect(await storedRelation(estate, id)).toMatchObject({ status: 'active' });
  });

  it('is accepted when the relation is named both ways and they agree', async () => {
    const { estate, id } = await invited();
    const { call, child, parent } = estate;
    const named = { ...tripleOf(parent, child), RelationId: id };
    const params = { ...tracing, ...named, ConfirmCode: 'child_agree', PermissionCodes: codes };
    expect(await call(child, 'ConfirmRelation', params)).toStrictEqual(success);
  });

  it('is declined by the child, whatever permissions it names', async () => {
    const { estate, id } = await invited();
    estate.advance(DAY_MS);
    const answer = await confirm(estate, estate.child, id, 'child_disagree', ['MANAGE_TARGET_INVOICE']);
    expect(answer).toStrictEqual(success);
    expect(await storedRelation(estate, id)).toMatchObject({ v: 2, status: 'declined' });
    expect(await eventsOf(estate, id)).toMatchObject([{ event: 'invite' }, { event: 'decline', to: 'declined' }]);
    expect(await relationOf(estate, estate.child, id)).toMatchObject({ Status: 'REJECTED' });
  });

  it.each(withdrawals)('is withdrawn by the parent with "%s"', async (literal) => {
    const { estate, id } = await invited();
    estate.advance(DAY_MS);
    expect(await confirm(estate, estate.parent, id, literal, ['MANAGE_TARGET_INVOICE'])).toStrictEqual(success);
    expect(await storedRelation(estate, id)).toMatchObject({ v: 2, status: 'withdrawn' });
    expect(await eventsOf(estate, id)).toMatchObject([{ event: 'invite' }, { event: 'withdraw', to: 'withdrawn' }]);
    expect(await relationOf(estate, estate.parent, id)).toMatchObject({ Status: 'CONNECTION_MASTER_CANCEL' });
  });

  it('is still open until its last instant, which an answer could miss', async () => {
    const open = await invited();
    open.estate.advance(WAIT_MS - SENDING_MS - 1);
    expect(await confirm(open.estate, open.estate.child, open.id, 'child_agree', codes)).toStrictEqual(success);
    const { estate, id } = await invited();
    estate.advance(WAIT_MS - SENDING_MS);
    expect(await relationOf(estate, estate.child, id)).toMatchObject({ Status: 'CONFIRMING' });
    const call = () => confirm(estate, estate.child, id, 'child_agree', codes);
    expect(await untouched(estate, id, call)).toEqual(relationExpired);
  });
});

describe('the wrong account', () => {
  it('cannot answer an invitation it sent', async () => {
    const { estate, id } = await invited();
    for (const code of ['child_agree', 'child_disagree']) {
      const call = () => confirm(estate, estate.parent, id, code, codes);
      expect(await untouched(estate, id, call)).toEqual(callerNotChild);
    }
  });

  it('cannot withdraw an invitation it received', async () => {
    const { estate, id } = await invited();
    for (const literal of withdrawals) {
      const call = () => confirm(estate, estate.child, id, literal, codes);
      expect(await untouched(estate, id, call)).toEqual(callerNotParent);
    }
  });

  it('is not told that a relation of others exists: a sibling of the parent as little as a stranger', async () => {
    const { estate, id } = await invited();
    const { call, child, parent, sibling, stranger } = estate;
    for (const by of [sibling, stranger]) {
      for (const code of everyConfirmCode) {
        expect(await untouched(estate, id, () => confirm(estate, by, id, code, codes))).toEqual(relationUnknown);
        expect(await untouched(estate, id, () => confirm(estate, by, 1, code, codes))).toEqual(relationUnknown);
        const params = { ...tracing, ...tripleOf(parent, child), ConfirmCode: code, PermissionCodes: codes };
        expect(await untouched(estate, id, () => call(by, 'ConfirmRelation', params))).toEqual(relationUnknown);
      }
    }
  });

  it('is told that first, also when the permissions differ or the invitation has expired', async () => {
    const { estate, id } = await invited();
    const other = ['MANAGE_TARGET_INVOICE'];
    expect(await confirm(estate, estate.parent, id, 'child_agree', other)).toEqual(callerNotChild);
    estate.advance(WAIT_MS);
    expect(await confirm(estate, estate.parent, id, 'child_agree', other)).toEqual(callerNotChild);
    expect(await confirm(estate, estate.stranger, id, 'child_agree', other)).toEqual(relationUnknown);
  });
});

describe('other permissions than those offered', () => {
  it.each([
    ['fewer', ['CHECK_FINANCE_INFO']],
    ['more', changed],
    ['others', ['CHECK_FINANCE_INFO', 'MANAGE_TARGET_INVOICE']],
    ['none', ['']],
  ])('cannot be accepted: %s', async (_, given) => {
    const { estate, id } = await invited();
    const call = () => confirm(estate, estate.child, id, 'child_agree', given);
    expect(await untouched(estate, id, call)).toEqual(permissionsDiffer);
  });
});

describe('an invitation can be answered once:', () => {
  it('an accepted one not again', async () => {
    const { estate, id } = await invited();
    succeeded(await confirm(estate, estate.child, id, 'child_agree', codes));
    await allRefused({ estate, id }, relationActive);
  });

  it('a declined one cannot be accepted, declined or withdrawn', async () => {
    const { estate, id } = await invited();
    succeeded(await confirm(estate, estate.child, id, 'child_disagree', codes));
    await allRefused({ estate, id }, relationDeclined);
  });

  it.each(withdrawals)('one withdrawn with "%s" cannot be accepted, declined or withdrawn', async (literal) => {
    const { estate, id } = await invited();
    succeeded(await confirm(estate, estate.parent, id, literal, codes));
    await allRefused({ estate, id }, relationWithdrawn);
  });

  it('an expired one not at all, from the very millisecond, though nothing swept it', async () => {
    const { estate, id } = await invited();
    estate.advance(WAIT_MS);
    await allRefused({ estate, id }, relationExpired);
    expect(await storedRelation(estate, id)).toMatchObject({ status: 'inviting' });
  });

  it('an ended relation not at all', async () => {
    const { estate, id } = await invited();
    succeeded(await confirm(estate, estate.child, id, 'child_agree', codes));
    succeeded(await relieve(estate, estate.parent, id));
    await allRefused({ estate, id }, relationEnded);
  });

  it('one within a company not at all: it was in effect at once', async () => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    const id = await add(estate, parent, sibling, { PermissionCodes: codes });
    await allRefused({ estate: { ...estate, child: sibling }, id }, relationActive);
  });

  it('a status that forbids is told before permissions that differ', async () => {
    const { estate, id } = await invited();
    succeeded(await confirm(estate, estate.child, id, 'child_disagree', codes));
    const call = () => confirm(estate, estate.child, id, 'child_agree', ['MANAGE_TARGET_INVOICE']);
    expect(await untouched(estate, id, call)).toEqual(relationDeclined);
  });
});

describe('a pending change', () => {
  it('takes effect when the child agrees to the whole resulting set', async () => {
    const { estate, id } = await changing();
    const before = await permissionsOf(estate, id);
    estate.advance(DAY_MS);
    expect(await confirm(estate, estate.child, id, 'child_agree', changed)).toStrictEqual(success);
    const row = await storedRelation(estate, id);
    expect(row).toMatchObject({ v: 4, status: 'active' });
    expect(row).not.toHaveProperty('offered');
    expect(row).not.toHaveProperty('deadlineMs');
    expect((await eventsOf(estate, id)).at(-1)).toMatchObject({
      event: 'acceptChange',
      from: 'changing',
      to: 'active',
    });
    const after = await permissionsOf(estate, id);
    expect(after.toSorted()).toEqual([...before, 'allow_check_target_consumption'].toSorted());
  });

  it.each([
    ['the permissions in effect', codes],
    ['only those to be added', ['CHECK_TARGET_CONSUMPTION']],
  ])('cannot be agreed to with %s', async (_, given) => {
    const { estate, id } = await changing();
    const call = () => confirm(estate, estate.child, id, 'child_agree', given);
    expect(await untouched(estate, id, call)).toEqual(permissionsDiffer);
  });

  const refusals = [
    { who: 'the child', code: 'child_disagree', event: 'declineChange' },
    ...withdrawals.map((code) => ({ who: 'the parent', code, event: 'withdrawChange' })),
  ];

  it.each(refusals)('leaves the old permissions in effect when $who sends "$code"', async ({ code, event }) => {
    const { estate, id } = await changing();
    const before = await permissionsOf(estate, id);
    estate.advance(DAY_MS);
    expect(await confirm(estate, rightful(estate, code), id, code, changed)).toStrictEqual(success);
    const row = await storedRelation(estate, id);
    expect(row).toMatchObject({ v: 4, status: 'active' });
    expect(await permissionsOf(estate, id)).toEqual(before);
    expect(row).not.toHaveProperty('offered');
    expect((await eventsOf(estate, id)).at(-1)).toMatchObject({ event, from: 'changing', to: 'active' });
    expect(await relationOf(estate, estate.child, id)).toMatchObject({ Status: 'RELATED', StartTime: START_MS });
  });

  it('cannot be answered by the wrong account', async () => {
    const { estate, id } = await changing();
    const { child, parent, sibling, stranger } = estate;
    const attempt = (by: Signer, code: string) => untouched(estate, id, () => confirm(estate, by, id, code, changed));
    expect(await attempt(parent, 'child_agree')).toEqual(callerNotChild);
    expect(await attempt(parent, 'child_disagree')).toEqual(callerNotChild);
    expect(await attempt(child, 'parent_cancel')).toEqual(callerNotParent);
    expect(await attempt(sibling, 'child_agree')).toEqual(relationUnknown);
    expect(await attempt(stranger, 'parent_cancel')).toEqual(relationUnknown);
  });

  it('can still be agreed to until its last instant', async () => {
    const { estate, id } = await changing();
    estate.advance(WAIT_MS - SENDING_MS - 1);
    expect(await confirm(estate, estate.child, id, 'child_agree', changed)).toStrictEqual(success);
  });

  it('lapses after 15 days: then nothing awaits confirmation', async () => {
    const { estate, id } = await changing();
    estate.advance(WAIT_MS);
    await allRefused({ estate, id }, relationActive);
    expect(await relationOf(estate, estate.child, id)).toMatchObject({ Status: 'RELATED' });
  });

  it('can leave no permission at all, which the child agrees to with an empty element', async () => {
    const estate = await newParties();
    const id = await relate(estate, estate.parent, estate.child, codes);
    succeeded(await modify(estate, estate.parent, id, 'DELETE', codes));
    succeeded(await confirm(estate, estate.child, id, 'child_agree', ['']));
    expect(await storedRelation(estate, id)).toMatchObject({ status: 'active' });
    expect(await permissionsOf(estate, id)).toEqual([]);
  });
});

describe('the relation meant', () => {
  it('must be named', async () => {
    const { estate, id } = await invited();
    const { call, child, parent } = estate;
    const answer = { ...tracing, ConfirmCode: 'child_agree', PermissionCodes: codes };
    const attempt = (named: object) =>
      untouched(estate, id, () => call(child, 'ConfirmRelation', { ...answer, ...named }));
    expect(await attempt({})).toEqual(noRelationNamed);
    for (const name of ['RelationType', 'ParentUserId', 'ChildUserId']) {
      expect(await attempt({ ...tripleOf(parent, child), [name]: undefined })).toEqual(noRelationNamed);
    }
  });

  it('must exist between the parties named', async () => {
    const { estate, id } = await invited();
    const { call, child, parent, stranger } = estate;
    const answer = { ...tracing, ConfirmCode: 'child_agree', PermissionCodes: codes };
    for (const named of [tripleOf(stranger, child), tripleOf(child, parent), tripleOf(parent, stranger)]) {
      const attempt = () => call(child, 'ConfirmRelation', { ...answer, ...named });
      expect(await untouched(estate, id, attempt)).toEqual(relationUnknown);
    }
  });

  it('must be one when it is named both ways', async () => {
    const { estate, id } = await invited();
    const { call, child, parent, stranger } = estate;
    const answer = { ...tracing, RelationId: id, PermissionCodes: codes };
    for (const code of everyConfirmCode) {
      const attempt = (named: object) =>
        untouched(estate, id, () => {
          const params = { ...answer, ...named, ConfirmCode: code };
          return call(rightful(estate, code), 'ConfirmRelation', params);
        });
      expect(await attempt(tripleOf(stranger, child))).toEqual(disagreeing('ParentUserId'));
      expect(await attempt({ ParentUserId: child.uid })).toEqual(disagreeing('ParentUserId'));
      expect(await attempt(tripleOf(parent, stranger))).toEqual(disagreeing('ChildUserId'));
      expect(await attempt({ ChildUserId: parent.uid })).toEqual(disagreeing('ChildUserId'));
    }
  });

  it('is, between two parties, the latest', async () => {
    const { estate, id } = await invited();
    const { call, child, parent } = estate;
    succeeded(await confirm(estate, child, id, 'child_disagree', codes));
    const params = { ...tracing, ...tripleOf(parent, child), ConfirmCode: 'child_agree', PermissionCodes: codes };
    expect(await untouched(estate, id, () => call(child, 'ConfirmRelation', params))).toEqual(relationDeclined);
    const second = await add(estate, parent, child, { PermissionCodes: codes });
    expect(await call(child, 'ConfirmRelation', params)).toStrictEqual(success);
    expect(await storedRelation(estate, second)).toMatchObject({ status: 'active' });
    expect(await storedRelation(estate, id)).toMatchObject({ status: 'declined' });
  });
});

describe('an invitation of an account that another relation binds', () => {
  it('can be declined and withdrawn, but accepted only once the account is free: ChildAlreadyRelated', async () => {
    const estate = await newParties();
    const { child, parent, stranger } = estate;
    const bound = await relate(estate, stranger, child, codes);
    const refused = await estate.call(parent, 'AddAccountRelation', {
      ...tracing,
      ...tripleOf(parent, child),
      PermissionCodes: codes,
    });
    expect(refused.body).toMatchObject({ Reason: 'ChildAlreadyRelated' });
    succeeded(await relieve(estate, stranger, bound));
    const ids = [await add(estate, parent, child, { PermissionCodes: codes })];
    ids.push(await add(estate, stranger, child, { PermissionCodes: codes }));
    const [first = 0, second = 0] = ids;
    succeeded(await confirm(estate, child, first, 'child_agree', codes));
    const call = () => confirm(estate, child, second, 'child_agree', codes);
    expect((await untouched(estate, second, call)).body).toMatchObject({ Reason: 'ChildAlreadyRelated' });
    succeeded(await confirm(estate, child, second, 'child_disagree', codes));
  });
});

describe('a confirmation', () => {
  it.each(['ConfirmCode', 'RequestId', 'PermissionCodes'])('without %s is refused', async (name) => {
    const { estate, id } = await invited();
    const params = { ...tracing, RelationId: id, ConfirmCode: 'child_agree', PermissionCodes: codes };
    const call = () => estate.call(estate.child, 'ConfirmRelation', { ...params, [name]: undefined });
    expect(await untouched(estate, id, call)).toEqual(missing(name));
  });

  it.each([
    ['ConfirmCode', { ConfirmCode: 'CHILD_AGREE' }],
    ['ConfirmCode', { ConfirmCode: 'toString' }],
    ['ConfirmCode', { ConfirmCode: '__proto__' }],
    ['RelationId', { RelationId: 'RelationId' }],
    ['RelationId', { RelationId: '9007199254740993' }],
    ['RelationType', { RelationType: 'finance_cloud' }],
    ['PermissionCodes.1', { PermissionCodes: ['trusteeship'] }],
  ])('with a %s that does not exist is refused: %o', async (name, params) => {
    const { estate, id } = await invited();
    const whole = { ...tracing, RelationId: id, ConfirmCode: 'child_agree', PermissionCodes: codes, ...params };
    const call = () => estate.call(estate.child, 'ConfirmRelation', whole);
    expect(await untouched(estate, id, call)).toEqual(malformed(name));
  });
});
