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
  lacks,
  manage,
  naming,
  offer,
  refusedAs,
  relationWith,
  resultOf,
} from '#test/billing/calls.ts';
import { add, eventsOf, newParties, type Parties, stand, succeeded, tracing, WAIT_MS } from '#test/bss/parties.ts';
import type { Signer } from '#test/support/estate.ts';

const ACTION = 'CreateFinancialRelation';
const trusteeship = { Relation: 1, AuthListStr: undefined };

const attempt = (estate: Parties, by: Signer, child: Signer, fields: Body = {}) =>
  bill(estate, by, ACTION, offer(child, fields));

const denied = (reason: string, code: string, message: string) =>
  refusedAs(ACTION, reason, `OperationDenied.${code}`, message);

const refuses = (estate: Parties, expected: ReturnType<typeof denied>, by: Signer, child: Signer, fields?: Body) =>
  expectRefusal(estate, expected, () => attempt(estate, by, child, fields));

const otherRelations = (uid: number, code = 'FinanceManagementSubExcludeCorpFinance') =>
  denied(
    'ChildAlreadyRelated',
    code,
    `The associated account ${uid} already has other financial relationships and cannot be linked!`,
  );

describe('a relation that is created', () => {
  it('is an invitation between two companies, and is not named in the answer', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    const answer = await attempt(estate, parent, child, { AccountAlias: '研发 *~' });
    expect(answer).toStrictEqual(acknowledged(ACTION));
    const relation = await relationWith(estate, parent, child);
    expect(relation).toMatchObject({
      Status: 100,
      Relation: 4,
      AccountAlias: '研发 *~',
      AuthInfo: [{ AuthList: [1, 3, 5], AuthStatus: 100 }],
    });
    expect(await eventsOf(estate, Number(relation.RelationID.slice(3)))).toMatchObject([
      { event: 'invite', from: 'nothing', to: 'inviting', actor: parent.uid, action: ACTION },
    ]);
  });

  it('is established at once within a company, whether managed or in trusteeship', async () => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    const managed = await create(estate, parent, sibling);
    expect(managed).toMatchObject({ Status: 200, AuthInfo: [{ AuthList: [1, 3, 5], AuthStatus: 200 }] });
    resultOf(await bill(estate, parent, 'DeleteFinancialRelation', naming(managed)));
    const trusted = await create(estate, parent, sibling, trusteeship);
    expect(trusted).toMatchObject({ Status: 200, Relation: 1, AuthInfo: [] });
    expect(trusted.RelationID).not.toBe(managed.RelationID);
  });

  it('may follow one that is past', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    const past = [];
    past.push(await create(estate, parent, child));
    resultOf(await bill(estate, child, 'HandleInvitation', answering(past[0], 3)));
    past.push(await create(estate, parent, child));
    resultOf(await bill(estate, parent, 'CancelInvitation', cancelling(past[1])));
    past.push(await create(estate, parent, child));
    estate.advance(WAIT_MS);
    past.push(await manage(estate));
    resultOf(await bill(estate, parent, 'DeleteFinancialRelation', naming(past[3])));
    past.push(await create(estate, parent, child));
    expect(new Set(past.map(({ RelationID }) => RelationID)).size).toBe(5);
  });
});

