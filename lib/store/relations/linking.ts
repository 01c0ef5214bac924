import type { Relation } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { relationKey, slotKey, tallyKey } from '#lib/store/keys.ts';
import { checkClear } from '#lib/store/obstacles.ts';
import { isRecordedPast, isUnchanged, type Slot } from '#lib/store/relations/slots.ts';
import { Stale, type Write } from '#lib/table/commit.ts';
import { anyOf, type Fragment } from '#lib/table/expressions.ts';
import { check } from '#lib/table/items.ts';

/**
 * Checks that nothing stands in the way of linking the parties of a relation (docs/vendors/volcengine-billing.md 1.8). That a parent in
 * management is not frozen its tally tells, which is written anyway; its standing is checked if it was frozen when it was read, for the
 * tallies of accounts that were frozen before they told.
 */
export function linkingGuards(relation: Relation, parentSlot: Slot, wasFrozen = false): Write {
  const { childUid, parentUid, policy } = relation;
  if (policy === 'management') return wasFrozen ? [checkClear(parentUid, { frozen: 'ParentFrozen' })] : [];
  return [
    ...isNotInTrusteeship(parentUid, parentSlot),
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

function isNotInTrusteeship(uid: number, slot: Slot): Write {
  const refused = () => new Refusal('ParentInTrusteeship', { uid });
  return [
    check(slotKey(uid), [isUnchanged(slot)], () => new Stale()),
    ...(slot.relationId === undefined
      ? []
      : [check(relationKey(slot.relationId), [anyOf([notTrusteeship, isRecordedPast])], refused)]),
  ];
}
