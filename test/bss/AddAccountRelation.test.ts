import { describe, expect, it } from 'vitest';
import { slotKey } from '#lib/store/keys.ts';
import {
  add,
  confirm,
  DAY_MS,
  eventsOf,
  newParties,
  type Parties,
  permissionsOf,
  proposal,
  relate,
  relationOf,
  relieve,
  START_MS,
  stand,
  storedRelation,
  succeeded,
  tracing,
  untouched,
  WAIT_MS,
  withdrawals,
} from '#test/bss/parties.ts';
import type { Params, Signer } from '#test/support/estate.ts';
import { callerNotParent, invalid, lacking, malformed, missing } from '#test/support/refusals.ts';

const codes = ['CHECK_FINANCE_INFO', 'FORBID_WITHDRAW_CASH'];
const trusteeship = { RoleCodes: ['trusteeship'] };

const alreadyRelated = ({ uid }: Signer) =>
  invalid('ChildAlreadyRelated', `Account ${uid} already has a financial relation or invitation.`);
const inTrusteeship = ({ uid }: Signer) =>
  invalid('ParentInTrusteeship', `Account ${uid} is itself in trusteeship and cannot be a trustee.`);
const holdsTrusteeships = ({ uid }: Signer) =>
  invalid('ChildHoldsTrusteeships', `Account ${uid} is a trustee of other accounts.`);
const legalNamesDiffer = invalid(
  'LegalNamesDiffer',
  'A trusteeship requires both accounts to bear the same verified enterprise name.',
);

/** Proposes a relation as its parent. */
function propose({ call }: Parties, parent: Signer, child: Signer, params: Params) {
  return call(parent, 'AddAccountRelation', proposal(parent, child, params));
}

/** Runs a proposal that must write nothing at all. */
async function refusedProposal(estate: Parties, by: Signer, params: Params) {
  const before = await estate.dump();
  const answer = await estate.call(by, 'AddAccountRelation', params);
  expect(await estate.dump()).toEqual(before);
  return answer;
}

describe('a proposal to another company', () => {
  it('answers with the relation, and the child awaits to be asked', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    const params = { PermissionCodes: codes, ChildNick: 'research & development' };
    const answer = await propose(estate, parent, child, params);
    expect(answer).toStrictEqual({
      status: 200,
      body: {
        Code: '200',
        Message: 'OK',
        RequestId: 'request-1',
        Success: true,
        Data: { HostId: '203.0.113.7', RelationId: expect.any(Number) },
      },
    });
    const id = answer.body.Data.RelationId;
    expect(Number.isSafeInteger(id)).toBe(true);
    expect(await storedRelation(estate, id)).toMatchObject({
      v: 1,
      status: 'inviting',
      policy: 'management',
      parentUid: parent.uid,
      childUid: child.uid,
      nick: 'research & development',
      deadlineMs: START_MS + WAIT_MS,
    });
    expect(await eventsOf(estate, id)).toMatchObject([
      { event: 'invite', from: 'nothing', to: 'inviting', actor: parent.uid, action: 'AddAccountRelation' },
    ]);
  });

  it('takes permission codes in any order and any number of times', async () => {
    const estate = await newParties();
    const PermissionCodes = ['FORBID_WITHDRAW_CASH', 'CHECK_FINANCE_INFO', 'FORBID_WITHDRAW_CASH'];
    const id = await add(estate, estate.parent, estate.child, { PermissionCodes });
    succeeded(await confirm(estate, estate.child, id, 'child_agree', codes));
    expect(await permissionsOf(estate, id)).toEqual(['allow_check_finance_info', 'forbid_withdraw_cash']);
  });

  it('takes all seven codes', async () => {
    const estate = await newParties();
    const PermissionCodes = [
      'SYNCHRONIZE_FINANCE_IDENTITY',
      'SYNCHRONIZE_FINANCE_DISCOUNT_POLICY_TO_TARGET',
      'FORBID_WITHDRAW_CASH',
      'FORBID_MANAGE_INVOICE',
      'CHECK_FINANCE_INFO',
      'MANAGE_TARGET_INVOICE',
      'CHECK_TARGET_CONSUMPTION',
    ];
    const id = await add(estate, estate.parent, estate.child, { PermissionCodes });
    succeeded(await confirm(estate, estate.child, id, 'child_agree', PermissionCodes));
    expect(await permissionsOf(estate, id)).toHaveLength(7);
  });

  it('to be its trustee is refused', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    expect(await refusedProposal(estate, parent, proposal(parent, child, trusteeship))).toEqual(legalNamesDiffer);
    const both = proposal(parent, child, { ...trusteeship, PermissionCodes: codes });
    expect(await refusedProposal(estate, parent, both)).toEqual(legalNamesDiffer);
  });
});