describe('what is asked for', () => {
  it.each<Body>([
    { SubAccountID: '$uid', Relation: '4' },
    { AccountAlias: null, Unknown: { Deep: [1] } },
    { AccountAlias: '' },
    { AccountAlias: 42 },
    { AccountAlias: 'x'.repeat(64) },
    { AuthListStr: '5,3,1,3' },
  ])('may be written as %j', async (fields) => {
    const estate = await newParties();
    const { child, parent } = estate;
    const body = JSON.parse(JSON.stringify(fields).replace('$uid', String(child.uid)));
    expect(await create(estate, parent, child, body)).toMatchObject({ AuthInfo: [{ AuthList: [1, 3, 5] }] });
  });

  it.each([['1', [1]] as const, [1, [1]] as const, ['2,1,3,4,5', [1, 2, 3, 4, 5]] as const])(
    'gives the points %j',
    async (AuthListStr, AuthList) => {
      const estate = await newParties();
      const relation = await create(estate, estate.parent, estate.child, { AuthListStr });
      expect(relation.AuthInfo).toMatchObject([{ AuthList }]);
    },
  );

  it('needs a sub account and a type, and points in management only', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    const refusal = (expected: ReturnType<typeof lacks>, fields: Body) =>
      refuses(estate, expected, parent, child, fields);
    await refusal(lacks(ACTION, 'SubAccountID'), { SubAccountID: undefined, Relation: undefined });
    await refusal(lacks(ACTION, 'SubAccountID'), { SubAccountID: null });
    await refusal(lacks(ACTION, 'Relation'), { SubAccountID: 'x', Relation: undefined });
    await refusal(lacks(ACTION, 'AuthListStr'), { AuthListStr: undefined });
    await refusal(lacks(ACTION, 'AuthListStr'), { AuthListStr: '' });
  });

  it.each<[string, unknown[]]>([
    [
      'SubAccountID',
      [0, -1, 1.5, '1.5', '-1', '+1', ' 1', '1e3', 'x', true, [1], { a: 1 }, 2 ** 53, '12345678901234567'],
    ],
    ['Relation', [0, 2, 3, 5, '01x', 'management', 1.5, [4], '4.0']],
    ['AccountAlias', ['x'.repeat(65), 'a\nb', '\u0000', ['a'], { a: 1 }, true]],
    [
      'AuthListStr',
      ['0', '6', '1, 3', ' 1', '1,', ',1', '1,,2', '1;2', '1,2,3,4,5,1', 'x', 0, 1.5, [1, 3], { a: 1 }, true],
    ],
  ])('is refused with another %s', async (field, values) => {
    const estate = await newParties();
    const { child, parent } = estate;
    const before = await estate.dump();
    for (const value of values) {
      const answer = await attempt(estate, parent, child, { [field]: value });
      expect(answer, JSON.stringify(value)).toStrictEqual(isInvalid(ACTION, field));
    }
    expect(await estate.dump()).toEqual(before);
  });
});

describe('no relation is created', () => {
  it('with an account that does not exist: AccountUnknown, nor with oneself: SelfRelation', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    const unknown = isInvalid(ACTION, 'SubAccountID', 'AccountUnknown');
    await refuses(estate, unknown, parent, child, { SubAccountID: 2_000_000_000 });
    await refuses(estate, isInvalid(ACTION, 'SubAccountID', 'SelfRelation'), parent, parent);
  });

  it('of trusteeship between two companies: LegalNamesDiffer', async () => {
    const estate = await newParties();
    const expected = denied(
      'LegalNamesDiffer',
      'TrusteeshipCertificationMismatch',
      'The certified entities of the accounts differ and they cannot be linked with trusteeship!',
    );
    await refuses(estate, expected, estate.parent, estate.child, trusteeship);
  });

  it('with an account that has one of anybody, or an invitation of the same: ChildAlreadyRelated', async () => {
    const estate = await newParties();
    const { child, parent, sibling, stranger } = estate;
    await create(estate, parent, child);
    await refuses(estate, otherRelations(child.uid), parent, child);
    resultOf(await bill(estate, child, 'HandleInvitation', answering(await relationWith(estate, parent, child), 2)));
    for (const by of [parent, stranger]) await refuses(estate, otherRelations(child.uid), by, child);
    await create(estate, parent, sibling);
    await refuses(estate, otherRelations(sibling.uid), parent, sibling);
    const asTrustee = otherRelations(sibling.uid, 'TrusteeshipSubExcludeCorpFinance');
    await refuses(estate, asTrustee, parent, sibling, trusteeship);
  });

  it('by a main account in trusteeship itself: ParentInTrusteeship', async () => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    const grandchild = await estate.account('Acme');
    await create(estate, parent, sibling, trusteeship);
    const expected = denied(
      'ParentInTrusteeship',
      'TrusteeshipMajorExcludeTrusteeshipSub',
      `Account ${sibling.uid} is a linked sub-account of another account and cannot be the trusted master account!`,
    );
    await refuses(estate, expected, sibling, grandchild, trusteeship);
  });

  it('of trusteeship with an account that has others in trusteeship: ChildHoldsTrusteeships', async () => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    await create(estate, sibling, await estate.account('Acme'), trusteeship);
    const expected = denied(
      'ChildHoldsTrusteeships',
      'TrusteeshipSubExcludeTrusteeshipMajor',
      `Account ${sibling.uid} is the trusted master account of other accounts and cannot be linked with trusteeship!`,
    );
    await refuses(estate, expected, parent, sibling, trusteeship);
  });

  it('by a frozen main account: ParentFrozen', async () => {
    const estate = await newParties();
    const { child, parent, sibling } = estate;
    await stand(estate, parent.uid, { frozen: true });
    const message = `Account ${parent.uid} is frozen and cannot be the main account!`;
    const expected = denied('ParentFrozen', 'MajorFrozen', message);
    await refuses(estate, expected, parent, child);
    await refuses(estate, expected, parent, sibling, trusteeship);
  });

  it.each([
    ['parent', { availableBalance: -1 }, 'ParentOverdrawnAtLinking', 'TrusteeshipMajorArrears'],
    ['sibling', { openOrders: 1 }, 'OrdersOpenAtLinking', 'OrderExist'],
    ['sibling', { arrears: 1 }, 'ChildInArrearsAtLinking', 'TrusteeshipSubArrears'],
    ['sibling', { availableBalance: -1 }, 'ChildInArrearsAtLinking', 'TrusteeshipSubArrears'],
  ] as const)('of trusteeship while the %s has %j: %s; in management it is', async (party, standing, reason, code) => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    const { uid } = estate[party];
    const messages = {
      TrusteeshipMajorArrears: `The available balance of account ${uid} is negative, and it cannot be the trusted master account!`,
      OrderExist: `Account ${uid} has outstanding orders and cannot be linked with trusteeship!`,
      TrusteeshipSubArrears: `Account ${uid} is in arrears and cannot be linked with trusteeship!`,
    };
    await stand(estate, uid, standing);
    await refuses(estate, denied(reason, code, messages[code]), parent, sibling, trusteeship);
    expect(await create(estate, parent, sibling)).toMatchObject({ Status: 200 });
  });

  it('of trusteeship is stopped by a balance of nothing', async () => {
    const estate = await newParties();
    const { parent, sibling } = estate;
    for (const { uid } of [parent, sibling]) await stand(estate, uid, { availableBalance: 0 });
    expect(await create(estate, parent, sibling, trusteeship)).toMatchObject({ Status: 200 });
  });
});

