import { actingUid, type Call } from '#lib/call.ts';
import { disagreement, type Named } from '#lib/domain/relation/refusals.ts';
import { isParty, phaseOf, type Relation } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { eventRecord, lapseRecords } from '#lib/store/events.ts';
import { relationKey } from '#lib/store/keys.ts';
import { changeOf } from '#lib/store/relations/effects.ts';
import { addToTally } from '#lib/store/relations/tallies.ts';
import { Stale, type Write } from '#lib/table/commit.ts';
import { update } from '#lib/table/items.ts';

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
 * Takes a past relation out of every list and out of the parent's tally (reference volcengine-billing 5.8). The row and its
 * events stay: what was once agreed can still be looked up by its id. An overdue invitation is expired with it.
 */
export function cleanUp({ id, lapse, parentUid, status, version }: Relation, call: Call): Write {
  return [
    update(
      relationKey(id),
      changeOf(lapse, id, call, { cleansUp: true }),
      [{ text: '#v = :version', values: { ':version': version } }],
      () => new Stale(),
    ),
    addToTally(parentUid, { relations: -1 }),
    ...lapseRecords(id, lapse, call),
    eventRecord(id, { event: 'cleanUp', from: status, to: status }, call),
  ];
}
