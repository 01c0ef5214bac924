import { describe, expect, it } from 'vitest';
import { allStatuses, atOnce, DAY_MS, stored, tally } from '#test/races/answers.ts';
import { times } from '#test/support/breadth.ts';
import { type Estate, newEstate, type Signer } from '#test/support/estate.ts';

const offered = ['CHECK_TARGET_CONSUMPTION', 'FORBID_WITHDRAW_CASH'];

const codes = [
  'SYNCHRONIZE_FINANCE_IDENTITY',
  'SYNCHRONIZE_FINANCE_DISCOUNT_POLICY_TO_TARGET',
  'FORBID_WITHDRAW_CASH',
  'FORBID_MANAGE_INVOICE',
  'CHECK_FINANCE_INFO',
  'MANAGE_TARGET_INVOICE',
  'CHECK_TARGET_CONSUMPTION',
];

/** A request to add a relation, by its parent. */
function add(estate: Estate, parent: Signer, child: Signer, terms: object = { PermissionCodes: offered }) {
  return estate.call(parent, 'AddAccountRelation', {
    RelationType: 'enterprise_group',
    ParentUserId: parent.uid,
    ChildUserId: child.uid,
    RequestId: 'r',
    ...terms,
  });
}

async function added(...request: Parameters<typeof add>): Promise<number> {
  const { status, body } = await add(...request);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.Data.RelationId;
}

function confirm(estate: Estate, signer: Signer, RelationId: number, ConfirmCode: string, codes = offered) {
  return estate.call(signer, 'ConfirmRelation', { RelationId, ConfirmCode, RequestId: 'r', PermissionCodes: codes });
}

async function statusOf(estate: Estate, signer: Signer, RelationId: number): Promise<string> {
  const { body } = await estate.call(signer, 'GetAccountRelation', { RelationId });
  return body.Data.Status;
}

async function eventsOf(estate: Estate, relationId: number): Promise<unknown[]> {
  const events = await stored(estate, 'event');
  return events.filter((event) => event['id'] === relationId).map(({ event }) => event);
}

async function totalOf(estate: Estate, signer: Signer, StatusList: readonly string[] = []): Promise<number> {
  const { body } = await estate.call(signer, 'QueryRelationList', { UserId: signer.uid, StatusList });
  return body.Data.TotalCount;
}

describe('one invitation answered fifty times at once', () => {
  const outcomes = {
    child_agree: { status: 'RELATED', event: 'accept', lost: 'RelationActive' },
    child_disagree: { status: 'REJECTED', event: 'decline', lost: 'RelationDeclined' },
    parent_cancel: { status: 'CONNECTION_MASTER_CANCEL', event: 'withdraw', lost: 'RelationWithdrawn' },
  } as const;
  const answersSent = ['child_agree', 'parent_cancel', 'child_disagree'] as const;

  it('has one outcome, and every other call is told of it', async () => {
    const estate = await newEstate();
    const [parent, child] = [await estate.account('Alpha'), await estate.account('Beta')];
    const id = await added(estate, parent, child);
    const answers = await atOnce(50, (index) => {
      const code = answersSent[index % 3] ?? 'child_agree';
      return confirm(estate, code === 'parent_cancel' ? parent : child, id, code);
    });
    const status = await statusOf(estate, child, id);
    const outcome = Object.values(outcomes).find((possible) => possible.status === status);
    expect(tally(answers)).toEqual({ done: 1, [String(outcome?.lost)]: 49 });
    expect(await eventsOf(estate, id)).toEqual(['invite', outcome?.event]);
    expect(await totalOf(estate, parent, allStatuses)).toBe(1);
    expect(await totalOf(estate, parent)).toBe(status === 'RELATED' ? 1 : 0);
  });

  it('has one outcome as a pending change too, and it stays in effect', async () => {
    const estate = await newEstate();
    const [parent, child] = [await estate.account('Alpha'), await estate.account('Beta')];
    const id = await added(estate, parent, child);
    await confirm(estate, child, id, 'child_agree');
    const change = { RelationId: id, RelationOperation: 'DELETE', RequestId: 'r', PermissionCodes: offered.slice(1) };
    await estate.call(parent, 'ModifyAccountRelation', change);
    const answers = await atOnce(50, (index) => {
      const code = answersSent[index % 3] ?? 'child_agree';
      return confirm(estate, code === 'parent_cancel' ? parent : child, id, code, offered.slice(0, 1));
    });
    expect(tally(answers)).toEqual({ done: 1, RelationActive: 49 });
    expect(await statusOf(estate, child, id)).toBe('RELATED');
    expect(await eventsOf(estate, id)).toHaveLength(4);
  });

  it('is ended once by fifty calls to relieve it', async () => {
    const estate = await newEstate();
    const [parent, child] = [await estate.account('Alpha'), await estate.account('Alpha')];
    const id = await added(estate, parent, child, { RoleCodes: ['trusteeship'] });
    const relieve = { RelationId: id, RequestId: 'r' };
    const answers = await atOnce(50, () => estate.call(parent, 'RelieveAccountRelation', relieve));
    expect(tally(answers)).toEqual({ done: 1, RelationEnded: 49 });
    expect(await eventsOf(estate, id)).toEqual(['establish', 'end']);
    // An account that still counts a trusteeship, or counts one too few, cannot be put in trusteeship itself.
    expect((await add(estate, child, parent, { RoleCodes: ['trusteeship'] })).body).toMatchObject({ Success: true });
  });
});

