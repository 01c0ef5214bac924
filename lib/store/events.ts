import * as v from 'valibot';
import { actorOf, type Call } from '#lib/call.ts';
import type { LedgerEvent } from '#lib/domain/relation/event.ts';
import {
  type LapseEvent,
  type RelationEvent,
  relationMachine,
  relationStatuses,
} from '#lib/domain/relation/relation.ts';
import { eventKey, eventsOfChild, eventsOfParent, relationKey } from '#lib/store/keys.ts';
import { commit, type WriteItem } from '#lib/table/commit.ts';
import { create, neverRefused, update } from '#lib/table/items.ts';
import { merged } from '#lib/table/merged.ts';
import type { Query, Row, Table } from '#lib/table/table.ts';

const status = v.picklist(relationStatuses);

const eventSchema = v.object({
  eventId: v.string(),
  relationId: v.number(),
  event: v.string(),
  from: v.union([v.literal('nothing'), status]),
  to: status,
  amount: v.optional(v.number()),
  action: v.string(),
  actor: v.union([v.number(), v.picklist(['operator', 'clock'])]),
  timeMs: v.number(),
  requestId: v.string(),
});

/** What happened, before it is known by whom and when. `amount`: minor currency units, of credit that moved. */
type Happening = Pick<LedgerEvent, 'from' | 'to' | 'amount'> & {
  readonly event: RelationEvent | 'allocateCredit' | 'cleanUp';
};

/** The record of one transition: written with it, never without. `amount`: minor currency units, of credit that moved by it. */
export function transitionRecord(relationId: number, event: RelationEvent, call: Call, amount?: number): WriteItem {
  const { from, to } = relationMachine.transitions[event];
  return eventRecord(relationId, { event, from, to, ...(amount !== undefined && { amount }) }, call);
}

/** The records of a lapse that a call finds unrecorded and settles: the clock's doing, told before the call's own event. */
export function lapseRecords(relationId: number, lapse: LapseEvent | undefined, call: Call): WriteItem[] {
  if (lapse === undefined) return [];
  return [transitionRecord(relationId, lapse, { ...call, caller: { kind: 'clock' } })];
}

/** The record of anything that happened to a relation, by whom, when, in which call. */
export function eventRecord(relationId: number, happening: Happening, call: Call): WriteItem {
  const { action, caller, newEventId, nowMs, requestId } = call;
  const eventId = newEventId();
  const row: LedgerEvent = {
    eventId,
    relationId,
    ...happening,
    action,
    actor: actorOf(caller),
    timeMs: nowMs,
    requestId,
  };
  return create({ ...eventKey(relationId, eventId), type: 'event', ...row }, neverRefused);
}

/** The event of a row; throws when the row is malformed. */
export function eventOf(row: Readonly<Record<string, unknown>>): LedgerEvent {
  return v.parse(eventSchema, row);
}

/** Lets an event be found under both parties of its relation; doing so again changes nothing. */
export async function fileUnderParties(
  table: Table,
  event: LedgerEvent,
  { parentUid, childUid }: { readonly parentUid: number; readonly childUid: number },
): Promise<void> {
  const rank = eventKey(event.relationId, event.eventId).sk;
  const filed = update(
    eventKey(event.relationId, event.eventId),
    {
      text: 'SET #gsi1pk = :parent, #gsi1sk = :rank, #gsi2pk = :child, #gsi2sk = :rank',
      values: { ':parent': eventsOfParent(parentUid), ':child': eventsOfChild(childUid), ':rank': rank },
    },
    [{ text: 'attribute_exists(#pk)' }],
    neverRefused,
  );
  await commit(table, [filed]);
}

/** The events of one relation, newest first, at most `limit`, those before the event `before` if given. */
export function eventsOfRelation(
  table: Table,
  relationId: number,
  limit: number,
  before?: string,
): Promise<LedgerEvent[]> {
  const { pk } = relationKey(relationId);
  return newest(table, [{ ...older('pk', pk, 'sk', before), ScanIndexForward: false }], limit);
}

/** The events of all relations of an account, likewise; an event is found here once it has gone through the stream. */
export function eventsOfAccount(table: Table, uid: number, limit: number, before?: string): Promise<LedgerEvent[]> {
  const asParent = { IndexName: 'gsi1', ...older('gsi1pk', eventsOfParent(uid), 'gsi1sk', before) };
  const asChild = { IndexName: 'gsi2', ...older('gsi2pk', eventsOfChild(uid), 'gsi2sk', before) };
  return newest(
    table,
    [asParent, asChild].map((query) => ({ ...query, ScanIndexForward: false })),
    limit,
  );
}

/** Events stand first in their partitions, in order of time; `~` comes after every id. */
function older(hash: string, owner: string, range: string, before = '~'): Query {
  return {
    KeyConditionExpression: `${hash} = :owner AND ${range} < :before`,
    ExpressionAttributeValues: { ':owner': owner, ':before': `EVENT#${before}` },
  };
}

async function newest(table: Table, queries: readonly Query[], limit: number): Promise<LedgerEvent[]> {
  const streams = queries.map((query) => table.query(query, limit));
  const found: LedgerEvent[] = [];
  for await (const row of merged(streams, newestFirst)) {
    found.push(eventOf(row));
    if (found.length === limit) break;
  }
  return found;
}

function newestFirst(one: Row, other: Row): number {
  return String(other['eventId']).localeCompare(String(one['eventId']), 'en');
}
