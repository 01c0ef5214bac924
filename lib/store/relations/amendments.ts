import { actingUid, type Call } from '#lib/call.ts';
import { type Allocated, type Allocation, allocated } from '#lib/domain/relation/credit.ts';
import { disagreement, type Named } from '#lib/domain/relation/refusals.ts';
import { isParty, phaseOf, type Relation } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { ownersOf, relationAggregate } from '#lib/store/relations/moves.ts';
import { addToTally } from '#lib/store/relations/tallies.ts';
import { moveBalance } from '#lib/store/standings.ts';
import { amend } from '#lib/store/transition.ts';
import type { Write } from '#lib/table/commit.ts';

/**
 * The write that moves credit, computed from facts read: both balances and the relation change together, or, if any of the
 * facts has changed, the write is `Stale`. A lapse that is not recorded is, before. Throws as {@link allocated}.
 */
export function allocateCredit(allocation: Allocation, call: Call): Allocated & { write: Write } {
  const { relation, amount, parent, child } = allocation;
  const after = allocated(allocation);
  const write = amend(relationAggregate, {
    ...amending(relation, call),
    happening: 'allocateCredit',
    change: { set: { lentCredit: after.lentCredit } },
    also: [moveBalance(relation.parentUid, parent, after.parent), moveBalance(relation.childUid, child, after.child)],
    facts: { amount },
  });
  return { ...after, write };
}

/** Why the caller cannot have the relation cleaned up, if so: it is not the parent, or the relation is not past. */
export function refusalToCleanUp(relation: Relation, named: Named, { caller }: Call): Refusal | undefined {
  const uid = actingUid(caller) ?? 0;
  if (!isParty(relation, uid)) return new Refusal('RelationUnknown', {});
  if (relation.parentUid !== uid) return new Refusal('CallerNotParent', {});
  return (
    disagreement(relation, named) ?? (phaseOf(relation.status) === 'past' ? undefined : new Refusal('RelationLive', {}))
  );
}

/**
 * Takes a past relation out of every list and out of the parent's tally (docs/vendors/volcengine-billing.md 5.8). The
 * row and its events stay: what was once agreed can still be looked up by its id. An overdue invitation is expired with
 * it.
 */
export function cleanUp(relation: Relation, call: Call): Write {
  return amend(relationAggregate, {
    ...amending(relation, call),
    happening: 'cleanUp',
    change: { set: { cleanedUp: true }, remove: ['gsi1pk', 'gsi1sk', 'gsi2pk', 'gsi2sk'] },
    also: [addToTally(relation.parentUid, { relations: -1 })],
  });
}

function amending(relation: Relation, call: Call) {
  const { id, lapse, version } = relation;
  return { id, call, lapse, read: relation, version, owners: ownersOf(relation) };
}
