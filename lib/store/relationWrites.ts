import { actingUid, type Call } from '#lib/call.ts';
import { startsFrom, storedForms } from '#lib/domain/machine.ts';
import type { Permission } from '#lib/domain/permissions.ts';
import { refusalOfActor, refusalOfState } from '#lib/domain/refusals.ts';
import {
  type Policy,
  phaseOf,
  type Relation,
  type RelationEvent,
  relationAt,
  relationMachine,
  relationStatuses,
} from '#lib/domain/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { IdTaken, type Write, type WriteItem } from '#lib/store/commit.ts';
import { eventOf } from '#lib/store/events.ts';
import { anyOf, type Fragment, standsAs } from '#lib/store/expressions.ts';
import { absent, check, create, neverRefused, put, update } from '#lib/store/items.ts';
import { dueShard, parentKey, relationKey, tallyKey } from '#lib/store/keys.ts';
import { ranks, relationOf, rowOf } from '#lib/store/relationRows.ts';

/** The latest relation of an account as a child, as its lock names it. */
export interface Lock {
  readonly relationId: number;
}

/** What the table knows of two accounts before a relation between them is opened. */
export interface Precedents {
  readonly childLock: Lock | undefined;
  readonly parentLock: Lock | undefined;
}

/** What a transition does besides moving the status. Times are epoch ms. */
export interface Effects {
  /** Comes into effect now. */
  readonly grant?: readonly Permission[];
  /** Awaits the child's answer until the deadline. */
  readonly offer?: { readonly permissions: readonly Permission[]; readonly deadlineMs: number };
  readonly nick?: string;
}

/** The parties, as far as a caller named them beside the relation. */
export interface Named {
  readonly parentUid?: number | undefined;
  readonly childUid?: number | undefined;
}

/** What a caller said of the relation, or what was computed from it, that must still hold when it is written. */
export interface Expectations extends Named {
  readonly version?: number;
  readonly policy?: Policy;
}

export interface Firing {
  readonly event: RelationEvent;
  readonly relationId: number;
  readonly call: Call;
  readonly effects?: Effects;
  readonly expected?: Expectations;
  /** Further items of the same transaction. */
  readonly also?: readonly WriteItem[];
  /** Asked when the write is refused: another write the relation's state calls for instead, if any. */
  readonly otherwise?: (relation: Relation) => Write | undefined;
}

const pastForms = relationStatuses
  .filter((status) => phaseOf(status) === 'past')
  .flatMap((status) => storedForms(relationMachine.lapses, status));

/**
 * The write that opens a relation: its row, its first event, the child's lock, the parent's tally. Refused with
 * `ChildAlreadyRelated` while the child has a live relation; for a trusteeship also with `ParentInTrusteeship` and
 * `ChildHoldsTrusteeships` (design section 4).
 */
export function open(relation: Relation, event: 'establish' | 'invite', precedents: Precedents, call: Call): Write {
  const { childUid, parentUid, policy } = relation;
  const related = () => new Refusal('ChildAlreadyRelated', { uid: childUid });
  const { childLock } = precedents;
  const trusteeships = policy === 'trusteeship' ? ', #trusteeships :one' : '';
  return [
    create(rowOf(relation), () => new IdTaken()),
    put(
      { ...parentKey(childUid), type: 'lock', relationId: relation.id, parentUid },
      [childLock ? { text: '#relationId = :latest', values: { ':latest': childLock.relationId } } : absent],
      related,
    ),
    ...(childLock ? [check(relationKey(childLock.relationId), [standsAs(pastForms, call.nowMs)], related)] : []),
    ...(policy === 'trusteeship' ? trusteeshipChecks(relation, precedents, call) : []),
    update(
      tallyKey(parentUid),
      { text: `ADD #relations :one${trusteeships}`, values: { ':one': 1 } },
      [],
      neverRefused,
    ),
    eventOf(relation.id, event, call),
  ];
}

/** The write of one transition: the relation's row under every condition the state table sets, and the event. */
export function fire(firing: Firing): Write {
  const { call, event, otherwise, relationId } = firing;
  return [
    update(relationKey(relationId), changeOf(firing), conditionsOf(firing), (row) => {
      const relation = row && relationOf(row);
      const instead = relation && otherwise?.(relation);
      return instead ?? refusal(firing, relation);
    }),
    ...(firing.also ?? []),
    eventOf(relationId, event, call),
  ];
}

