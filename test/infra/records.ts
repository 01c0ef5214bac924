import { marshall } from '@aws-sdk/util-dynamodb';
import type { StreamRecord } from '#lib/jobs/job.ts';
import { add, eventsOf, type Parties, relate } from '#test/bss/parties.ts';

/** Invites the child, and answers the relation's id. */
export function invite(estate: Parties): Promise<number> {
  return add(estate, estate.parent, estate.child, { PermissionCodes: ['CHECK_FINANCE_INFO'] });
}

/** Invites the child, which accepts by the relation's id alone: whose event that is, the stream has to find out. */
export async function accept(estate: Parties): Promise<number> {
  const codes = ['CHECK_FINANCE_INFO'];
  return relate(estate, estate.parent, estate.child, codes);
}

/** The latest event of a relation, as the table's stream delivers it. */
export async function insertionOf(estate: Parties, relationId: number): Promise<StreamRecord> {
  const event = (await eventsOf(estate, relationId)).at(-1) ?? {};
  return { eventName: 'INSERT', dynamodb: { SequenceNumber: '1', NewImage: marshall(event) } };
}
