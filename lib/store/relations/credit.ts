import type { Call } from '#lib/call.ts';
import { type Allocated, type Allocation, allocated } from '#lib/domain/relation/credit.ts';
import { eventRecord, lapseRecords } from '#lib/store/events.ts';
import { relationKey } from '#lib/store/keys.ts';
import { changeOf } from '#lib/store/relations/effects.ts';
import { moveBalance } from '#lib/store/standings.ts';
import { Stale, type Write } from '#lib/table/commit.ts';
import { update } from '#lib/table/items.ts';

/**
 * The write that moves credit, computed from facts read: both balances and the relation change together, or, if any of the
 * facts has changed, the write is `Stale`. A lapse that is not recorded is, before. Throws as {@link allocated}.
 */
export function allocateCredit(allocation: Allocation, call: Call): Allocated & { write: Write } {
  const { relation, amount, parent, child } = allocation;
  const after = allocated(allocation);
  const { id, lapse, status, version, parentUid, childUid } = relation;
  const write = [
    update(
      relationKey(id),
      changeOf(lapse, id, call, { lentCredit: after.lentCredit }),
      [{ text: '#v = :version', values: { ':version': version } }],
      () => new Stale(),
    ),
    moveBalance(parentUid, parent, after.parent),
    moveBalance(childUid, child, after.child),
    ...lapseRecords(id, lapse, call),
    eventRecord(id, { event: 'allocateCredit', from: status, to: status, amount }, call),
  ];
  return { ...after, write };
}