describe('a proposal within one company', () => {
  it('relates a sibling of the same legal name at once', async () => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    const id = await add(estate, parent, sibling, { PermissionCodes: codes });
    expect(await storedRelation(estate, id)).toMatchObject({
      v: 1,
      status: 'active',
      policy: 'management',
      sameLegalName: true,
    });
    expect(await permissionsOf(estate, id)).toEqual(['allow_check_finance_info', 'forbid_withdraw_cash']);
    expect(await relationOf(estate, sibling, id)).toMatchObject({ Status: 'RELATED', StartTime: START_MS });
    expect(await eventsOf(estate, id)).toMatchObject([{ event: 'establish', from: 'nothing', to: 'active' }]);
  });

  it('to be its trustee is in effect at once, without permission codes or with', async () => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    const another = await estate.account('Acme');
    const bare = await add(estate, parent, sibling, trusteeship);
    expect(await storedRelation(estate, bare)).toMatchObject({ status: 'active', policy: 'trusteeship' });
    const coded = await add(estate, parent, another, { ...trusteeship, PermissionCodes: ['CHECK_FINANCE_INFO'] });
    expect(await storedRelation(estate, coded)).toMatchObject({ policy: 'trusteeship' });
    expect(await permissionsOf(estate, bare)).toEqual([]);
    expect(await permissionsOf(estate, coded)).toEqual(['allow_check_finance_info']);
  });
});

describe('accounts without a verified legal name', () => {
  it('are never the same company: a relation of two needs to be confirmed', async () => {
    const estate = await newParties();
    const [one, other] = [await estate.account(''), await estate.account('')];
    const id = await add(estate, one, other, { PermissionCodes: codes });
    expect(await storedRelation(estate, id)).toMatchObject({ status: 'inviting', sameLegalName: false });
  });

  it('cannot be in a trusteeship, with each other or with a company', async () => {
    const estate = await newParties();
    const { parent } = estate;
    const [one, other] = [await estate.account(''), await estate.account('')];
    expect(await refusedProposal(estate, one, proposal(one, other, trusteeship))).toEqual(legalNamesDiffer);
    expect(await refusedProposal(estate, parent, proposal(parent, one, trusteeship))).toEqual(legalNamesDiffer);
    expect(await refusedProposal(estate, one, proposal(one, parent, trusteeship))).toEqual(legalNamesDiffer);
  });
});

