import type { Call } from '#lib/call.ts';
import { isSameSet, MOST_GRANTS, type Permission } from '#lib/domain/relation/permissions.ts';
import type { Named } from '#lib/domain/relation/refusals.ts';
import {
  effectiveSinceMs,
  INVITATION_TTL_MS,
  permissionsInEffect,
  type Relation,
} from '#lib/domain/relation/relation.ts';
import { fire, refusalOf } from '#lib/store/relations/moves.ts';
import { ownersOf } from '#lib/store/relations/subject.ts';
import type { Write } from '#lib/table/commit.ts';

/** The changes a parent makes to a relation in effect. */
export interface Alteration {
  /** The whole new set. */
  readonly permissions: readonly Permission[];
  /** The id of the set, granted or offered. */
  readonly offerId: number;
  readonly nick?: string | undefined;
}

/**
 * Alters the permissions or the nick of a relation in effect. New permissions take effect at once between accounts of the
 * same legal name, else once the child accepts them (docs/vendors/alibaba-bss.md T8, T9, Q7). Without a difference the
 * write is empty. Throws what the transition would be refused with; `Stale` if the relation has changed since it was read.
 */
export function alter(relation: Relation, alteration: Alteration, call: Call, named: Named): Write {
  const refused = refusalOf({ event: 'change', call, named }, relation);
  if (refused) throw refused;
  const { nick, offerId, permissions } = alteration;
  const isAltered = !isSameSet(permissions, permissionsInEffect(relation));
  const isRenamed = nick !== undefined && nick !== relation.nick;
  if (!isAltered && !isRenamed) return [];
  const offer = { id: offerId, permissions };
  const isProposed = isAltered && !relation.sameLegalName;
  return fire({
    event: isProposed ? 'proposeChange' : 'change',
    relationId: relation.id,
    call,
    terms: {
      ...(isAltered && isFull(relation) && { kept: roomForOne(relation) }),
      ...(isRenamed && { nick }),
      ...(isAltered && !isProposed && { grant: offer }),
      ...(isProposed && { offer: { ...offer, deadlineMs: call.nowMs + INVITATION_TTL_MS } }),
    },
    assumed: { version: relation.version, policy: relation.policy },
    lapse: relation.lapse,
    owners: ownersOf(relation),
  });
}

/** Whether another grant would be one too many: lists read whole rows, so a row must not grow without end. */
function isFull({ grants }: Relation): boolean {
  return grants.length >= MOST_GRANTS;
}

/** Drops the oldest grants to make room for one more, now or when the child accepts it. */
function roomForOne(relation: Relation) {
  return { grants: relation.grants.slice(1 - MOST_GRANTS), sinceMs: effectiveSinceMs(relation) };
}
