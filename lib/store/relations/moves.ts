import type { Call } from '#lib/call.ts';
import type { Grant, Offer, Said } from '#lib/domain/relation/permissions.ts';
import { disagreement, type Named, relationRules } from '#lib/domain/relation/refusals.ts';
import {
  type Policy,
  phaseOf,
  type Relation,
  type RelationEffect,
  type RelationEvent,
  type RelationParty,
  type RelationStatus,
  relationMachine,
} from '#lib/domain/relation/relation.ts';
import type { Refusal } from '#lib/errors.ts';
import type { Aggregate, Kind, Move } from '#lib/store/aggregate.ts';
import { ranks, ranksUnsettled, relationIdOf, relationKey } from '#lib/store/keys.ts';
import type { Owners } from '#lib/store/ledger.ts';
import { canStart, refusalOfMove } from '#lib/store/refusals.ts';
import { grantsApart, relationOf } from '#lib/store/relations/rows.ts';
import { type Slot, takeSlot } from '#lib/store/relations/slots.ts';
import { transition } from '#lib/store/transition.ts';
import type { Write } from '#lib/table/commit.ts';
import { anyOf, type Change, equal, type Fragment } from '#lib/table/expressions.ts';

export interface RelationKind extends Kind {
  readonly id: number;
  readonly status: RelationStatus;
  readonly event: RelationEvent;
  readonly party: RelationParty;
  readonly guard: 'permissionsAsOffered';
  readonly effect: RelationEffect;
  readonly state: Relation;
  readonly said: Said;
}

/** The relation aggregate. What moves stays counted as it was until it is settled (docs/decisions.md D17). */
export const relationAggregate: Aggregate<RelationKind> = {
  machine: relationMachine,
  rules: relationRules,
  subject: 'relation',
  sortKey: 'RELATION',
  key: relationKey,
  idOf: relationIdOf,
  read: relationOf,
  effects: {
    grantOffer: ({ nowMs }) => ({ append: { grants: 'offered', grantedAtMs: [nowMs] } }),
    closeCredit: () => ({ remove: ['lentCredit'] }),
  },
  waitsWith: ['offered'],
  placed: (status, id) => ({ set: ranksUnsettled(status, id), keep: { countedAs: 'status' } }),
};

/** The same of trusteeships. Whether a parent has one is a condition of writes, so what moves one counts it too. */
const trusteeshipAggregate: typeof relationAggregate = {
  ...relationAggregate,
  placed: (status, id) => ({ set: ranks(status, id, 'trusteeship') }),
};

/** What a move of a relation does besides moving the status. */
export interface Terms {
  /** Comes into effect now. */
  readonly grant?: Offer;
  /** The grants of before that are kept, and when the first came into effect, epoch ms; all are, unless these are said. */
  readonly kept?: { readonly grants: readonly Grant[]; readonly sinceMs: number | undefined };
  /** Awaits the child's answer until the deadline, epoch ms. */
  readonly offer?: Offer & { readonly deadlineMs: number };
  readonly nick?: string;
}

/** One move of a relation, and what its caller says of it. */
export interface RelationMove
  extends Pick<Move<RelationKind>, 'also' | 'call' | 'event' | 'lapse' | 'otherwise' | 'said'> {
  readonly relationId: number;
  readonly terms?: Terms;
  /** What must be so of the relation, because its caller says so. */
  readonly named?: Named;
  /** What the write was computed from. If that is no longer so and nothing else stands against it, it is `Stale`. */
  readonly assumed?: { readonly version?: number; readonly policy?: Policy; readonly lentCredit?: number };
  /** Credit that moves by it, minor currency units: negative when it goes back to the parent. */
  readonly amount?: number | undefined;
  /** The parties, where they are known beforehand. */
  readonly owners?: Owners | undefined;
  /** What holds the child's slot, of a relation that is accepted; nothing, it is supposed. */
  readonly held?: Slot;
}