describe('only the parent proposes', () => {
  it('neither the child nor a sibling of the parent nor a stranger can in its name', async () => {
    const estate = await newParties();
    const { child, parent, sibling, stranger } = estate;
    const params = proposal(parent, child, { PermissionCodes: codes });
    for (const by of [child, sibling, stranger]) {
      expect(await refusedProposal(estate, by, params)).toEqual(callerNotParent);
    }
  });

  it('learns that an account is unknown; who is not the parent does not', async () => {
    const estate = await newParties();
    const { parent } = estate;
    const ghost = { ...parent, uid: 1_999_999_999_999_999 };
    const params = proposal(parent, ghost, { PermissionCodes: codes });
    const unknown = 'Specified parameter ChildUserId is not valid: no account 1999999999999999.';
    expect(await refusedProposal(estate, parent, params)).toEqual(invalid('AccountUnknown', unknown));
    const haunted = proposal(ghost, parent, { PermissionCodes: codes });
    expect(await refusedProposal(estate, parent, haunted)).toEqual(callerNotParent);
  });

  it('cannot be its own child', async () => {
    const estate = await newParties();
    const { parent } = estate;
    const own = invalid('SelfRelation', `Account ${parent.uid} cannot be related to itself.`);
    const managed = proposal(parent, parent, { PermissionCodes: codes });
    expect(await refusedProposal(estate, parent, managed)).toEqual(own);
    expect(await refusedProposal(estate, parent, proposal(parent, parent, trusteeship))).toEqual(own);
  });
});

describe('what must be given', () => {
  it('is at least one permission or the role', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    const none = lacking('PermissionCodes or RoleCodes');
    expect(await refusedProposal(estate, parent, proposal(parent, child))).toEqual(none);
    expect(await refusedProposal(estate, parent, proposal(parent, child, { PermissionCodes: [''] }))).toEqual(none);
  });

  it.each(['RelationType', 'ParentUserId', 'ChildUserId', 'RequestId'])('is %s', async (name) => {
    const estate = await newParties();
    const { child, parent } = estate;
    const params = proposal(parent, child, { PermissionCodes: codes });
    expect(await refusedProposal(estate, parent, { ...params, [name]: undefined })).toEqual(missing(name));
    expect(await refusedProposal(estate, parent, { ...params, [name]: '' })).toEqual(missing(name));
  });

  it.each([
    ['RelationType', { RelationType: 'ENTERPRISE_GROUP' }],
    ['ParentUserId', { ParentUserId: '1e15' }],
    ['ChildUserId', { ChildUserId: -1 }],
    ['PermissionCodes.2', { PermissionCodes: ['CHECK_FINANCE_INFO', 'check_finance_info'] }],
    ['PermissionCodes', { PermissionCodes: 'CHECK_FINANCE_INFO' }],
    ['RoleCodes.1', { RoleCodes: ['management'] }],
    ['ChildNick', { ChildNick: 'n'.repeat(65) }],
    ['RequestId', { RequestId: 'r'.repeat(129) }],
  ])('has a value that %s can have', async (name, params) => {
    const estate = await newParties();
    const { child, parent } = estate;
    const whole = proposal(parent, child, { PermissionCodes: codes, ...params });
    expect(await refusedProposal(estate, parent, whole)).toEqual(malformed(name));
  });
});

