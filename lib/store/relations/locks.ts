import { phaseOf, relationStatuses } from '#lib/domain/relation/relation.ts';
import { standsAs } from '#lib/store/transition.ts';
import type { Fragment } from '#lib/table/expressions.ts';
import { absent } from '#lib/table/items.ts';

/** A pointer to the latest relation of a child, or of an alias; it stays when that relation has ended. */
export interface Lock {
  readonly relationId: number;
}

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