describe('one child invited by fifty parents at once', () => {
  it('has fifty invitations, and of fifty acceptances at once one wins, and the others are told of it', async () => {
    const estate = await newEstate();
    const child = await estate.account('Beta');
    const parents = await Promise.all(Array.from({ length: 50 }, (_, index) => estate.account(`Alpha ${index}`)));
    const invitations = await Promise.all(parents.map((parent) => added(estate, parent, child)));
    expect(await totalOf(estate, child, ['CONFIRMING'])).toBe(50);
    const answers = await Promise.all(invitations.map((id) => confirm(estate, child, id, 'child_agree')));
    expect(tally(answers)).toEqual({ done: 1, ChildAlreadyRelated: 49 });
    const winner = answers.findIndex(({ status }) => status === 200);
    const inEffect = await Promise.all(parents.map((parent) => totalOf(estate, parent)));
    expect(inEffect).toEqual(parents.map((_, index) => (index === winner ? 1 : 0)));
    expect((await stored(estate, 'event')).filter(({ event }) => event === 'accept')).toHaveLength(1);
    expect(await totalOf(estate, child)).toBe(1);
    expect(await totalOf(estate, child, ['CONFIRMING'])).toBe(49);
  });

  it('has one invitation of each parent that asks twice, also where the last of each is overdue', async () => {
    const estate = await newEstate();
    const child = await estate.account('Beta');
    const parents = await Promise.all(Array.from({ length: 12 }, (_, index) => estate.account(`Alpha ${index}`)));
    const overdue = await Promise.all(parents.map((parent) => added(estate, parent, child)));
    estate.advance(15 * DAY_MS);
    const answers = await Promise.all([...parents, ...parents].map((parent) => add(estate, parent, child)));
    expect(tally(answers)).toEqual({ done: 12, ChildAlreadyRelated: 12 });
    expect(await totalOf(estate, child, ['CONFIRMING'])).toBe(12);
    expect(await totalOf(estate, child, allStatuses)).toBe(24);
    for (const id of overdue) expect(await eventsOf(estate, id)).toEqual(['invite', 'expire']);
  });

  it('is never bound twice, whichever of an end, acceptances and new parents comes first', async () => {
    const estate = await newEstate();
    for (let round = 0; round < times(12, 4); round++) {
      const [child, parent, rival, sibling] = await Promise.all(
        ['Beta', 'Alpha', 'Gamma', 'Beta'].map((legalName) => estate.account(legalName)),
      );
      if (!child || !parent || !rival || !sibling) throw new Error('there are four accounts');
      const [first, second] = [await added(estate, parent, child), await added(estate, rival, child)];
      await confirm(estate, child, first, 'child_agree');
      const calls = [
        () => estate.call(parent, 'RelieveAccountRelation', { RelationId: first, RequestId: 'r' }),
        () => confirm(estate, child, second, 'child_agree'),
        () => add(estate, sibling, child),
        () => add(estate, parent, child),
      ];
      const ordered = [...calls.slice(round % 4), ...calls.slice(0, round % 4)];
      const answers = await Promise.all(ordered.map((call) => call()));
      for (const { body, status } of answers) if (status !== 200) expect(body.Reason).toBe('ChildAlreadyRelated');
      const { body } = await estate.call(child, 'QueryRelationList', { UserId: child.uid });
      expect(body.Data.TotalCount, `round ${round}`).toBeLessThanOrEqual(1);
    }
  });
});

