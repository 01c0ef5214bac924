import { beforeEach, describe, expect, it } from 'vitest';
import {
  answering,
  type Body,
  bill,
  cancelling,
  create,
  manage,
  manageChanging,
  naming,
  offer,
  relationWith,
  resultOf,
} from '#test/billing/calls.ts';
import { newParties, type Parties } from '#test/bss/parties.ts';
import type { Signer } from '#test/support/estate.ts';
import type { SentRequest } from '#test/support/requests.ts';

const transaction = (items: number): SentRequest => ({ command: 'TransactWriteItemsCommand', items });
const read = (command: string): SentRequest => ({ command, items: 0 });

let estate: Parties;

/** Accounts whose keys this process has used already. */
beforeEach(async () => {
  estate = await newParties();
  for (const signer of [estate.parent, estate.child]) await bill(estate, signer, 'ListInvitation');
});

/** What a call, which must succeed, asked of DynamoDB. */
async function tripsOf(signer: Signer, action: string, body: Body): Promise<readonly SentRequest[]> {
  const before = estate.requests.length;
  resultOf(await bill(estate, signer, action, body));
  return estate.requests.slice(before);
}

describe('with its key in memory, one round trip is', () => {
  it.each([2, 3] as const)('the answer %i to an invitation', async (Action) => {
    const body = answering(await create(estate, estate.parent, estate.child), Action);
    // The relation, the record and the signature's; accepting takes the child's slot too.
    expect(await tripsOf(estate.child, 'HandleInvitation', body)).toEqual([transaction(Action === 2 ? 4 : 3)]);
  });

  it.each([2, 3] as const)('the answer %i to a change of points', async (Action) => {
    const body = answering(await manageChanging(estate), Action);
    expect(await tripsOf(estate.child, 'HandleInvitation', body)).toEqual([transaction(3)]);
  });

  it('the cancelling of either', async () => {
    const invited = await create(estate, estate.parent, estate.child);
    expect(await tripsOf(estate.parent, 'CancelInvitation', cancelling(invited))).toEqual([transaction(3)]);
    const changing = await manageChanging(estate);
    expect(await tripsOf(estate.parent, 'CancelInvitation', cancelling(changing))).toEqual([transaction(3)]);
  });

  it('the end of a management relation, nothing lent', async () => {
    const body = naming(await manage(estate));
    expect(await tripsOf(estate.parent, 'DeleteFinancialRelation', body)).toEqual([transaction(3)]);
  });

  it('the end of a trusteeship, under all its guards', async () => {
    const { parent, sibling } = estate;
    const body = naming(await create(estate, parent, sibling, { Relation: 1, AuthListStr: undefined }));
    expect(await tripsOf(parent, 'DeleteFinancialRelation', body)).toEqual([transaction(6)]);
  });

  it('a refusal by a guard, and another its record', async () => {
    const { parent } = estate;
    const body = naming(await manageChanging(estate));
    const before = estate.requests.length;
    expect((await bill(estate, parent, 'DeleteFinancialRelation', body)).status).toBe(400);
    expect(estate.requests.slice(before)).toEqual([transaction(3), transaction(1)]);
  });
});

describe('at most two round trips are', () => {
  it('a new relation, of management and of trusteeship, with an alias', async () => {
    const { child, parent, sibling } = estate;
    const named = { AccountAlias: 'team' };
    const trusteeship = { Relation: 1, AuthListStr: undefined, AccountAlias: 'crew' };
    const twice = [read('BatchGetItemCommand'), transaction(expect.any(Number))];
    expect(await tripsOf(parent, 'CreateFinancialRelation', offer(child, named))).toEqual(twice);
    expect(await tripsOf(parent, 'CreateFinancialRelation', offer(sibling, trusteeship))).toEqual(twice);
    await tripsOf(parent, 'DeleteFinancialRelation', naming(await relationWith(estate, parent, sibling)));
    expect(await tripsOf(parent, 'CreateFinancialRelation', offer(sibling, trusteeship))).toEqual(twice);
  });

  it('a change of points', async () => {
    const { RelationID } = await manage(estate);
    const trips = await tripsOf(estate.parent, 'UpdateAuth', { RelationID, AuthListStr: '2' });
    expect(trips).toEqual([read('GetItemCommand'), transaction(3)]);
  });

  it('a clean-up', async () => {
    const relation = await manage(estate);
    resultOf(await bill(estate, estate.parent, 'DeleteFinancialRelation', naming(relation)));
    const trips = await tripsOf(estate.parent, 'CleanUpFinancialRelation', naming(relation));
    expect(trips).toEqual([read('GetItemCommand'), transaction(5)]);
  });

  it('the invitations received', async () => {
    await manageChanging(estate);
    const trips = await tripsOf(estate.child, 'ListInvitation', {});
    expect(trips).toEqual([read('QueryCommand'), read('QueryCommand')]);
  });
});
