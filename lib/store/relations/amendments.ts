import type { Call } from '#lib/call.ts';
import { type Allocated, type Allocation, allocated } from '#lib/domain/relation/credit.ts';
import { disagreement, type Named } from '#lib/domain/relation/refusals.ts';
import {
  isParty,
  phaseOf,
  type Relation,
  type RelationParty,
  type RelationStatus,
  relationMachine,
} from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { listingKey } from '#lib/store/keys.ts';
import { relationAggregate } from '#lib/store/relations/moves.ts';
import { cleared, listingRow } from '#lib/store/relations/rows.ts';
import { ownersOf } from '#lib/store/relations/subject.ts';
import { addToTally, moved, type Tally } from '#lib/store/relations/tallies.ts';
import { moveBalance } from '#lib/store/standings.ts';
import { amend } from '#lib/store/transition.ts';
import type { Write, WriteItem } from '#lib/table/commit.ts';
import { type Fragment, together } from '#lib/table/expressions.ts';
import { neverRefused, update } from '#lib/table/items.ts';

/**
 * The write that moves credit: both balances and the relation change together. `Stale` if anything it was computed from has
 * changed. Also records a lapse that is not recorded yet. Throws as {@link allocated}.
 */
export function allocateCredit(allocation: Allocation, call: Call): Allocated & { write: Write } {
  const { relation, amount, parent, child, lentInAll } = allocation;
  const after = allocated(allocation);
  const write = amend(relationAggregate, {
    ...amending(relation, call),
    eventName: 'allocateCredit',
    change: { set: { lentCredit: after.lentCredit } },
    also: [
      moveBalance(relation.parentUid, parent, after.parent, { before: lentInAll, amount }),
      moveBalance(relation.childUid, child, after.child),
    ],
    facts: { amount },
  });
  return { ...after, write };
}

/** Why the caller may not clean the relation up, if so: it is no party, is wrong about the relation, or that is not past. */
export function refusalToCleanUp(relation: Relation, named: Named, { uid = 0 }: Call): Refusal | undefined {
  if (!isParty(relation, uid)) return new Refusal('RelationUnknown', {});
  return (
    disagreement(relation, named) ?? (phaseOf(relation.status) === 'past' ? undefined : new Refusal('RelationLive', {}))
  );
}

/**
 * Takes a past relation out of one party's lists and, if that is the parent, out of its tally
 * (docs/vendors/volcengine-billing.md 5.8). It stays in the other party's lists and can still be read by its id, as can
 * its events. Also records that an overdue invitation has expired.
 */
export function cleanUp(relation: Relation, party: RelationParty, call: Call): Write {
  const clearedBy = [...relation.clearedBy, party];
  return amend(relationAggregate, {
    ...amending(relation, call),
    eventName: 'cleanUp',
    change: together({ set: { clearedBy } }, cleared(clearedBy, relation.id)),
    // Counting it anew leaves its version as it is.
    conditions: party === 'parent' ? [isCountedAs(relation.countedAs)] : [],
    also: party === 'parent' ? [...addToTally(relation.parentUid, uncounted(relation)), unlist(relation.id)] : [],
  });
}

/** Holds if a relation is counted as it was when it was read. */
function isCountedAs(countedAs: RelationStatus | undefined): Fragment {
  if (countedAs === undefined) return { text: 'attribute_not_exists(#countedAs)' };
  return { text: '#countedAs = :countedAs', values: { ':countedAs': countedAs } };
}

/** Takes the listing of a relation out of its parent's index. */
function unlist(id: number): WriteItem {
  const change = together(listingRow.marks, { set: { id }, remove: ['gsi1pk', 'gsi1sk'] });
  return update(listingKey(id), change, [], neverRefused);
}

/** How the parent's tally changes when a relation leaves its lists. */
function uncounted({ countedAs, lapse, policy, status }: Relation): Tally {
  const recorded = lapse === undefined ? status : relationMachine.transitions[lapse].from;
  const entrusted = policy === 'trusteeship' ? -1 : 0;
  return { ...moved(countedAs ?? recorded, 'nothing'), endedTrusteeships: entrusted, listed: -1 };
}

function amending(relation: Relation, call: Call) {
  const { id, lapse, version } = relation;
  return { id, call, lapse, read: relation, version, owners: ownersOf(relation) };
}