/** Whether the relation stands, at the time of the call, where the event starts from. */
export function canStart(event: RelationEvent, relation: Relation, call: Call): boolean {
  return relationAt(relation, call.nowMs).status === relationMachine.transitions[event].from;
}

function refusal({ event, call, expected }: Firing, relation: Relation | undefined): Refusal {
  return (
    refusalOfActor(event, relation, actingUid(call.caller)) ??
    (relation && disagreement(relation, expected)) ??
    (relation && refusalOfState(event, relation, call.nowMs)) ??
    new Refusal('Busy', {})
  );
}

/** The refusal of a caller who names a relation, and beside it parties that are not its own (reference alibaba-bss Q26). */
export function disagreement(relation: Relation, named: Named = {}): Refusal | undefined {
  const { parentUid = relation.parentUid, childUid = relation.childUid } = named;
  if (parentUid === relation.parentUid && childUid === relation.childUid) return undefined;
  return new Refusal('ParametersDisagree', { parameters: 'RelationId, ParentUserId and ChildUserId' });
}

const guards = {
  permissionsAsOffered: ({ effects }: Firing): Fragment => ({
    text: '#offered = :granted',
    values: { ':granted': effects?.grant ?? [] },
  }),
};

function conditionsOf(firing: Firing): Fragment[] {
  const { call, event, expected = {} } = firing;
  const transition = relationMachine.transitions[event];
  const party = {
    ...expected,
    ...(transition.by !== 'clock' && { [`${transition.by}Uid`]: actingUid(call.caller) ?? 0 }),
  };
  const equalities = {
    parentUid: party.parentUid,
    childUid: party.childUid,
    policy: expected.policy,
    v: expected.version,
  };
  return [
    standsAs(startsFrom(relationMachine.lapses, transition), call.nowMs),
    ...Object.entries(equalities)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => ({ text: `#${name} = :${name}`, values: { [`:${name}`]: value } })),
    ...(transition.guard ? [guards[transition.guard](firing)] : []),
  ];
}

function changeOf({ event, relationId, call, effects = {} }: Firing): Fragment {
  const { grant, nick, offer } = effects;
  const { to } = relationMachine.transitions[event];
  const set: Record<string, unknown> = {
    status: to,
    updatedAtMs: call.nowMs,
    ...ranks(to, relationId),
    ...(nick !== undefined && { nick }),
    ...(offer && { offered: offer.permissions, deadlineMs: offer.deadlineMs, due: dueShard(relationId) }),
  };
  const assignments = Object.keys(set).map((name) => `#${name} = :set_${name}`);
  if (grant) assignments.push('#grants = list_append(#grants, :grants)');
  return {
    text: `SET ${assignments.join(', ')}${offer ? '' : ' REMOVE #offered, #deadlineMs, #due'} ADD #v :one`,
    values: {
      ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:set_${name}`, value])),
      ...(grant && { ':grants': [{ sinceMs: call.nowMs, permissions: grant }] }),
      ':one': 1,
    },
  };
}

function trusteeshipChecks({ parentUid, childUid }: Relation, { parentLock }: Precedents, { nowMs }: Call): Write {
  const inTrusteeship = () => new Refusal('ParentInTrusteeship', { uid: parentUid });
  const holds = () => new Refusal('ChildHoldsTrusteeships', { uid: childUid });
  const notTrusteeship: Fragment = { text: '#policy <> :trusteeship', values: { ':trusteeship': 'trusteeship' } };
  const free = anyOf([notTrusteeship, standsAs(pastForms, nowMs)]);
  const unburdened = anyOf([
    { text: 'attribute_not_exists(#trusteeships)' },
    { text: '#trusteeships = :none', values: { ':none': 0 } },
  ]);
  return [
    ...(parentLock
      ? [
          check(
            parentKey(parentUid),
            [{ text: '#relationId = :latest', values: { ':latest': parentLock.relationId } }],
            inTrusteeship,
          ),
          check(relationKey(parentLock.relationId), [free], inTrusteeship),
        ]
      : [check(parentKey(parentUid), [absent], inTrusteeship)]),
    check(tallyKey(childUid), [unburdened], holds),
  ];
}