/** The write of one move of a relation. Whatever brings it into effect takes the child's slot with it. */
export function fire(move: RelationMove): Write {
  const { also = [], amount, assumed, call, event, held, lapse, named = {}, otherwise, relationId, said } = move;
  const { owners = ownersNamed(move), terms = {} } = move;
  const retry = (slot: Slot) => fire({ ...move, held: slot });
  return transition(assumed?.policy === 'trusteeship' ? trusteeshipAggregate : relationAggregate, {
    event,
    lapse,
    otherwise,
    said,
    id: relationId,
    call,
    also: [...also, ...(bindsChild(event) ? takeSlot(call.uid ?? 0, relationId, held, retry) : [])],
    change: termsOf(terms, call),
    deadlineMs: terms.offer?.deadlineMs,
    conditions: [...namedAs(named), ...assumedAs(assumed)],
    disagreement: (relation) => disagreement(relation, named),
    owners,
    ...(amount !== undefined && { facts: { amount } }),
  });
}

/** Whether the event brings a relation into effect that was not. */
function bindsChild(event: RelationEvent): boolean {
  const { by, from, to } = relationMachine.transitions[event];
  return by === 'child' && from !== 'nothing' && phaseOf(from) === 'offered' && phaseOf(to) === 'inEffect';
}

/**
 * Fires whichever of two events the relation stands for: the first, for an invitation, in one round trip; the second,
 * for a pending change, only once the first was refused for it.
 */
export function fireEither(
  [first, second]: readonly [RelationEvent, RelationEvent],
  move: Omit<RelationMove, 'event'>,
): Write {
  const otherwise = (relation: Relation) =>
    canStart(relationAggregate, second, relation, move.call) ? fire({ ...move, event: second }) : undefined;
  return fire({ ...move, event: first, otherwise });
}

/** Why the event cannot be fired on the relation as it is: absence and party first, then what was named, status, guard. */
export function refusalOf(
  { call, event, named = {}, said }: Pick<RelationMove, 'call' | 'event' | 'named' | 'said'>,
  relation: Relation | undefined,
): Refusal | undefined {
  const move = { call, event, said, disagreement: (found: Relation) => disagreement(found, named) };
  return refusalOfMove(relationAggregate, move, relation);
}

/** The parties a caller has named, itself among them; what it says is a condition of the write, so the event is theirs. */
function ownersNamed(move: RelationMove): Owners | undefined {
  const { call, event, named = {} } = move;
  const { by } = relationMachine.transitions[event];
  const parentUid = named.parentUid ?? (by === 'parent' ? call.uid : undefined);
  const childUid = named.childUid ?? (by === 'child' ? call.uid : undefined);
  return parentUid === undefined || childUid === undefined ? undefined : [parentUid, childUid];
}

function termsOf({ grant, kept, nick, offer }: Terms, { nowMs }: Call): Change {
  const granted = grant && kept ? [{ ...grant, sinceMs: nowMs }] : [];
  return {
    set: {
      ...(kept && { ...grantsApart([...kept.grants, ...granted]), sinceMs: kept.sinceMs }),
      ...(nick !== undefined && { nick }),
      ...(offer && { offered: [{ id: offer.id, permissions: offer.permissions }] }),
    },
    ...(grant && !kept && { append: { grants: [grant], grantedAtMs: [nowMs] } }),
  };
}

function namedAs({ offerId, ...named }: Named): Fragment[] {
  return [...equal(named, 'named'), ...equal({ 'offered[0].id': offerId }, 'named')];
}

/** A relation along which nothing was ever lent does not say how much is. */
function assumedAs({ lentCredit, policy, version }: NonNullable<RelationMove['assumed']> = {}): Fragment[] {
  const lent = equal({ lentCredit }, 'assumed');
  return [
    ...equal({ policy, v: version }, 'assumed'),
    ...(lentCredit === 0 ? [anyOf([{ text: 'attribute_not_exists(#lentCredit)' }, ...lent])] : lent),
  ];
}
