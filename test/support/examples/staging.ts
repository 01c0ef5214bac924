import { add, type Parties } from '#test/bss/parties.ts';
import type { Signer } from '#test/support/estate.ts';

export const codes = ['CHECK_FINANCE_INFO'];
export const offered = { PermissionCodes: codes };

/** The parent manages the account from now on if that is its sibling; another company's is invited. */
export function added(estate: Parties, child: Signer): Promise<number> {
  return add(estate, estate.parent, child, offered);
}

/** A trusteeship, which is ended under guards of its own. */
export function entrusted(estate: Parties): Promise<number> {
  return add(estate, estate.parent, estate.sibling, { RoleCodes: ['trusteeship'] });
}

/** Management of the sibling that may lend it some of the parent's 100. */
export async function lending(estate: Parties): Promise<number> {
  const { call, operator, parent, sibling } = estate;
  await call(operator, 'PutAccountStanding', { Uid: parent.uid, AvailableBalance: 100 });
  return add(estate, parent, sibling, { PermissionCodes: ['SYNCHRONIZE_FINANCE_IDENTITY'] });
}

/** The same with 40 lent, which its end gives back. */
export async function lent(estate: Parties): Promise<number> {
  const id = await lending(estate);
  const parties = { ParentUid: estate.parent.uid, ChildUid: estate.sibling.uid };
  await estate.call(estate.operator, 'AllocateCredit', { ...parties, Amount: 40 });
  return id;
}
