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

/** A pointer to a relation; it stays when that relation is past. */
export interface Pointer {
  readonly relationId: number;
}

/**
 * What a child's slot says: the relation that took it last, unless that was tidied away. `parentUid` stands only where the
 * slot was written by the rule of before, as the latest relation of the child, in effect or not: then it is the latest of that pair too.
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

/** That a pointer still points where it did when it was read. */
export function isStill(pointer: Slot | undefined): Fragment {
  if (pointer?.relationId === undefined) return vacant;
  return { text: '#relationId = :latest', values: { ':latest': pointer.relationId } };
}

/** That a pointer points nowhere, or that there is none. */
const vacant: Fragment = { text: 'attribute_not_exists(#relationId)' };

/** That a relation is past and recorded as such. One that is only overdue is not: a process whose clock is behind may still accept it. */
export const settledPast: Fragment = inPhases('past');

/** That a relation does not bind its child. It cannot come to without taking the slot. */
const notInEffect: Fragment = inPhases('past', 'offered');

/**
 * Takes the child's slot for a relation that is accepted. It is supposed to be free, or the relation's own already; refused with the
 * slot as it is, it is taken from the relation that held it: refused with `ChildAlreadyRelated` if that is in effect.
 */
export function takeSlot(
  childUid: number,
  relationId: number,
  held: Slot | undefined,
  refused: (slot: Slot) => Write,
): Write {
  const isHeld = held?.relationId !== undefined;
  const own: Fragment = { text: '#relationId = :own', values: { ':own': relationId } };
  const condition = isHeld ? isStill(held) : anyOf([vacant, own]);
  const change = together(slotRow.marks, { set: { relationId }, remove: isHeld ? ['parentUid'] : [] });
  // Only management relations are ever invited to, so only they are accepted.
  const related = () => new Refusal('ChildAlreadyRelated', { uid: childUid, policy: 'management' });
  return [
    update(slotKey(childUid), change, [condition], (row) => refused(slotOf(row))),
    ...(isHeld ? freed(childUid, held, related) : []),
  ];
}

/** Takes the child's slot for a relation that is in effect at once; `Stale` unless the slot is as it was read. */
export function claimSlot(childUid: number, relationId: number, held: Slot): WriteItem {
  const change = together(slotRow.marks, { set: { relationId }, remove: ['parentUid'] });
  return update(slotKey(childUid), change, [isStill(held)], () => new Stale());
}

/** Leaves the child's slot vacant, so that accepting finds it so; `Stale` unless the slot is as it was read. */
export function tidySlot(childUid: number, held: Slot): WriteItem {
  if (held.relationId === undefined) return check(slotKey(childUid), [vacant], () => new Stale());
  const change = together(slotRow.marks, { remove: ['relationId', 'parentUid'] });
  return update(slotKey(childUid), change, [isStill(held)], () => new Stale());
}

/** That the relation which held a slot is not in effect. What the slot said of a pair is kept as the pair's own. */
export function freed(childUid: number, { parentUid, relationId }: Slot, refused: () => Refusal): Write {
  if (relationId === undefined) return [];
  return [
    check(relationKey(relationId), [notInEffect], refused),
    ...(parentUid === undefined ? [] : [pointPair(parentUid, childUid, relationId, undefined)]),
  ];
}

/** Makes a relation the latest of its pair; `Stale` unless the pair's pointer is as it was read. */
export function pointPair(
  parentUid: number,
  childUid: number,
  relationId: number,
  pair: Pointer | undefined,
): WriteItem {
  const change = together(pairRow.marks, { set: { relationId } });
  return update(pairKey(parentUid, childUid), change, [isStill(pair)], () => new Stale());
}

/** The slot of a row, or of none. */
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
