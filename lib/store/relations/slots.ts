import * as v from 'valibot';
import { phaseOf, type RelationStatus, relationStatuses } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { pairKey, relationKey, slotKey } from '#lib/store/keys.ts';
import { standsAs } from '#lib/store/transition.ts';
import { Stale, type Write, type WriteItem } from '#lib/table/commit.ts';
import { anyOf, type Fragment, together } from '#lib/table/expressions.ts';
import { check, update } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Row } from '#lib/table/table.ts';

/** Points to a relation, also after that is past. */
export interface Pointer {
  readonly relationId: number;
}

/**
 * A child's slot: the relation that took it last, unless it was emptied since. Only slots written by an earlier version
 * have `parentUid`. Those hold the latest relation of the child, in effect or not, which is also the latest of that pair.
 */
export interface Slot {
  readonly relationId?: number | undefined;
  readonly parentUid?: number | undefined;
}

export const slotRow = rowKind({
  type: 'slot',
  shape: v.object({ relationId: v.optional(v.number()), parentUid: v.optional(v.number()) }),
});
export const aliasRow = rowKind({ type: 'alias', shape: v.object({ relationId: v.number() }) });
export const pairRow = rowKind({ type: 'pair', shape: v.object({ relationId: v.number() }) });

/** The latest relation of a pair, if they ever had one. */
export function latestOfPair(parentUid: number, pair: Pointer | undefined, slot: Slot | undefined): number | undefined {
  return pair?.relationId ?? (slot?.parentUid === parentUid ? slot.relationId : undefined);
}

/** Holds if a pointer has not changed since it was read. */
export function isUnchanged(pointer: Slot | undefined): Fragment {
  if (pointer?.relationId === undefined) return isVacant;
  return { text: '#relationId = :latest', values: { ':latest': pointer.relationId } };
}

/** Holds if a pointer points nowhere, or does not exist. */
const isVacant: Fragment = { text: 'attribute_not_exists(#relationId)' };

/** Holds if a relation is recorded as past. An overdue one is not enough: a process whose clock is behind may still accept it. */
export const isRecordedPast: Fragment = inPhases('past');

/** Holds if a relation does not bind its child. To do so it would have to take the slot. */
const isNotInEffect: Fragment = inPhases('past', 'offered');

/**
 * Takes the child's slot for a relation that is accepted. With `held` left out, the slot is assumed to be free or the
 * relation's own; if it is not, `refused` is called with the slot as it is and gives the write to try next. That takes the
 * slot over, or is refused with `ChildAlreadyRelated` if the relation that holds it is in effect.
 */
export function takeSlot(
  childUid: number,
  relationId: number,
  held: Slot | undefined,
  refused: (slot: Slot) => Write,
): Write {
  const isHeld = held?.relationId !== undefined;
  const own: Fragment = { text: '#relationId = :own', values: { ':own': relationId } };
  const condition = isHeld ? isUnchanged(held) : anyOf([isVacant, own]);
  const change = together(slotRow.marks, { set: { relationId }, remove: isHeld ? ['parentUid'] : [] });
  // Only management relations begin as invitations, so only they are accepted.
  const related = () => new Refusal('ChildAlreadyRelated', { uid: childUid, policy: 'management' });
  return [
    update(slotKey(childUid), change, [condition], (row) => refused(slotOf(row))),
    ...(isHeld ? checkFreed(childUid, held, related) : []),
  ];
}

/** Takes the child's slot for a relation that takes effect at once; `Stale` if the slot has changed since it was read. */
export function claimSlot(childUid: number, relationId: number, held: Slot): WriteItem {
  const change = together(slotRow.marks, { set: { relationId }, remove: ['parentUid'] });
  return update(slotKey(childUid), change, [isUnchanged(held)], () => new Stale());
}

/** Empties the child's slot, so that accepting finds it free; `Stale` if the slot has changed since it was read. */
export function emptySlot(childUid: number, held: Slot): WriteItem {
  if (held.relationId === undefined) return check(slotKey(childUid), [isVacant], () => new Stale());
  const change = together(slotRow.marks, { remove: ['relationId', 'parentUid'] });
  return update(slotKey(childUid), change, [isUnchanged(held)], () => new Stale());
}

/** No relation has this id. A slot that it holds is never free again. */
const NOBODY = 0;

/** Closes a child's slot for good, which nothing in effect may hold; `Stale` if it has changed since it was read, or is held. */
export function closeSlot(childUid: number, held: Slot): Write {
  const { relationId } = held;
  const change = together(slotRow.marks, { set: { relationId: NOBODY }, remove: ['parentUid'] });
  const stale = () => new Stale();
  return [
    update(slotKey(childUid), change, [isUnchanged(held)], stale),
    ...(relationId === undefined ? [] : [check(relationKey(relationId), [isRecordedPast], stale)]),
  ];
}

/** Checks that the relation which held a slot is not in effect. Moves what an old slot says of a pair to the pair's pointer. */
export function checkFreed(childUid: number, { parentUid, relationId }: Slot, refused: () => Refusal): Write {
  if (relationId === undefined) return [];
  return [
    check(relationKey(relationId), [isNotInEffect], refused),
    ...(parentUid === undefined ? [] : [pointPair(parentUid, childUid, relationId, undefined)]),
  ];
}

/** Makes a relation the latest of its pair; `Stale` if the pair's pointer has changed since it was read. */
export function pointPair(
  parentUid: number,
  childUid: number,
  relationId: number,
  pair: Pointer | undefined,
): WriteItem {
  const change = together(pairRow.marks, { set: { relationId } });
  return update(pairKey(parentUid, childUid), change, [isUnchanged(pair)], () => new Stale());
}

/** The slot in a row; an empty one without a row. */
export function slotOf(row: Row | undefined): Slot {
  return slotRow.read(row ?? {});
}

function inPhases(...phases: readonly ReturnType<typeof phaseOf>[]): Fragment {
  const statuses: RelationStatus[] = relationStatuses.filter((status) => phases.includes(phaseOf(status)));
  return standsAs(
    statuses.map((status) => ({ status })),
    0,
  );
}