describe('a child has one relation in effect', () => {
  it('so a second parent is refused while it is related or asked for a change, but not while it is invited', async () => {
    const estate = await newParties();
    const { child, parent, stranger } = estate;
    const second = proposal(stranger, child, { PermissionCodes: codes });
    const id = await add(estate, parent, child, { PermissionCodes: codes });
    const other = await add(estate, stranger, child, { PermissionCodes: codes });
    succeeded(await confirm(estate, child, id, 'child_agree', codes));
    succeeded(await confirm(estate, stranger, other, 'parent_cancel', codes));
    expect(await refusedProposal(estate, stranger, second)).toEqual(alreadyRelated(child));
    const change = { ...tracing, RelationId: id, RelationOperation: 'DELETE', PermissionCodes: codes };
    succeeded(await estate.call(parent, 'ModifyAccountRelation', change));
    expect(await refusedProposal(estate, stranger, second)).toEqual(alreadyRelated(child));
    estate.advance(WAIT_MS);
    expect(await refusedProposal(estate, stranger, second)).toEqual(alreadyRelated(child));
  });

  it('so the same parent proposing again is refused, and the first invitation stands', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    await add(estate, parent, child, { PermissionCodes: codes });
    const again = proposal(parent, child, { PermissionCodes: ['MANAGE_TARGET_INVOICE'] });
    expect(await refusedProposal(estate, parent, again)).toEqual(alreadyRelated(child));
  });

  it('until its invitation expires, to the millisecond', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    await add(estate, parent, child, { PermissionCodes: codes });
    estate.advance(WAIT_MS - 1);
    const second = proposal(parent, child, { PermissionCodes: codes });
    expect(await refusedProposal(estate, parent, second)).toEqual(alreadyRelated(child));
    estate.advance(1);
    succeeded(await estate.call(parent, 'AddAccountRelation', second));
  });

  it('so of two invitations one can be accepted, and the other once the child is free again', async () => {
    const estate = await newParties();
    const { child, parent, stranger } = estate;
    const first = await add(estate, parent, child, { PermissionCodes: codes });
    const second = await add(estate, stranger, child, { PermissionCodes: codes });
    succeeded(await confirm(estate, child, first, 'child_agree', codes));
    const refused = await untouched(estate, second, () => confirm(estate, child, second, 'child_agree', codes));
    expect(refused).toEqual(alreadyRelated(child));
    succeeded(await relieve(estate, parent, first));
    succeeded(await confirm(estate, child, second, 'child_agree', codes));
    expect(await relationOf(estate, child, second)).toMatchObject({ Status: 'RELATED' });
  });

  it('which a dry run of an invitation does not tell to another parent', async () => {
    const estate = await newParties();
    const { child, parent, stranger } = estate;
    const tried = proposal(stranger, child, { PermissionCodes: codes, DryRun: true });
    const free = await estate.call(stranger, 'AddAccountRelation', tried);
    await relate(estate, parent, child, codes);
    const bound = await estate.call(stranger, 'AddAccountRelation', tried);
    expect(bound.body).toMatchObject({ Code: 'DryRunOperation' });
    expect({ ...bound.body, RequestId: '' }).toEqual({ ...free.body, RequestId: '' });
    const own = await estate.call(parent, 'AddAccountRelation', { ...tried, ParentUserId: parent.uid });
    expect(own.body).toMatchObject({ Reason: 'ChildAlreadyRelated' });
  });
});

describe('an account that was invited before can be invited again', () => {
  const outcomes: [string, (estate: Parties, id: number) => Promise<unknown>][] = [
    ['it declined', (estate, id) => confirm(estate, estate.child, id, 'child_disagree', codes)],
    ...withdrawals.map((literal): [string, (estate: Parties, id: number) => Promise<unknown>] => [
      `the parent withdrew (${literal})`,
      (estate, id) => confirm(estate, estate.parent, id, literal, codes),
    ]),
    ['the invitation expired, though nothing swept it', async (estate) => estate.advance(WAIT_MS)],
    [
      'the relation ended',
      async (estate, id) => {
        succeeded(await confirm(estate, estate.child, id, 'child_agree', codes));
        succeeded(await relieve(estate, estate.parent, id));
      },
    ],
  ];

  it.each(outcomes)('after %s, as a new relation', async (_, happened) => {
    const estate = await newParties();
    const { child, parent } = estate;
    const first = await add(estate, parent, child, { PermissionCodes: codes });
    await happened(estate, first);
    const past = await relationOf(estate, parent, first);
    const second = await add(estate, parent, child, { PermissionCodes: codes });
    expect(second).not.toBe(first);
    expect(await relationOf(estate, parent, first)).toEqual(past);
    expect(await relationOf(estate, child, second)).toMatchObject({ Id: second, Status: 'CONFIRMING' });
    const taken = async () => (await estate.deps.table.get(slotKey(child.uid)))?.['relationId'];
    expect(await taken()).toBeUndefined();
    succeeded(await confirm(estate, child, second, 'child_agree', codes));
    expect(await taken()).toBe(second);
  });
});

