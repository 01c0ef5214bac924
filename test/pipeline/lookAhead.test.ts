import { beforeEach, describe, expect, it } from 'vitest';
import { end } from '#lib/store/relations/ending.ts';
import { lookAhead, Stale } from '#lib/table/commit.ts';
import { bill } from '#test/billing/calls.ts';
import { newParties, type Parties, proposal, tracing } from '#test/bss/parties.ts';
import { callBy } from '#test/support/callBy.ts';
import type { Answer, Params, Signer } from '#test/support/estate.ts';
import type { SentRequest } from '#test/support/requests.ts';

const codes = ['CHECK_FINANCE_INFO'];
const others = ['FORBID_WITHDRAW_CASH'];
const look: SentRequest = { command: 'GetItemCommand', items: 0 };
/** The record of the bytes of a refused call: it names no relation. */
const record: SentRequest = { command: 'TransactWriteItemsCommand', items: 1 };
const write: SentRequest = { command: 'TransactWriteItemsCommand', items: expect.any(Number) };

let estate: Parties;
let RelationId: number;

beforeEach(async () => {
  estate = await newParties();
  const { call, child, parent, stranger } = estate;
  const { body } = await call(parent, 'AddAccountRelation', proposal(parent, child, { PermissionCodes: codes }));
  RelationId = body.Data.RelationId;
  // Each has used its key, so that this is read.
  for (const signer of [child, parent, stranger]) await call(signer, 'QueryRelationList', { UserId: signer.uid });
});

/** A call, and what it asked of the table. */
async function asked(call: () => Promise<Answer>): Promise<Answer & { requests: readonly SentRequest[] }> {
  const before = estate.requests.length;
  const answer = await call();
  return { ...answer, requests: estate.requests.slice(before) };
}

const confirm = (by: Signer, PermissionCodes = codes) =>
  asked(() =>
    estate.call(by, 'ConfirmRelation', { ...tracing, RelationId, ConfirmCode: 'child_agree', PermissionCodes }),
  );

/** Calls that name a relation by its id, as anybody may. */
const named: Readonly<Record<string, () => Promise<Answer>>> = {
  ConfirmRelation: () => {
    const answer = { ConfirmCode: 'child_agree', PermissionCodes: codes };
    return estate.call(estate.stranger, 'ConfirmRelation', { ...tracing, RelationId, ...answer });
  },
  RelieveAccountRelation: () => estate.call(estate.stranger, 'RelieveAccountRelation', { ...tracing, RelationId }),
  HandleInvitation: () =>
    billed('HandleInvitation', { InvitationType: 1, Action: 2, MajorAccountID: estate.parent.uid }),
  CancelInvitation: () => billed('CancelInvitation', { InvitationType: 1, SubAccountID: estate.child.uid }),
  DeleteFinancialRelation: () => billed('DeleteFinancialRelation', { SubAccountID: estate.child.uid }),
};

function billed(action: string, params: Params): Promise<Answer> {
  return bill(estate, estate.stranger, action, { RelationID: `rel${RelationId}`, Relation: 4, ...params });
}

describe('of a stranger who was refused, the next call', () => {
  it.each(Object.keys(named))('begins no transaction on the relation: %s', async (action) => {
    const call = named[action] ?? (() => Promise.reject(new Error(`there is no ${action}`)));
    const first = await asked(call);
    const second = await asked(call);
    expect(first.status).toBeGreaterThanOrEqual(400);
    expect(first.requests.at(0)).not.toEqual(look);
    expect(second.requests).toEqual([look, record]);
    expect([second.status, second.body.Code]).toEqual([first.status, first.body.Code]);
  });

  it('holds up nobody who is a party', async () => {
    await named['ConfirmRelation']?.();
    expect(await confirm(estate.child)).toMatchObject({ status: 200, requests: [write] });
  });
});

describe('of a party that was refused, the next call', () => {
  it('is decided by what is so then, after one look', async () => {
    expect((await confirm(estate.child, others)).body.Reason).toBe('PermissionsDiffer');
    expect(await confirm(estate.child)).toMatchObject({ status: 200, requests: [look, write] });
  });

  it('is refused for what stands against it then', async () => {
    await confirm(estate.child);
    expect(await confirm(estate.child)).toMatchObject({ status: 400, body: { Reason: 'RelationActive' } });
    expect(await confirm(estate.child)).toMatchObject({ body: { Reason: 'RelationActive' }, requests: [look, record] });
  });

  it('looks no more once the key is read again', async () => {
    const { child, deps } = estate;
    expect((await confirm(child, others)).body.Reason).toBe('PermissionsDiffer');
    deps.keyring.forget(child.keyId);
    // This is the look at the key.
    expect((await confirm(child)).requests).toEqual([look, write]);
    expect(deps.keyring.wasRefused(child.keyId)).toBe(false);
  });
});

describe('a look at the row of a write', () => {
  it('throws what the write is bound to be refused with, and nothing where it would only be made again', async () => {
    const { deps, stranger } = estate;
    const { table } = deps;
    const ending = end({ relationId: RelationId, call: callBy(estate, stranger.uid), named: {} });
    await expect(lookAhead(table, ending)).rejects.toMatchObject({ reason: 'RelationUnknown' });
    await lookAhead(
      table,
      ending.map((item) => ({ ...item, refused: () => new Stale() })),
    );
  });
});
