import { isSameSet, type Permission } from '#lib/domain/permissions.ts';
import {
  isParty,
  type Relation,
  type RelationEvent,
  type RelationStatus,
  relationAt,
  relationMachine,
  relationStatuses,
} from '#lib/domain/relation.ts';
import { type Reason, Refusal } from '#lib/errors.ts';

const wrongStatus = {
  inviting: 'RelationInviting',
  active: 'RelationActive',
  changing: 'RelationChanging',
  declined: 'RelationDeclined',
  withdrawn: 'RelationWithdrawn',
  expired: 'RelationExpired',
  ended: 'RelationEnded',
} as const satisfies Record<RelationStatus, Reason>;

/** The reasons for which a relation refuses what it allows in these statuses alone. */
export function reasonsUnless(...statuses: readonly RelationStatus[]): Reason[] {
  return relationStatuses.filter((status) => !statuses.includes(status)).map((status) => wrongStatus[status]);
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
