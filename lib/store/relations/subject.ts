import type { LedgerEvent } from '#lib/domain/event.ts';
import { type Relation, relationStatuses } from '#lib/domain/relation/relation.ts';
import { relationKey } from '#lib/store/keys.ts';
import type { Owners } from '#lib/store/ledger.ts';
import { relationOf } from '#lib/store/relations/rows.ts';
import { settleLong } from '#lib/store/relations/settling.ts';
import type { Row } from '#lib/table/table.ts';

/** How the events of relations are published (docs/events.md). */
export const relationSubject = {
  subject: 'relation',
  title: 'Relation',
  statuses: relationStatuses,
  key: (id: string | number) => relationKey(Number(id)),
  ownersIn: (row: Row) => ownersOf(relationOf(row)),
  follow: settleLong,
  detailOf: ({ id }: LedgerEvent, [parentUid, childUid]: Owners) => ({ relationId: id, parentUid, childUid }),
} as const;

/** The accounts a relation's events are filed under. */
export function ownersOf({ childUid, parentUid }: Pick<Relation, 'parentUid' | 'childUid'>): Owners {
  return [parentUid, childUid];
}