describe('a trusteeship has one level', () => {
  it('so an account in trusteeship cannot be a trustee until it is relieved', async () => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    const another = await estate.account('Acme');
    const id = await add(estate, parent, sibling, trusteeship);
    const params = proposal(sibling, another, trusteeship);
    expect(await refusedProposal(estate, sibling, params)).toEqual(inTrusteeship(sibling));
    succeeded(await relieve(estate, parent, id));
    succeeded(await estate.call(sibling, 'AddAccountRelation', params));
  });

  it('so a trustee cannot be in trusteeship until it has relieved all its members', async () => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    const top = await estate.account('Acme');
    const another = await estate.account('Acme');
    const ids = [await add(estate, parent, sibling, trusteeship), await add(estate, parent, another, trusteeship)];
    const params = proposal(top, parent, trusteeship);
    for (const id of ids) {
      expect(await refusedProposal(estate, top, params)).toEqual(holdsTrusteeships(parent));
      succeeded(await relieve(estate, parent, id));
    }
    succeeded(await estate.call(top, 'AddAccountRelation', params));
  });

  it('so two accounts cannot be trustees of each other', async () => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    await add(estate, parent, sibling, trusteeship);
    const back = proposal(sibling, parent, trusteeship);
    expect(await refusedProposal(estate, sibling, back)).toEqual(inTrusteeship(sibling));
  });

  it('but management relations neither hinder it nor are hindered by it', async () => {
    const estate = await newParties();
    const { child, parent, sibling } = estate;
    const [top, below] = [await estate.account('Acme'), await estate.account('Acme')];
    await add(estate, top, parent, { PermissionCodes: codes });
    await add(estate, parent, sibling, trusteeship);
    await add(estate, sibling, below, { PermissionCodes: codes });
    await relate(estate, sibling, child, codes);
  });
});

describe('the standing of the parties', () => {
  const guards = [
    { party: 'parent', standing: { frozen: true }, reason: 'ParentFrozen', why: 'is frozen.' },
    {
      party: 'sibling',
      standing: { openOrders: 1 },
      reason: 'OrdersOpenAtLinking',
      why: 'has unfinished orders and cannot be put in trusteeship.',
    },
    {
      party: 'sibling',
      standing: { arrears: 1 },
      reason: 'ChildInArrearsAtLinking',
      why: 'is in arrears and cannot be put in trusteeship.',
    },
  ] as const;

  it.each(guards)('hinders a trusteeship: the $party $why', async ({ party, standing, reason, why }) => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    const { uid } = estate[party];
    await stand(estate, uid, standing);
    const params = proposal(parent, sibling, trusteeship);
    expect(await refusedProposal(estate, parent, params)).toEqual(invalid(reason, `Account ${uid} ${why}`));
    await stand(estate, uid, {});
    succeeded(await estate.call(parent, 'AddAccountRelation', params));
  });

  it('hinders a trusteeship: the available balance of the parent is negative', async () => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    await stand(estate, parent.uid, { availableBalance: -1 });
    const refusal = invalid(
      'ParentOverdrawnAtLinking',
      `The available balance of account ${parent.uid} is negative and it cannot be a trustee.`,
    );
    expect(await refusedProposal(estate, parent, proposal(parent, sibling, trusteeship))).toEqual(refusal);
  });

  it('a frozen account cannot become a parent at all', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    await stand(estate, parent.uid, { frozen: true });
    const params = proposal(parent, child, { PermissionCodes: codes });
    const refusal = invalid('ParentFrozen', `Account ${parent.uid} is frozen.`);
    expect(await refusedProposal(estate, parent, params)).toEqual(refusal);
  });
});

it('a relation opened later has a greater id, also within one millisecond', async () => {
  const estate = await newParties();
  const ids: number[] = [];
  for (const advance of [0, 0, 1, DAY_MS]) {
    estate.advance(advance);
    ids.push(await add(estate, estate.parent, await estate.account('Acme'), { PermissionCodes: codes }));
  }
  expect(ids).toEqual(ids.toSorted((one, other) => one - other));
  expect(new Set(ids).size).toBe(ids.length);
});
