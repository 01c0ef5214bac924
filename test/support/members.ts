import { begin } from '#lib/domain/relation/begin.ts';
import { type Policy, phaseOf, type Relation, type RelationStatus } from '#lib/domain/relation/relation.ts';
import { tallyKey } from '#lib/store/keys.ts';
import { countsOf } from '#lib/store/relations/counts.ts';
import { listingOf, rowOf } from '#lib/store/relations/rows.ts';
import { settleLong } from '#lib/store/relations/settling.ts';
import { addOpened } from '#lib/store/relations/tallies.ts';
import { commit } from '#lib/table/commit.ts';
import type { Action } from '#lib/table/table.ts';
import type { Estate, Signer } from '#test/support/estate.ts';

const IN_A_TRANSACTION = 100;
const LONG_MS = 60 * 60 * 1000;

/** What a member is to its parent. */
export interface Standing {
  readonly status: RelationStatus;
  readonly policy?: Policy;
}

/**
 * Writes rows, listings and tally of a parent's members, whose uids count up from `firstChild`, as opening them one by one and moving
 * each to where it stands would leave them. Answers their relations, oldest first.
 */
export async function writeMembers(
  { deps, nowMs }: Pick<Estate, 'deps' | 'nowMs'>,
  { uid }: Signer,
  firstChild: number,
  standings: readonly Standing[],
): Promise<Relation[]> {
  const party = (one: number, legalName: string) => ({ uid: one, name: `login${one}`, legalName, createdAtMs: 0 });
  const relations = standings.map(({ policy = 'management', status }, nth): Relation => {
    const terms = { policy, permissions: ['view-bills'], nick: '' } as const;
    const isOffered = phaseOf(status) === 'offered' || status === 'changing';
    const parties = { parent: party(uid, 'Alpha'), child: party(firstChild + nth, isOffered ? 'Beta' : 'Alpha') };
    const { relation } = begin({ id: deps.ports.ids.next(nowMs()), ...parties, ...terms }, nowMs());
    return { ...relation, status };
  });
  const actions = relations.flatMap((one): Action[] => [
    { Put: { Item: rowOf(one) } },
    { Put: { Item: listingOf(one) } },
  ]);
  for (let first = 0; first < actions.length; first += IN_A_TRANSACTION) {
    await deps.table.transact(actions.slice(first, first + IN_A_TRANSACTION));
  }
  await count(deps.table, uid, relations);
  return relations;
}

/** Settles what has moved of a parent that has much to list, as the publisher does when it has waited for long. */
export function settleMembers(
  { deps, nowMs }: Pick<Estate, 'deps' | 'nowMs'>,
  { uid }: Pick<Signer, 'uid'>,
): Promise<void> {
  const latest = { event: { id: 0 }, owners: [uid] } as const;
  return settleLong(deps.table, [latest], nowMs() + LONG_MS);
}

/** Counts the members, in two steps, since only a parent that has many already has its tally filed. */
async function count(table: Estate['deps']['table'], uid: number, relations: readonly Relation[]): Promise<void> {
  for (const some of [relations.slice(1), relations.slice(0, 1)]) {
    const tally: Record<string, number> = { listed: some.length - 1 };
    for (const { policy, status } of some) {
      tally[status] = (tally[status] ?? 0) + 1;
      const entrusted = status === 'ended' ? 'endedTrusteeships' : 'trusteeships';
      if (policy === 'trusteeship') tally[entrusted] = (tally[entrusted] ?? 0) + 1;
    }
    await commit(table, addOpened(uid, tally, countsOf(await table.get(tallyKey(uid)))));
  }
}
