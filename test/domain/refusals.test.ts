import { describe, expect, it } from 'vitest';
import type { Permission } from '#lib/domain/relation/permissions.ts';
import { relationRules } from '#lib/domain/relation/refusals.ts';
import {
  INVITATION_TTL_MS,
  type Relation,
  type RelationEvent,
  relationMachine,
} from '#lib/domain/relation/relation.ts';
import * as rules from '#lib/domain/rules.ts';
import { aRelation, child, nowMs, parent } from '#test/domain/relations.ts';

const STRANGER = 99;
const byParent = eventsBy('parent');
const byChild = eventsBy('child');
const byClock = eventsBy('clock');

function eventsBy(actor: string): RelationEvent[] {
  return Object.keys(relationMachine.transitions)
    .filter((key): key is RelationEvent => key in relationMachine.transitions)
    .filter((event) => relationMachine.transitions[event].by === actor);
}

function refusalOfActor(event: RelationEvent, relation: Relation | undefined, actorUid: number | undefined) {
  return rules.refusalOfActor(relationMachine, relationRules, event, relation, actorUid);
}

function refusalOfState(
  event: RelationEvent,
  relation: Relation,
  confirmed: readonly Permission[] | undefined,
  atMs: number,
) {
  return rules.refusalOfState(relationMachine, relationRules, event, relation, { confirmed }, atMs);
}

/** The reason for a refusal, with its parts checked in the order in which writes check them. */
function reasonOf(
  event: RelationEvent,
  relation: Relation | undefined,
  actorUid: number | undefined,
  confirmed: readonly Permission[] = [],
) {
  const refusal =
    refusalOfActor(event, relation, actorUid) ?? (relation && refusalOfState(event, relation, confirmed, nowMs));
  return refusal?.reason;
}

describe('a refusal names', () => {
  it.each([...byParent, ...byChild, ...byClock])('absence before all else: %s', (event) => {
    expect(reasonOf(event, undefined, parent.uid)).toBe('RelationUnknown');
    expect(reasonOf(event, undefined, undefined)).toBe('RelationUnknown');
  });

  it.each([...byParent, ...byChild])('to a stranger nothing but absence, whatever the status: %s', (event) => {
    for (const uid of [STRANGER, undefined]) {
      expect(reasonOf(event, aRelation(), uid)).toBe('RelationUnknown');
      expect(reasonOf(event, aRelation({ status: 'ended' }), uid)).toBe('RelationUnknown');
    }
  });

  it.each(byParent)('the role before the status: %s by the child', (event) => {
    expect(reasonOf(event, aRelation({ status: 'ended' }), child.uid)).toBe('CallerNotParent');
  });

  it.each(byChild)('the role before status and guard: %s by the parent', (event) => {
    expect(reasonOf(event, aRelation({ status: 'ended' }), parent.uid)).toBe('CallerNotChild');
    expect(reasonOf(event, aRelation(), parent.uid)).toBe('CallerNotChild');
  });

  it.each(byClock)('no actor when the clock acts: %s', (event) => {
    expect(refusalOfActor(event, aRelation(), undefined)).toBeUndefined();
    expect(refusalOfActor(event, aRelation(), STRANGER)).toBeUndefined();
  });

  it('the status before the guard', () => {
    expect(reasonOf('accept', aRelation({ status: 'declined', deadlineMs: undefined }), child.uid)).toBe(
      'RelationDeclined',
    );
    expect(reasonOf('acceptChange', aRelation(), child.uid)).toBe('RelationInviting');
  });

  it('the guard when nothing else stands against it', () => {
    expect(reasonOf('accept', aRelation(), child.uid)).toBe('PermissionsDiffer');
  });

  it('no guard of a child that takes whatever is offered', () => {
    expect(refusalOfState('accept', aRelation(), undefined, nowMs)).toBeUndefined();
  });

  it('the status the clock has brought about', () => {
    const late = nowMs + INVITATION_TTL_MS;
    expect(refusalOfState('accept', aRelation(), undefined, late)?.reason).toBe('RelationExpired');
    expect(refusalOfState('acceptChange', aRelation({ status: 'changing' }), undefined, late)?.reason).toBe(
      'RelationActive',
    );
  });

  it('nothing when the event may be fired', () => {
    expect(reasonOf('accept', aRelation(), child.uid, ['view-bills'])).toBeUndefined();
    expect(reasonOf('decline', aRelation(), child.uid)).toBeUndefined();
    expect(reasonOf('withdraw', aRelation(), parent.uid)).toBeUndefined();
  });
});
