import { describe, expect, it } from 'vitest';
import type { Deps } from '#lib/deps.ts';
import { bill, create, offer, relationWith, resultOf, sent, signedJson } from '#test/billing/calls.ts';
import {
  add,
  confirm,
  eventsOf,
  newParties,
  type Parties,
  proposal,
  relate,
  relationOf,
  relieve,
  succeeded,
  WAIT_MS,
} from '#test/bss/parties.ts';
import type { Answer, Params, Signer } from '#test/support/estate.ts';
import { signedCall } from '#test/support/estate.ts';

const codes = ['CHECK_TARGET_CONSUMPTION'];
const offered = { PermissionCodes: codes };

/** A process of the estate whose domain clock is off. */
function offBy(ms: number, { deps }: Parties): Deps {
  return { ...deps, ports: { ...deps.ports, now: () => deps.ports.now() + ms } };
}

/** A process in which something happens between what is read before a relation is opened and the write that opens it. */
function interrupted({ deps }: Parties, meanwhile: () => Promise<unknown>): Deps {
  let happens: typeof meanwhile | undefined = meanwhile;
  const prospect: Deps['relations']['prospect'] = async (...parties) => {
    const found = await deps.relations.prospect(...parties);
    await happens?.();
    happens = undefined;
    return found;
  };
  return { ...deps, relations: { ...deps.relations, prospect } };
}

async function answered({ send }: Parties, process: Deps, by: Signer, action: string, params: Params): Promise<Answer> {
  const response = await send(...signedCall(by, action, '2017-12-14', params), process);
  return { status: response.status, body: await response.json() };
}

const accepting = (RelationId: number) => ({ RelationId, RequestId: 'r', ConfirmCode: 'child_agree', ...offered });

describe('an overdue invitation that gave way to another', () => {
  it('cannot be accepted by a process whose clock is behind', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    const first = await add(estate, parent, child, offered);
    estate.advance(WAIT_MS - 1000);
    const invited = proposal(parent, child, offered);
    const ahead = await answered(estate, offBy(1000, estate), parent, 'AddAccountRelation', invited);
    const second = succeeded(ahead).Data.RelationId;
    const late = await answered(estate, offBy(-1000, estate), child, 'ConfirmRelation', accepting(first));
    expect(late.body).toMatchObject({ Reason: 'RelationExpired' });
    expect((await eventsOf(estate, first)).map(({ event, actor }) => [event, actor])).toEqual([
      ['invite', parent.uid],
      ['expire', 'clock'],
    ]);
    succeeded(await confirm(estate, child, second, 'child_agree', codes));
    const { body } = await estate.call(child, 'QueryRelationList', { UserId: child.uid });
    expect(body.Data).toMatchObject({ TotalCount: 1, FinancialRelationInfoList: [{ RelationId: second }] });
  });

  it('cannot be accepted either by a call that set out in time', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    const first = await add(estate, parent, child, offered);
    estate.advance(WAIT_MS);
    const second = await add(estate, parent, child, offered);
    const inTime = await answered(estate, offBy(-1, estate), child, 'ConfirmRelation', accepting(first));
    expect(inTime.body).toMatchObject({ Reason: 'RelationExpired' });
    expect(await relationOf(estate, child, second)).toMatchObject({ Status: 'CONFIRMING' });
  });

  it('does not leave its alias to two', async () => {
    const estate = await newParties();
    const { child, parent, sibling } = estate;
    const first = await create(estate, parent, child, { AccountAlias: 'team' });
    estate.advance(WAIT_MS);
    await create(estate, parent, sibling, { AccountAlias: 'team' });
    const { MajorAccountID, Relation, RelationID } = first;
    const body = { InvitationType: 1, Action: 2, MajorAccountID, Relation, RelationID };
    const late = await sent(estate, signedJson(child, 'HandleInvitation', body), offBy(-1, estate));
    expect(late.body.ResponseMetadata.Error).toMatchObject({ Reason: 'RelationExpired' });
    expect(await relationWith(estate, parent, child)).toMatchObject({ Status: 400 });
  });

  it('is expired once, whichever of the sweep and a new invitation comes first', async () => {
    const estate = await newParties();
    const { child, parent } = estate;
    const first = await add(estate, parent, child, offered);
    estate.advance(WAIT_MS);
    const rival = () => add(estate, parent, child, offered);
    const process = interrupted(estate, rival);
    const refused = await answered(estate, process, parent, 'AddAccountRelation', proposal(parent, child, offered));
    expect(refused.body).toMatchObject({ Reason: 'ChildAlreadyRelated' });
    expect((await eventsOf(estate, first)).map(({ event }) => event)).toEqual(['invite', 'expire']);
  });
});

describe('what was read before a relation is opened and has changed since', () => {
  it('is read again: a child that was related and let go meanwhile is free', async () => {
    const estate = await newParties();
    const { child, parent, stranger } = estate;
    const process = interrupted(estate, async () => {
      const id = await relate(estate, stranger, child, codes);
      succeeded(await relieve(estate, stranger, id));
    });
    succeeded(await answered(estate, process, parent, 'AddAccountRelation', proposal(parent, child, offered)));
  });

  it('is read again: a trustee that is related meanwhile is in no trusteeship', async () => {
    const estate = await newParties();
    const { parent, sibling, stranger } = estate;
    const process = interrupted(estate, () => relate(estate, stranger, parent, codes));
    const trusteeship = proposal(parent, sibling, { RoleCodes: ['trusteeship'] });
    succeeded(await answered(estate, process, parent, 'AddAccountRelation', trusteeship));
  });

  it('is read again: an alias that was claimed and given up meanwhile is free', async () => {
    const estate = await newParties();
    const { child, parent, sibling } = estate;
    const process = interrupted(estate, async () => {
      const { Relation, RelationID, SubAccountID } = await create(estate, parent, child, { AccountAlias: 'team' });
      const body = { InvitationType: 1, RelationID, SubAccountID, Relation };
      resultOf(await bill(estate, parent, 'CancelInvitation', body));
    });
    const request = signedJson(parent, 'CreateFinancialRelation', offer(sibling, { AccountAlias: 'team' }));
    resultOf(await sent(estate, request, process));
  });

  it('is refused for what it has become: a child that was related meanwhile', async () => {
    const estate = await newParties();
    const { child, parent, stranger } = estate;
    const process = interrupted(estate, () => relate(estate, stranger, child, codes));
    const refused = await answered(estate, process, parent, 'AddAccountRelation', proposal(parent, child, offered));
    expect(refused.body).toMatchObject({ Reason: 'ChildAlreadyRelated' });
  });

  it('is refused for what it has become: a parent that was frozen meanwhile', async () => {
    const estate = await newParties();
    const { call, child, operator, parent } = estate;
    const process = interrupted(estate, async () =>
      call(operator, 'PutAccountStanding', { Uid: parent.uid, Frozen: true }),
    );
    const refused = await answered(estate, process, parent, 'AddAccountRelation', proposal(parent, child, offered));
    expect(refused.body).toMatchObject({ Reason: 'ParentFrozen' });
    await call(operator, 'PutAccountStanding', { Uid: parent.uid, Frozen: false });
    await add(estate, parent, child, offered);
  });
});
