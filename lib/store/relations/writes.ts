import { actingUid, type Call } from '#lib/call.ts';
import { startsFrom } from '#lib/domain/machine.ts';
import type { Permission } from '#lib/domain/relation/permissions.ts';
import { disagreement, type Named, refusalOfActor, refusalOfState } from '#lib/domain/relation/refusals.ts';
import {
  type LapseEvent,
  type Policy,
  type Relation,
  type RelationEvent,
  relationAt,
  relationMachine,
} from '#lib/domain/relation/relation.ts';
import type { Refusal } from '#lib/errors.ts';
import { lapseRecords, transitionRecord } from '#lib/store/events.ts';
import { relationKey } from '#lib/store/keys.ts';
import { changeOf, type Effects } from '#lib/store/relations/effects.ts';
import { relationOf } from '#lib/store/relations/rows.ts';
import { standsAs } from '#lib/store/transition.ts';
import { Stale, type Write, type WriteItem } from '#lib/table/commit.ts';
import { anyOf, type Fragment } from '#lib/table/expressions.ts';
import { update } from '#lib/table/items.ts';

export interface Firing {
  readonly event: RelationEvent;
  readonly relationId: number;
  readonly call: Call;
  readonly effects?: Effects;
  readonly named?: Named;
  /** The permissions the child believes it confirms; without them it confirms whatever is offered. */
  readonly confirmed?: readonly Permission[];
  /** What the write was computed from. If that is no longer so and nothing else stands against it, it is `Stale`. */
  readonly assumed?: { readonly version?: number; readonly policy?: Policy; readonly lentCredit?: number };
  /** The lapse after which the event starts, if no sweep has recorded it: then the event's write does. */
  readonly lapse?: LapseEvent | undefined;
  /** Credit that moves by it, minor currency units: negative when it goes back to the parent. */
  readonly amount?: number | undefined;
  /** Further items of the same transaction. */
  readonly also?: readonly WriteItem[];
  /** Asked when the write is refused: another write the relation's state calls for instead, or another refusal, if any. */
  readonly otherwise?: (relation: Relation) => Write | Refusal | undefined;
}

/**
 * The write of one transition: the relation's row under every condition the state table sets, and its record. It supposes that
 * no lapse is waiting to be recorded; should there be one, the write is made anew and records both.
 */
export function fire(firing: Firing): Write {
  const { amount, call, event, lapse, otherwise, relationId } = firing;
  return [
    update(relationKey(relationId), changeOf(event, relationId, call, firing.effects), conditionsOf(firing), (row) => {
      const relation = row && relationOf(row);
      const instead = relation && otherwise?.(relation);
      return instead ?? refusalOf(firing, relation) ?? afterLapse(firing, relation) ?? new Stale();
    }),
    ...(firing.also ?? []),
    ...lapseRecords(relationId, lapse, call),
    transitionRecord(relationId, event, call, amount),
  ];
}

function afterLapse(firing: Firing, relation: Relation | undefined): Write | undefined {
  const lapse = relation && relationAt(relation, firing.call.nowMs).lapse;
  return lapse && firing.lapse === undefined ? fire({ ...firing, lapse }) : undefined;
}

/** Whether the relation stands, at the time of the call, where the event starts from; the clock's, whether it is due. */
export function canStart(event: RelationEvent, relation: Relation, call: Call): boolean {
  const { by, from } = relationMachine.transitions[event];
  const { lapse, status } = relationAt(relation, call.nowMs);
  return by === 'clock' ? lapse === event : status === from;
}

/** Why the event cannot be fired on the relation as it is: absence and party first, then what was named, status, guard. */
export function refusalOf(
  { event, call, named, confirmed }: Pick<Firing, 'event' | 'call' | 'named' | 'confirmed'>,
  relation: Relation | undefined,
): Refusal | undefined {
  const unentitled = refusalOfActor(event, relation, actingUid(call.caller));
  if (unentitled || relation === undefined) return unentitled;
  return disagreement(relation, named) ?? refusalOfState(event, relation, confirmed, call.nowMs);
}

function conditionsOf({ call, event, lapse, named = {}, assumed = {}, confirmed }: Firing): Fragment[] {
  const { lapses, transitions } = relationMachine;
  const transition = transitions[event];
  const { lentCredit, policy, version } = assumed;
  return [
    // The first form is the one that is settled; what has lapsed into it is told apart, for its lapse to be recorded.
    standsAs(startsFrom(lapses, transitions[lapse ?? event]).slice(0, 1), call.nowMs),
    ...(transition.by === 'clock' ? [] : equals(`#${transition.by}Uid`, ':actor', actingUid(call.caller) ?? 0)),
    ...equals('#parentUid', ':namedParent', named.parentUid),
    ...equals('#childUid', ':namedChild', named.childUid),
    ...equals('#policy', ':namedPolicy', named.policy),
    ...equals('#offered[0].#id', ':namedOffer', named.offerId),
    ...equals('#policy', ':assumedPolicy', policy),
    ...equals('#v', ':version', version),
    ...(lentCredit === 0
      ? [anyOf([{ text: 'attribute_not_exists(#lentCredit)' }, ...equals('#lentCredit', ':lentCredit', 0)])]
      : equals('#lentCredit', ':lentCredit', lentCredit)),
    ...(transition.guard ? equals('#offered[0].#permissions', ':confirmed', confirmed) : []),
  ];
}

function equals(path: string, placeholder: string, value: unknown): Fragment[] {
  return value === undefined ? [] : [{ text: `${path} = ${placeholder}`, values: { [placeholder]: value } }];
}
