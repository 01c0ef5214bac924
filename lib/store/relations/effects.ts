import type { Call } from '#lib/call.ts';
import type { Offer } from '#lib/domain/relation/permissions.ts';
import { type RelationEvent, relationMachine } from '#lib/domain/relation/relation.ts';
import { dueShard } from '#lib/store/keys.ts';
import { ranks } from '#lib/store/relations/rows.ts';
import type { Fragment } from '#lib/table/expressions.ts';

/** What a change does besides moving the status. Times are epoch ms, money is in minor currency units. */
export interface Effects {
  /** Comes into effect now. */
  readonly grant?: Offer;
  /** Awaits the child's answer until the deadline. */
  readonly offer?: Offer & { readonly deadlineMs: number };
  readonly nick?: string;
  /** What is lent along the relation from now on. */
  readonly lentCredit?: number;
  /** Takes the relation out of every list. */
  readonly cleansUp?: boolean;
}

/**
 * How a relation's row changes by an event, or by its effects alone. The only place from which the status of a relation that is
 * there is written, and it comes from the state table. Every transition settles what was offered: into effect if the child accepts
 * it, else away, unless it offers anew.
 */
export function changeOf(
  event: RelationEvent | undefined,
  relationId: number,
  call: Call,
  effects: Effects = {},
): Fragment {
  const { grant } = effects;
  const set = assigned(event, relationId, call, effects);
  const assignments = Object.keys(set).map((name) => `#${name} = :set_${name}`);
  // As every read before the sweep has said.
  if (isOfClock(event)) assignments.push('#updatedAtMs = #deadlineMs');
  const isAccepting = event === 'accept' || event === 'acceptChange';
  if (isAccepting || grant) {
    assignments.push(`#grants = list_append(#grants, ${isAccepting ? '#offered' : ':grants'})`);
    assignments.push('#grantedAtMs = list_append(#grantedAtMs, :times)');
  }
  const removed = removedBy(event, effects);
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

function isOfClock(event: RelationEvent | undefined): boolean {
  return event !== undefined && relationMachine.transitions[event].by === 'clock';
}

function assigned(
  event: RelationEvent | undefined,
  relationId: number,
  call: Call,
  { cleansUp, lentCredit, nick, offer }: Effects,
): Readonly<Record<string, unknown>> {
  const status = event && relationMachine.transitions[event].to;
  return {
    ...(status && { status, ...(!cleansUp && ranks(status, relationId)) }),
    ...(event && !isOfClock(event) && { updatedAtMs: call.nowMs }),
    ...(cleansUp && { cleanedUp: true }),
    ...(nick !== undefined && { nick }),
    ...(lentCredit !== undefined && { lentCredit }),
    ...(offer && {
      offered: [{ id: offer.id, permissions: offer.permissions }],
      deadlineMs: offer.deadlineMs,
      due: dueShard(relationId),
    }),
  };
}

function removedBy(event: RelationEvent | undefined, { cleansUp, offer }: Effects): string[] {
  return [
    ...(event && !offer ? ['#offered', '#deadlineMs', '#due'] : []),
    ...(event && relationMachine.transitions[event].to === 'ended' ? ['#lentCredit'] : []),
    ...(cleansUp ? ['#gsi1pk', '#gsi1sk', '#gsi2pk', '#gsi2sk'] : []),
  ];
}
