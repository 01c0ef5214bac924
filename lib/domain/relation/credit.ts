import { MOST_MONEY, type Standing } from '#lib/domain/account.ts';
import { isInEffect, permissionsInEffect, type Relation } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';

/** Credit to be lent by parent to child, or, if the amount is negative, taken back. Minor currency units. */
export interface Allocation {
  readonly relation: Relation;
  readonly parent: Standing;
  readonly child: Standing;
  readonly amount: number;
  /** What the parent has lent in all its relations. */
  readonly lentInAll: number;
}

/** The parties' standings after an allocation, and what is then lent in the relation. */
export interface Allocated {
  readonly parent: Standing;
  readonly child: Standing;
  readonly lentCredit: number;
}

/**
 * Moves credit: what one party loses, the other gains. A parent lends at most what it has available, and only if the
 * relation shares credit. It takes back at most what is lent and what the child still has. All a parent has lent may come
 * back at once when relations end, so it is limited to the largest amount, to keep balances exact. Throws the refusal
 * (docs/vendors/volcengine-billing.md 1.3, point 3, and 1.9).
 */
export function allocated({ relation, parent, child, amount, lentInAll }: Allocation): Allocated {
  if (!isInEffect(relation)) throw new Refusal('RelationUnknown', {});
  if (relation.policy !== 'management') throw new Refusal('RelationNotManagement', {});
  const mayLend = permissionsInEffect(relation).includes('share-credit');
  if (amount > 0 && !mayLend) throw new Refusal('CreditNotShared', {});
  if (relation.lentCredit + amount < 0) throw new Refusal('CreditBeyondLent', { lentCredit: relation.lentCredit });
  const giver = amount > 0 ? parent : child;
  const giverUid = amount > 0 ? relation.parentUid : relation.childUid;
  if (giver.availableBalance < Math.abs(amount)) throw new Refusal('CreditBeyondBalance', { uid: giverUid });
  const taker = amount > 0 ? child : parent;
  const lentCredit = relation.lentCredit + amount;
  const lends = Math.max(lentInAll + amount, lentCredit);
  if (taker.availableBalance + Math.abs(amount) > MOST_MONEY || (amount > 0 && lends > MOST_MONEY)) {
    throw new Refusal('ParameterInvalid', { parameter: 'Amount', fault: 'range' });
  }
  return {
    parent: { ...parent, availableBalance: parent.availableBalance - amount },
    child: { ...child, availableBalance: child.availableBalance + amount },
    lentCredit,
  };
}
