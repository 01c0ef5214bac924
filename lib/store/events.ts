import { actingUid, type Call } from '#lib/call.ts';
import { type RelationEvent, type RelationStatus, relationMachine } from '#lib/domain/relation.ts';
import type { WriteItem } from '#lib/store/commit.ts';
import { create, neverRefused } from '#lib/store/items.ts';
import { eventKey } from '#lib/store/keys.ts';

/** What happened to a relation; `from` and `to` are equal where its status did not move. */
export interface Happening {
  readonly event: RelationEvent | 'allocateCredit' | 'cleanUp';
  readonly from: RelationStatus | 'nothing';
  readonly to: RelationStatus;
  /** Minor currency units, of credit that moved. */
  readonly amount?: number;
}

/** The record of one transition: written with it, never without. */
export function transitionRecord(relationId: number, event: RelationEvent, call: Call): WriteItem {
  const { from, to } = relationMachine.transitions[event];
  return eventRecord(relationId, { event, from, to }, call);
}

/** The record of anything that happened to a relation, by whom, when, in which call. */
export function eventRecord(relationId: number, happening: Happening, call: Call): WriteItem {
  const { action, caller, eventId, nowMs, requestId } = call;
  const row = {
    ...eventKey(relationId, eventId),
    type: 'event',
    eventId,
    relationId,
    ...happening,
    action,
    actorUid: actingUid(caller) ?? 0,
    timeMs: nowMs,
    requestId,
  };
  return create(row, neverRefused);
}
