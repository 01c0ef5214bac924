import { beforeEach, describe, expect, it } from 'vitest';
import { job as expireInvitations } from '#functions/workers/expireInvitations.ts';
import { type Estate, newEstate, type Params, type Signer } from '#test/support/estate.ts';
import type { SentRequest } from '#test/support/requests.ts';

const two = ['CHECK_FINANCE_INFO', 'FORBID_WITHDRAW_CASH'];
const one = two.slice(0, 1);
const transaction = (items: number): SentRequest => ({ command: 'TransactWriteItemsCommand', items });
const read = (command: string): SentRequest => ({ command, items: 0 });

let estate: Estate;
let parent: Signer;
let child: Signer;

/** Accounts whose keys this process has used already. */
beforeEach(async () => {
  estate = await newEstate();
  [parent, child] = [await estate.account('Alpha'), await estate.account('Beta')];
  for (const signer of [parent, child]) await estate.call(signer, 'QueryRelationList', { UserId: signer.uid });
});

/** What a call, which must succeed, asked of DynamoDB. */
async function tripsOf(signer: Signer, action: string, params: Params): Promise<readonly SentRequest[]> {
  const before = estate.requests.length;
  const { status, body } = await estate.call(signer, action, { RequestId: 'r', ...params });
  expect(status, JSON.stringify(body)).toBe(200);
  return estate.requests.slice(before);
}

function between(member: Signer): Params {
  return { RelationType: 'enterprise_group', ParentUserId: parent.uid, ChildUserId: member.uid };
}

async function invite(member = child, terms: Params = { PermissionCodes: two }): Promise<Params> {
  const { body } = await estate.call(parent, 'AddAccountRelation', { RequestId: 'r', ...between(member), ...terms });
  return { RelationId: body.Data.RelationId };
}

async function relate(): Promise<Params> {
  const relation = await invite();
  await tripsOf(child, 'ConfirmRelation', { ...relation, ConfirmCode: 'child_agree', PermissionCodes: two });
  return relation;
}

async function change(): Promise<Params> {
  const relation = await relate();
  await tripsOf(parent, 'ModifyAccountRelation', { ...relation, RelationOperation: 'DELETE', PermissionCodes: one });
  return relation;
}

describe('with its key in memory, one round trip is', () => {
  it.each(['child_agree', 'child_disagree', 'parent_cancel'])('the answer %s to an invitation', async (ConfirmCode) => {
    const signer = ConfirmCode === 'parent_cancel' ? parent : child;
    const relation = await invite();
    const trips = await tripsOf(signer, 'ConfirmRelation', { ...relation, ConfirmCode, PermissionCodes: two });
    expect(trips).toHaveLength(1);
    expect(trips[0]?.command).toBe('TransactWriteItemsCommand');
    expect(trips[0]?.items).toBeLessThanOrEqual(4);
  });

  it('the refusal of such an answer, and another its record', async () => {
    const relation = await invite();
    const before = estate.requests.length;
    const params = { ...relation, ConfirmCode: 'child_agree', PermissionCodes: one, RequestId: 'r' };
    expect((await estate.call(child, 'ConfirmRelation', params)).body.Reason).toBe('PermissionsDiffer');
    expect(estate.requests.slice(before)).toEqual([transaction(expect.any(Number)), transaction(1)]);
  });

  it('the end of a management relation', async () => {
    const trips = await tripsOf(parent, 'RelieveAccountRelation', await relate());
    expect(trips).toEqual([transaction(expect.any(Number))]);
  });

  it('a relation read', async () => {
    const relation = await invite();
    expect(await tripsOf(child, 'GetAccountRelation', relation)).toEqual([read('GetItemCommand')]);
    expect(await tripsOf(child, 'QueryPermissionList', relation)).toEqual([read('GetItemCommand')]);
  });
});

