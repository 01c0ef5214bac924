import type { Subject } from '#lib/jobs/deliveries.ts';
import type { Aggregate, Kind } from '#lib/store/aggregate.ts';
import { ownersOf } from '#lib/store/directory/members.ts';

/** A kind of aggregate of which each member of a directory has one, known by the uid of the member. */
interface KindOfMember extends Kind {
  readonly id: number;
  readonly party: 'management';
  readonly state: Kind['state'] & { readonly uid: number; readonly managementUid: number };
}

/** How the events of such an aggregate are published (docs/events.md): under the title, for the member and its management account. */
export function subjectOfMember<K extends KindOfMember>(
  { key, read, subject }: Pick<Aggregate<K>, 'key' | 'read' | 'subject'>,
  title: string,
  statuses: readonly K['status'][],
): Subject {
  return {
    subject,
    title,
    statuses,
    key: (id) => key(Number(id)),
    ownersIn: (row) => ownersOf(read(row)),
    detailOf: ({ id }, [managementUid]) => ({ uid: id, managementUid }),
  };
}
