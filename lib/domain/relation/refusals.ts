import { isSameSet, type Permission } from '#lib/domain/relation/permissions.ts';
import { wrongStatus } from '#lib/domain/relation/reasons.ts';
import {
  isParty,
  type Policy,
  type Relation,
  type RelationEvent,
  relationAt,
  relationMachine,
} from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';

/** What else a caller said of the relation it named; it must be so. */
export interface Named {
  readonly parentUid?: number | undefined;
  readonly childUid?: number | undefined;
  readonly policy?: Policy | undefined;
  /** The id of the permissions that await an answer. */
  readonly offerId?: number | undefined;
}

/** The refusal of a caller who says of a relation what is not so (reference alibaba-bss Q26). */
export function disagreement(relation: Relation, named: Named = {}): Refusal | undefined {
  const actual = { ...relation, offerId: relation.offered?.id };
  const wrong = (['parentUid', 'childUid', 'policy', 'offerId'] as const).find(
    (name) => named[name] !== undefined && named[name] !== actual[name],
  );
  return wrong && new Refusal('RelationOtherwise', { fact: wrong });
}

/** Why an account may not fire the event on the relation, if so. To a stranger every relation is absent. */
export function refusalOfActor(
  event: RelationEvent,
  relation: Relation | undefined,
  actorUid: number | undefined,
): Refusal | undefined {
  const { by } = relationMachine.transitions[event];
  if (relation === undefined) return new Refusal('RelationUnknown', {});
  if (by === 'clock') return undefined;
  if (actorUid === undefined || !isParty(relation, actorUid)) return new Refusal('RelationUnknown', {});
  if (by === 'parent' && relation.parentUid !== actorUid) return new Refusal('CallerNotParent', {});
  if (by === 'child' && relation.childUid !== actorUid) return new Refusal('CallerNotChild', {});
  return undefined;
}

/**
 * Why the relation, as it stands at `nowMs`, does not allow the event: its status first, then the event's guard. `confirmed` are
 * the permissions the child believes are offered; without them it takes whatever is.
 */
export function refusalOfState(
  event: RelationEvent,
  relation: Relation,
  confirmed: readonly Permission[] | undefined,
  nowMs: number,
): Refusal | undefined {
  const { from, guard } = relationMachine.transitions[event];
  const { offered, status } = relationAt(relation, nowMs);
  if (status !== from) return new Refusal(wrongStatus[status], {});
  if (guard === undefined || confirmed === undefined) return undefined;
  return isSameSet(confirmed, offered?.permissions ?? []) ? undefined : new Refusal('PermissionsDiffer', {});
}
