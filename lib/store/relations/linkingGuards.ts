import type { Relation } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { parentKey, relationKey, tallyKey } from '#lib/store/keys.ts';
import { isStill, type Lock, settledPast } from '#lib/store/relations/locks.ts';
import { checkUntroubled } from '#lib/store/standings.ts';
import { Stale, type Write } from '#lib/table/commit.ts';
import { anyOf, type Fragment } from '#lib/table/expressions.ts';
import { check } from '#lib/table/items.ts';

/** What must not stand against the linking of a relation's parties, by its policy (reference volcengine-billing 1.8). */
export function linkingGuards(relation: Relation, parentLock: Lock | undefined): Write {
  const { childUid, parentUid, policy } = relation;
  if (policy === 'management') return [checkUntroubled(parentUid, { frozen: 'ParentFrozen' })];
  return [
    ...isNotInTrusteeship(parentUid, parentLock),
    check(tallyKey(childUid), [holdsNone], () => new Refusal('ChildHoldsTrusteeships', { uid: childUid })),
    checkUntroubled(parentUid, { frozen: 'ParentFrozen', overdrawn: 'ParentOverdrawnAtLinking' }),
    checkUntroubled(childUid, {
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