describe('fifty children related to one parent at once', () => {
  it('are all counted', async () => {
    const estate = await newEstate();
    const parent = await estate.account('Alpha');
    const children = await Promise.all(Array.from({ length: 50 }, () => estate.account('Alpha')));
    const answers = await Promise.all(children.map((child) => add(estate, parent, child)));
    expect(tally(answers)).toEqual({ done: 50 });
    expect(await totalOf(estate, parent)).toBe(50);
    expect(await totalOf(estate, parent, allStatuses)).toBe(50);
  });
});

describe('changes by one parent at once', () => {
  it('never lose one another', async () => {
    const estate = await newEstate();
    const [parent, child] = [await estate.account('Alpha'), await estate.account('Alpha')];
    const id = await added(estate, parent, child, { PermissionCodes: codes.slice(0, 1) });
    const modify = (code: string) =>
      estate.call(parent, 'ModifyAccountRelation', {
        RelationId: id,
        RelationOperation: 'ADD',
        RequestId: 'r',
        PermissionCodes: [code],
      });
    const answers = await Promise.all([...codes, ...codes, ...codes].map(modify));
    expect(tally(answers)).toEqual({ done: 21 });
    const { body } = await estate.call(child, 'QueryPermissionList', { RelationId: id });
    expect(body.Data.PermissionList).toHaveLength(codes.length);
    expect(await eventsOf(estate, id)).toEqual(['establish', ...codes.slice(1).map(() => 'change')]);
  });

  it('are proposed once when the child has to agree', async () => {
    const estate = await newEstate();
    const [parent, child] = [await estate.account('Alpha'), await estate.account('Beta')];
    const id = await added(estate, parent, child);
    await confirm(estate, child, id, 'child_agree');
    const answers = await atOnce(20, () =>
      estate.call(parent, 'ModifyAccountRelation', {
        RelationId: id,
        RelationOperation: 'ADD',
        RequestId: 'r',
        PermissionCodes: ['MANAGE_TARGET_INVOICE'],
      }),
    );
    expect(tally(answers)).toEqual({ done: 1, RelationChanging: 19 });
    expect(await eventsOf(estate, id)).toEqual(['invite', 'accept', 'proposeChange']);
  });
});

describe('a chain of trusteeships', () => {
  it('never comes about, whoever is first', async () => {
    const ROUNDS = times(15, 6);
    const terms = { RoleCodes: ['trusteeship'] };
    const estate = await newEstate();
    for (let round = 0; round < ROUNDS; round++) {
      const accounts = await Promise.all([1, 2, 3].map(() => estate.account('Alpha')));
      const [parent, middle, child] = accounts;
      if (!parent || !middle || !child) throw new Error('there are three accounts');
      const pairs = [
        [parent, middle],
        [middle, child],
      ] as const;
      const ordered = round % 2 === 0 ? pairs : pairs.toReversed();
      const answers = await Promise.all(ordered.map(([by, of]) => add(estate, by, of, terms)));
      const [lost] = answers.filter(({ status }) => status !== 200);
      expect(tally(answers)['done'], `round ${round}`).toBe(1);
      expect(['ParentInTrusteeship', 'ChildHoldsTrusteeships']).toContain(lost?.body.Reason);
    }
    expect(await stored(estate, 'relation')).toHaveLength(ROUNDS);
  });
});
