import { actingUid, type Call } from '#lib/call.ts';
import { type RelationEvent, relationMachine } from '#lib/domain/relation.ts';
import type { WriteItem } from '#lib/store/commit.ts';
import { create, neverRefused } from '#lib/store/items.ts';
import { eventKey } from '#lib/store/keys.ts';

/** The record of one transition: written with it, never without. */
export function eventOf(
  relationId: number,
  event: RelationEvent,
  { eventId, action, caller, nowMs, requestId }: Call,
): WriteItem {
  const { from, to } = relationMachine.transitions[event];
  return create(
    {
      ...eventKey(relationId, eventId),
      type: 'event',
      eventId,
      relationId,
      event,
      from,
      to,
      action,
      actorUid: actingUid(caller) ?? 0,
      timeMs: nowMs,
      requestId,
    },
    neverRefused,
  );
}
