import { actingUid, type Call } from '#lib/call.ts';
import { startsFrom } from '#lib/domain/machine.ts';
import type { Offer, Permission } from '#lib/domain/permissions.ts';
import { refusalOfActor, refusalOfState } from '#lib/domain/refusals.ts';
import { type Policy, type Relation, type RelationEvent, relationAt, relationMachine } from '#lib/domain/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { Stale, type Write, type WriteItem } from '#lib/store/commit.ts';
import { transitionRecord } from '#lib/store/events.ts';
import { anyOf, type Fragment, standsAs } from '#lib/store/expressions.ts';
import { update } from '#lib/store/items.ts';
import { dueShard, relationKey } from '#lib/store/keys.ts';
import { ranks, relationOf } from '#lib/store/relationRows.ts';

/** What a transition does besides moving the status. Times are epoch ms. */
export interface Effects {
  /** Comes into effect now. */
  readonly grant?: Offer;
  /** Awaits the child's answer until the deadline. */
  readonly offer?: Offer & { readonly deadlineMs: number };
  readonly nick?: string;
}

/** What else a caller said of the relation it named; it must be so. */
export interface Named {
  readonly parentUid?: number | undefined;
  readonly childUid?: number | undefined;
  readonly policy?: Policy | undefined;
  /** The id of the permissions that await an answer. */
  readonly offerId?: number | undefined;
}

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
  /** Further items of the same transaction. */
  readonly also?: readonly WriteItem[];
  /** Asked when the write is refused: another write the relation's state calls for instead, if any. */
  readonly otherwise?: (relation: Relation) => Write | undefined;
}

/** The write of one transition: the relation's row under every condition the state table sets, and its record. */
export function fire(firing: Firing): Write {
  const { call, event, otherwise, relationId } = firing;
  return [
    update(relationKey(relationId), changeOf(firing), conditionsOf(firing), (row) => {
      const relation = row && relationOf(row);
      const instead = relation && otherwise?.(relation);
      return instead ?? refusalOf(firing, relation) ?? new Stale();
    }),
    ...(firing.also ?? []),
    transitionRecord(relationId, event, call),
  ];
}

/** Whether the relation stands, at the time of the call, where the event starts from. */
export function canStart(event: RelationEvent, relation: Relation, call: Call): boolean {
  return relationAt(relation, call.nowMs).status === relationMachine.transitions[event].from;
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

/** The refusal of a caller who says of a relation what is not so (reference alibaba-bss Q26). */
export function disagreement(relation: Relation, named: Named = {}): Refusal | undefined {
  const actual = { ...relation, offerId: relation.offered?.id };
  const wrong = (['parentUid', 'childUid', 'policy', 'offerId'] as const).find(
    (name) => named[name] !== undefined && named[name] !== actual[name],
  );
  return wrong && new Refusal('RelationOtherwise', { fact: wrong });
}

function conditionsOf({ call, event, named = {}, assumed = {}, confirmed }: Firing): Fragment[] {
  const transition = relationMachine.transitions[event];
  const { lentCredit, policy, version } = assumed;
  return [
    standsAs(startsFrom(relationMachine.lapses, transition), call.nowMs),
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

/** Every transition settles what was offered: into effect if the child accepts it, else away, unless it offers anew. */
function changeOf({ event, relationId, call, effects = {} }: Firing): Fragment {
  const { grant, nick, offer } = effects;
  const { to } = relationMachine.transitions[event];
  const isAccepting = event === 'accept' || event === 'acceptChange';
  const set: Record<string, unknown> = {
    status: to,
    updatedAtMs: call.nowMs,
    ...ranks(to, relationId),
    ...(nick !== undefined && { nick }),
    ...(offer && {
      offered: [{ id: offer.id, permissions: offer.permissions }],
      deadlineMs: offer.deadlineMs,
      due: dueShard(relationId),
    }),
  };
  const assignments = Object.keys(set).map((name) => `#${name} = :set_${name}`);
  if (isAccepting || grant) {
    assignments.push(`#grants = list_append(#grants, ${isAccepting ? '#offered' : ':grants'})`);
    assignments.push('#grantedAtMs = list_append(#grantedAtMs, :times)');
  }
  const settled = offer ? [] : ['#offered', '#deadlineMs', '#due'];
  const removed = to === 'ended' ? [...settled, '#lentCredit'] : settled;
  return {
    text: `SET ${assignments.join(', ')}${removed.length > 0 ? ` REMOVE ${removed.join(', ')}` : ''} ADD #v :one`,
    values: {
      ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:set_${name}`, value])),
      ...(grant && { ':grants': [grant] }),
      ...((isAccepting || grant) && { ':times': [call.nowMs] }),
      ':one': 1,
    },
  };
}
