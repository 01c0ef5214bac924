import * as v from 'valibot';
import { phaseOf, type Relation, relationStatuses } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { parentKey, relationKey, tallyKey } from '#lib/store/keys.ts';
import { checkClear } from '#lib/store/standings.ts';
import { standsAs } from '#lib/store/transition.ts';
import { Stale, type Write } from '#lib/table/commit.ts';
import { anyOf, type Fragment } from '#lib/table/expressions.ts';
import { absent, check } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';

/** What must not stand against linking the parties, by the relation's policy (docs/vendors/volcengine-billing.md 1.8). */
export function linkingGuards(relation: Relation, parentLock: Lock | undefined): Write {
  const { childUid, parentUid, policy } = relation;
  if (policy === 'management') return [checkClear(parentUid, { frozen: 'ParentFrozen' })];
  return [
    ...isNotInTrusteeship(parentUid, parentLock),
    check(tallyKey(childUid), [holdsNone], () => new Refusal('ChildHoldsTrusteeships', { uid: childUid })),
    checkClear(parentUid, { frozen: 'ParentFrozen', overdrawn: 'ParentOverdrawnAtLinking' }),
    checkClear(childUid, {
      openOrders: 'OrdersOpenAtLinking',
      overdrawn: 'ChildInArrearsAtLinking',
      arrears: 'ChildInArrearsAtLinking',
    }),
  ];
}

const holdsNone: Fragment = anyOf([
  { text: 'attribute_not_exists(#trusteeships)' },
  { text: '#trusteeships = :none', values: { ':none': 0 } },
]);

const notTrusteeship: Fragment = { text: '#policy <> :trusteeship', values: { ':trusteeship': 'trusteeship' } };

function isNotInTrusteeship(uid: number, lock: Lock | undefined): Write {
  const refused = () => new Refusal('ParentInTrusteeship', { uid });
  return [
    check(parentKey(uid), [isStill(lock)], () => new Stale()),
    ...(lock ? [check(relationKey(lock.relationId), [anyOf([notTrusteeship, settledPast])], refused)] : []),
  ];
}

/** A pointer to the latest relation of a child, or of an alias; it stays when that relation has ended. */
export interface Lock {
  readonly relationId: number;
}

export const lockRow = rowKind({
  type: 'lock',
  shape: v.object({ relationId: v.number(), parentUid: v.optional(v.number()) }),
});
export const aliasRow = rowKind({ type: 'alias', shape: v.object({ relationId: v.number() }) });

/** That a lock still points where it did when it was read. */
export function isStill(lock: Lock | undefined): Fragment {
  return lock ? { text: '#relationId = :latest', values: { ':latest': lock.relationId } } : absent;
}

/**
 * That a relation is past and recorded as such. One that is only overdue is not: another process, whose clock is behind, may
 * still take it for an invitation.
 */
export const settledPast: Fragment = standsAs(
  relationStatuses.filter((status) => phaseOf(status) === 'past').map((status) => ({ status })),
  0,
);