describe('an alias', () => {
  const named = { AccountAlias: 'team' };
  const taken = denied('AliasTaken', 'AccountAliasExist', 'The account alias already exists');

  it('names one live relation of a main account only: AliasTaken', async () => {
    const estate = await newParties();
    const { child, parent, sibling, stranger } = estate;
    await create(estate, parent, child, named);
    await refuses(estate, taken, parent, sibling, named);
    await refuses(estate, taken, parent, sibling, { ...named, ...trusteeship });
    await create(estate, stranger, sibling, named);
  });

  it('distinguishes letters, and no alias is not one', async () => {
    const estate = await newParties();
    const { child, parent, sibling } = estate;
    await create(estate, parent, child);
    await create(estate, parent, sibling);
    await create(estate, parent, await estate.account('Acme'), named);
    await create(estate, parent, await estate.account('Acme'), { AccountAlias: 'Team' });
  });

  it.each(['declined', 'withdrawn', 'expired', 'ended'])('is free again once its relation is %s', async (how) => {
    const estate = await newParties();
    const { child, parent, sibling } = estate;
    const relation = how === 'ended' ? await manage(estate, named) : await create(estate, parent, child, named);
    if (how === 'declined') resultOf(await bill(estate, child, 'HandleInvitation', answering(relation, 3)));
    if (how === 'withdrawn') resultOf(await bill(estate, parent, 'CancelInvitation', cancelling(relation)));
    if (how === 'expired') estate.advance(WAIT_MS);
    if (how === 'ended') resultOf(await bill(estate, parent, 'DeleteFinancialRelation', naming(relation)));
    await create(estate, parent, sibling, named);
    await refuses(estate, taken, parent, child, named);
  });

  it('is kept by the same sub account when it is invited again, and again', async () => {
    const estate = await newParties();
    const { child, parent, sibling } = estate;
    for (const _ of ['once', 'twice', 'thrice']) {
      const relation = await create(estate, parent, child, named);
      await refuses(estate, taken, parent, sibling, named);
      resultOf(await bill(estate, child, 'HandleInvitation', answering(relation, 3)));
    }
    await create(estate, parent, sibling, named);
  });

  it('is free again once its relation is called otherwise', async () => {
    const estate = await newParties();
    const { call, parent, sibling } = estate;
    const { RelationID } = await manage(estate, named);
    const rename = (ChildNick: string) => ({
      ...tracing,
      RelationId: Number(RelationID.slice(3)),
      RelationOperation: 'ADD',
      ChildNick,
    });
    succeeded(await call(parent, 'ModifyAccountRelation', rename('crew')));
    await create(estate, parent, sibling, named);
  });

  it('that came about in the other dialect is not claimed', async () => {
    const estate = await newParties();
    const { child, parent, sibling } = estate;
    await add(estate, parent, child, { PermissionCodes: ['CHECK_FINANCE_INFO'], ChildNick: 'team' });
    await create(estate, parent, sibling, named);
  });
});
