import { describe, expect, it } from 'vitest';
import { pairKey, slotKey } from '#lib/store/keys.ts';
import { commit } from '#lib/table/commit.ts';
import { neverRefused, put, remove } from '#lib/table/items.ts';
import {
  add,
  confirm,
  newParties,
  type Parties,
  proposal,
  relate,
  relieve,
  succeeded,
  tripleOf,
} from '#test/bss/parties.ts';

const codes = ['CHECK_FINANCE_INFO'];
const offered = { PermissionCodes: codes };

/** As the rule of before left a relation: the child's one lock pointed to its latest relation, in effect or not, and named its parent. */
async function asBefore(estate: Parties, relationId: number): Promise<void> {
  const { child, deps, parent } = estate;
  const lock = { ...slotKey(child.uid), type: 'lock', schema: 1, relationId, parentUid: parent.uid };
  await commit(deps.table, [put(lock, [], neverRefused), remove(pairKey(parent.uid, child.uid), [], neverRefused)]);
}

async function inEffect({ call, child }: Parties): Promise<number[]> {
  const { body } = await call(child, 'QueryRelationList', { UserId: child.uid });
  return body.Data.FinancialRelationInfoList.map(({ RelationId }: { RelationId: number }) => RelationId);
}

describe("a child's lock as it was written before", () => {
  it('on an invitation does not bind the child, and lets it be accepted in one round trip', async () => {
    const estate = await newParties();
    const { child, parent, stranger } = estate;
    const first = await add(estate, parent, child, offered);
    await asBefore(estate, first);
    const before = estate.requests.length;
    succeeded(await confirm(estate, child, first, 'child_agree', codes));
    expect(estate.requests.slice(before).filter(({ command }) => command.startsWith('Transact'))).toHaveLength(1);
    const refused = await estate.call(stranger, 'AddAccountRelation', proposal(stranger, child, offered));
    expect(refused.body).toMatchObject({ Reason: 'ChildAlreadyRelated' });
  });

  it('still names the relation by its parties, also once another has taken or tidied the slot', async () => {
    const estate = await newParties();
    const { call, child, parent, stranger } = estate;
    const first = await add(estate, parent, child, offered);
    await asBefore(estate, first);
    const second = await add(estate, stranger, child, offered);
    const again = await call(parent, 'AddAccountRelation', proposal(parent, child, offered));
    expect(again.body).toMatchObject({ Reason: 'ChildAlreadyRelated' });
    succeeded(await confirm(estate, child, second, 'child_agree', codes));
    const named = { RequestId: 'r', ...tripleOf(parent, child), ConfirmCode: 'parent_cancel', ...offered };
    succeeded(await call(parent, 'ConfirmRelation', named));
    expect(await inEffect(estate)).toEqual([second]);
  });

  it('on an invitation gives way to another that is accepted', async () => {
    const estate = await newParties();
    const { child, parent, stranger } = estate;
    const first = await add(estate, parent, child, offered);
    const second = await add(estate, stranger, child, offered);
    await asBefore(estate, first);
    succeeded(await confirm(estate, child, second, 'child_agree', codes));
    const refused = await confirm(estate, child, first, 'child_agree', codes);
    expect(refused.body).toMatchObject({ Reason: 'ChildAlreadyRelated' });
    const again = await estate.call(parent, 'AddAccountRelation', proposal(parent, child, offered));
    expect(again.body).toMatchObject({ Reason: 'ChildAlreadyRelated' });
    expect(await inEffect(estate)).toEqual([second]);
  });

  it('on a relation in effect binds the child until that has ended', async () => {
    const estate = await newParties();
    const { child, parent, stranger } = estate;
    const first = await relate(estate, parent, child, codes);
    await asBefore(estate, first);
    const invitation = proposal(stranger, child, offered);
    const refused = await estate.call(stranger, 'AddAccountRelation', invitation);
    expect(refused.body).toMatchObject({ Reason: 'ChildAlreadyRelated' });
    succeeded(await relieve(estate, parent, first));
    const second = await relate(estate, stranger, child, codes);
    expect(await inEffect(estate)).toEqual([second]);
    await add(estate, parent, await estate.account('Dune'), offered);
  });
});