describe('at most two round trips are', () => {
  it('a new relation, of a child with a past or without', async () => {
    const trips = await tripsOf(parent, 'AddAccountRelation', { ...between(child), PermissionCodes: two });
    expect(trips).toEqual([read('BatchGetItemCommand'), transaction(expect.any(Number))]);
    estate.advance(16 * 24 * 60 * 60 * 1000);
    await expireInvitations.run({ deps: estate.deps }, () => 1000);
    const again = await tripsOf(parent, 'AddAccountRelation', { ...between(child), PermissionCodes: two });
    expect(again).toEqual([read('BatchGetItemCommand'), transaction(expect.any(Number))]);
    estate.advance(16 * 24 * 60 * 60 * 1000);
    // Until the sweep has come by, an overdue invitation in the way is expired on a second attempt.
    const unswept = await tripsOf(parent, 'AddAccountRelation', { ...between(child), PermissionCodes: two });
    expect(unswept.slice(0, -1)).toEqual([read('BatchGetItemCommand'), transaction(expect.any(Number))]);
    expect(unswept).toHaveLength(3);
  });

  it('a trusteeship', async () => {
    const sibling = await estate.account('Alpha');
    const trips = await tripsOf(parent, 'AddAccountRelation', { ...between(sibling), RoleCodes: ['trusteeship'] });
    expect(trips).toEqual([read('BatchGetItemCommand'), transaction(expect.any(Number))]);
  });

  it('the end of a trusteeship', async () => {
    const relation = await invite(await estate.account('Alpha'), { RoleCodes: ['trusteeship'] });
    expect((await tripsOf(parent, 'RelieveAccountRelation', relation)).length).toBeLessThanOrEqual(2);
  });

  it('a change of permissions', async () => {
    const relation = await relate();
    const params = { ...relation, RelationOperation: 'DELETE', PermissionCodes: one };
    expect((await tripsOf(parent, 'ModifyAccountRelation', params)).length).toBeLessThanOrEqual(2);
  });

  it.each(['child_agree', 'child_disagree', 'parent_cancel'])(
    'the answer %s to a pending change',
    async (ConfirmCode) => {
      const signer = ConfirmCode === 'parent_cancel' ? parent : child;
      const params = { ...(await change()), ConfirmCode, PermissionCodes: two.slice(1) };
      const trips = await tripsOf(signer, 'ConfirmRelation', params);
      expect(trips.length).toBeLessThanOrEqual(2);
      expect(trips.at(-1)?.items).toBeLessThanOrEqual(4);
    },
  );
});

describe('who is related is not told by what a call asks of the table', () => {
  it.each(['ConfirmRelation', 'ModifyAccountRelation', 'RelieveAccountRelation'])(
    '%s by two parties of whom the caller is neither',
    async (action) => {
      const stranger = await estate.account('Gamma');
      await estate.call(stranger, 'QueryRelationList', { UserId: stranger.uid });
      const told = { ConfirmCode: 'child_agree', RelationOperation: 'ADD', PermissionCodes: two, RequestId: 'r' };
      const asked = async () => {
        const before = estate.requests.length;
        const { body } = await estate.call(stranger, action, { ...between(child), ...told });
        return { reason: body.Reason, trips: estate.requests.slice(before) };
      };
      const unrelated = await asked();
      await relate();
      expect(await asked()).toEqual(unrelated);
      expect(unrelated).toEqual({ reason: 'RelationUnknown', trips: [transaction(1)] });
    },
  );
});

describe('three round trips are', () => {
  it.each([
    ['RELATED'],
    ['CONFIRMING'],
    ['CONNECTION_CANCELED'],
    ['RELATED', 'CONFIRMING', 'REJECTED', 'CONNECTION_CANCELED', 'CONNECTION_MASTER_CANCEL'],
  ])('a list that fits its page, under %s %s %s %s %s', async (...StatusList) => {
    await relate();
    await invite(await estate.account('Gamma'));
    for (const signer of [parent, child]) {
      const trips = await tripsOf(signer, 'QueryRelationList', { UserId: signer.uid, StatusList });
      expect(trips).toEqual([read('QueryCommand'), read('QueryCommand'), read('QueryCommand')]);
    }
  });
});
