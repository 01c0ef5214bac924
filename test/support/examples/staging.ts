import { tallyKey } from '#lib/store/keys.ts';
import { add, confirm, type Parties, WAIT_MS } from '#test/bss/parties.ts';
import type { Signer } from '#test/support/estate.ts';
import type { Way } from '#test/support/examples.ts';
import { writeMembers } from '#test/support/members.ts';

export const codes = ['CHECK_FINANCE_INFO'];
export const offered = { PermissionCodes: codes };

/** Relates the account to the parent: at once if it is the sibling, else by an invitation. */
export function added(estate: Parties, child: Signer): Promise<number> {
  return add(estate, estate.parent, child, offered);
}

/** A trusteeship, which has its own guards when it ends. */
export function entrusted(estate: Parties): Promise<number> {
  return add(estate, estate.parent, estate.sibling, { RoleCodes: ['trusteeship'] });
}

/** Management of the sibling with permission to lend it some of the parent's 100. */
export async function lending(estate: Parties): Promise<number> {
  const { call, operator, parent, sibling } = estate;
  await call(operator, 'PutAccountStanding', { Uid: parent.uid, AvailableBalance: 100 });
  return add(estate, parent, sibling, { PermissionCodes: ['SYNCHRONIZE_FINANCE_IDENTITY'] });
}

/** The same with 40 lent, which go back when it ends. */
export async function lent(estate: Parties): Promise<number> {
  const id = await lending(estate);
  const parties = { ParentUid: estate.parent.uid, ChildUid: estate.sibling.uid };
  await estate.call(estate.operator, 'AllocateCredit', { ...parties, Amount: 40 });
  return id;
}

/** So many members that their parent's tally is filed: its lists are counted. */
export async function countedMembers(estate: Parties): Promise<void> {
  const standings = Array.from({ length: 70 }, () => ({ status: 'active' }) as const);
  await writeMembers(estate, estate.parent, 1_500_000_000, standings);
}

/** As many, of a parent without a tally: their keys are read. */
export async function manyMembers(estate: Parties): Promise<void> {
  await countedMembers(estate);
  await estate.deps.table.transact([{ Delete: { Key: tallyKey(estate.parent.uid) } }]);
}

/** An invitation of a child that was invited before, and is not related. */
export function reopenings(invitation: Way): Way[] {
  return [
    // Once the child's last invitation was withdrawn.
    async (estate) => {
      await confirm(estate, estate.parent, await added(estate, estate.child), 'parent_cancel', codes);
      return invitation(estate);
    },
    // Once it is overdue, and nobody has recorded that yet.
    async (estate) => {
      await added(estate, estate.child);
      estate.advance(WAIT_MS);
      return invitation(estate);
    },
  ];
}
