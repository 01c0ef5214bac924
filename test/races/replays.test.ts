import { describe, expect, it } from 'vitest';
import type { Deps } from '#lib/deps.ts';
import { atOnce, stored, tally } from '#test/races/answers.ts';
import { type Answer, type Estate, newEstate, type Params, type Signer, signedCall } from '#test/support/estate.ts';

const PROCESSES = 4;
const offered = ['CHECK_TARGET_CONSUMPTION', 'FORBID_WITHDRAW_CASH'];

/** The same signed bytes, twenty times at once, over all processes. */
function twentyTimes(estate: Estate, signer: Signer, action: string, params: Params) {
  const send = sendingTo(estate, signedCall(signer, action, '2017-12-14', { RequestId: 'r', ...params }));
  const processes = Array.from({ length: PROCESSES }, () => estate.anotherProcess());
  return atOnce(20, (index) => send(processes[index % PROCESSES]));
}

/** Sends the same bytes, to whichever process it is told. */
function sendingTo(estate: Estate, [path, init]: ReturnType<typeof signedCall>) {
  return async (process?: Deps): Promise<Answer> => {
    const response = await estate.send(path, init, process);
    return { status: response.status, body: await response.json() };
  };
}

async function related(estate: Estate, parent: Signer, child: Signer, terms: Params): Promise<number> {
  const { status, body } = await estate.call(parent, 'AddAccountRelation', {
    RelationType: 'enterprise_group',
    ParentUserId: parent.uid,
    ChildUserId: child.uid,
    RequestId: 'r',
    ...terms,
  });
  expect(status, JSON.stringify(body)).toBe(200);
  return body.Data.RelationId;
}

async function modify(estate: Estate, parent: Signer, params: Params): Promise<void> {
  const { status } = await estate.call(parent, 'ModifyAccountRelation', { RequestId: 'r', ...params });
  expect(status).toBe(200);
}

describe('one signed request sent twenty times at once over four processes', () => {
  it('adds one relation', async () => {
    const estate = await newEstate();
    const [parent, child] = [await estate.account('Alpha'), await estate.account('Beta')];
    const answers = await twentyTimes(estate, parent, 'AddAccountRelation', {
      RelationType: 'enterprise_group',
      ParentUserId: parent.uid,
      ChildUserId: child.uid,
      PermissionCodes: offered,
    });
    expect(tally(answers)).toEqual({ done: 1, NonceUsed: 19 });
    expect(await stored(estate, 'relation')).toHaveLength(1);
    expect(await stored(estate, 'event')).toHaveLength(1);
  });

  it('accepts an invitation once', async () => {
    const estate = await newEstate();
    const [parent, child] = [await estate.account('Alpha'), await estate.account('Beta')];
    const RelationId = await related(estate, parent, child, { PermissionCodes: offered });
    const answer = { RelationId, ConfirmCode: 'child_agree', PermissionCodes: offered };
    expect(tally(await twentyTimes(estate, child, 'ConfirmRelation', answer))).toEqual({ done: 1, NonceUsed: 19 });
    expect(await stored(estate, 'event')).toHaveLength(2);
  });

  it('accepts a pending change once, and names the nonce, not the change', async () => {
    const estate = await newEstate();
    const [parent, child] = [await estate.account('Alpha'), await estate.account('Beta')];
    const RelationId = await related(estate, parent, child, { PermissionCodes: offered });
    const answer = { RelationId, ConfirmCode: 'child_agree', RequestId: 'r' };
    await estate.call(child, 'ConfirmRelation', { ...answer, PermissionCodes: offered });
    const kept = offered.slice(0, 1);
    await modify(estate, parent, { RelationId, RelationOperation: 'DELETE', PermissionCodes: offered.slice(1) });
    const answers = await twentyTimes(estate, child, 'ConfirmRelation', { ...answer, PermissionCodes: kept });
    expect(tally(answers)).toEqual({ done: 1, NonceUsed: 19 });
    expect(await stored(estate, 'event')).toHaveLength(4);
  });

  it('ends a trusteeship once, and names the nonce, not the end', async () => {
    const estate = await newEstate();
    const [parent, child] = [await estate.account('Alpha'), await estate.account('Alpha')];
    const RelationId = await related(estate, parent, child, { RoleCodes: ['trusteeship'] });
    const answers = await twentyTimes(estate, parent, 'RelieveAccountRelation', { RelationId });
    expect(tally(answers)).toEqual({ done: 1, NonceUsed: 19 });
    expect(await stored(estate, 'event')).toHaveLength(2);
  });

  it('renames once', async () => {
    const estate = await newEstate();
    const [parent, child] = [await estate.account('Alpha'), await estate.account('Alpha')];
    const RelationId = await related(estate, parent, child, { PermissionCodes: offered });
    const rename = { RelationId, RelationOperation: 'ADD', ChildNick: 'dept' };
    expect(tally(await twentyTimes(estate, parent, 'ModifyAccountRelation', rename))).toEqual({
      done: 1,
      NonceUsed: 19,
    });
    expect(await stored(estate, 'event')).toHaveLength(2);
  });
});

describe('a request captured and sent again to another process', () => {
  it('declines a pending change once, though another change is pending by then', async () => {
    const estate = await newEstate();
    const [parent, child] = [await estate.account('Alpha'), await estate.account('Beta')];
    const RelationId = await related(estate, parent, child, { PermissionCodes: offered });
    const agree = { RelationId, ConfirmCode: 'child_agree', RequestId: 'r', PermissionCodes: offered };
    await estate.call(child, 'ConfirmRelation', agree);
    const change = { RelationId, RelationOperation: 'DELETE', PermissionCodes: offered.slice(1) };
    await modify(estate, parent, change);
    const declining = sendingTo(
      estate,
      signedCall(child, 'ConfirmRelation', '2017-12-14', { ...agree, ConfirmCode: 'child_disagree' }),
    );
    expect((await declining()).status).toBe(200);
    await modify(estate, parent, change);
    expect((await declining(estate.anotherProcess())).body.Reason).toBe('NonceUsed');
    const { body } = await estate.call(child, 'GetAccountRelation', { RelationId });
    expect(body.Data.Status).toBe('CHANGE_CONFIRMING');
  });
});
