import type { Call } from '#lib/call.ts';
import type { Offer } from '#lib/domain/permissions.ts';
import { type RelationEvent, relationMachine } from '#lib/domain/relation.ts';
import type { Fragment } from '#lib/store/expressions.ts';
import { dueShard } from '#lib/store/keys.ts';
import { ranks } from '#lib/store/relationRows.ts';

/** What a transition does besides moving the status. Times are epoch ms. */
export interface Effects {
  /** Comes into effect now. */
  readonly grant?: Offer;
  /** Awaits the child's answer until the deadline. */
  readonly offer?: Offer & { readonly deadlineMs: number };
  readonly nick?: string;
}

/** Every transition settles what was offered: into effect if the child accepts it, else away, unless it offers anew. */
export function changeOf(event: RelationEvent, relationId: number, call: Call, effects: Effects = {}): Fragment {
  const { grant, nick, offer } = effects;
  const { by, to } = relationMachine.transitions[event];
  const isAccepting = event === 'accept' || event === 'acceptChange';
  const set: Record<string, unknown> = {
    status: to,
    ...(by !== 'clock' && { updatedAtMs: call.nowMs }),
    ...ranks(to, relationId),
    ...(nick !== undefined && { nick }),
    ...(offer && {
      offered: [{ id: offer.id, permissions: offer.permissions }],
      deadlineMs: offer.deadlineMs,
      due: dueShard(relationId),
    }),
  };
  const assignments = Object.keys(set).map((name) => `#${name} = :set_${name}`);
  // As every read before the sweep has said.
  if (by === 'clock') assignments.push('#updatedAtMs = #deadlineMs');
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
