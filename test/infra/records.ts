import { marshall } from '@aws-sdk/util-dynamodb';
import type { StreamRecord } from '#lib/jobs/job.ts';
import { add, eventsOf, type Parties } from '#test/bss/parties.ts';

/** Invites the child, and answers the relation's id. */
export function invite(estate: Parties): Promise<number> {
  return add(estate, estate.parent, estate.child, { PermissionCodes: ['CHECK_FINANCE_INFO'] });
}

/** The first event of a relation, as the table's stream delivers it where the call did not name both parties. */
export async function insertionOf(estate: Parties, relationId: number): Promise<StreamRecord> {
  const [first = {}] = await eventsOf(estate, relationId);
  const event = Object.fromEntries(Object.entries(first).filter(([name]) => !/^(?:owners|gsi)/.test(name)));
  return { eventName: 'INSERT', dynamodb: { SequenceNumber: '1', NewImage: marshall(event) } };
}
