import { actingUid, type Call } from '#lib/call.ts';
import { alterPermissions, type Permission } from '#lib/domain/permissions.ts';
import { refusalOfActor, refusalOfState } from '#lib/domain/refusals.ts';
import {
  INVITATION_TTL_MS,
  type Policy,
  permissionsInEffect,
  type Relation,
  type RelationEvent,
  relationAt,
} from '#lib/domain/relation.ts';
import type { Refusal } from '#lib/errors.ts';
import type { Write } from '#lib/store/commit.ts';
import { neverRefused, update } from '#lib/store/items.ts';
import { tallyKey } from '#lib/store/keys.ts';
import { canStart, disagreement, type Firing, fire, type Named } from '#lib/store/relationWrites.ts';

/** What a parent alters of a relation in effect. */
export interface Alteration {
  readonly operation: 'add' | 'remove';
  readonly permissions: readonly Permission[];
  readonly nick?: string | undefined;
}

/**
 * Fires whichever of two events the relation stands for: the first, for an invitation, in one round trip; the second,
 * for a pending change, only once the first was refused for it.
 */
export function fireEither(
  [first, second]: readonly [RelationEvent, RelationEvent],
  firing: Omit<Firing, 'event'>,
): Write {
  const instead = (relation: Relation) =>
    canStart(second, relation, firing.call) ? fire({ ...firing, event: second }) : undefined;
  return fire({ ...firing, event: first, otherwise: instead });
}

/**
 * Alters the permissions or the name of a relation in effect: at once between accounts of the same legal name, else as a
 * change that awaits the child (reference alibaba-bss T8, T9, Q7). What is already so needs no write. Computed from the relation
 * read, and computed again if another write came first. Throws as the transition would be refused.
 */
export function alter(relation: Relation, alteration: Alteration, call: Call, named: Named): Write {
  const refused = refusalToAlter(relation, call, named);
  if (refused) throw refused;
  const { operation, permissions, nick } = alteration;
  const current = permissionsInEffect(relation);
  const wanted = alterPermissions(current, operation, permissions);
  const isAltered = wanted.length !== current.length;
  const isRenamed = nick !== undefined && nick !== relation.nick;
  if (!isAltered && !isRenamed) return [];
  const event = isAltered && !relation.sameLegalName ? 'proposeChange' : 'change';
  return fire({
    event,
    relationId: relation.id,
    call,
    effects: {
      ...(isRenamed && { nick }),
      ...(isAltered && event === 'change' && { grant: wanted }),
      ...(event === 'proposeChange' && { offer: { permissions: wanted, deadlineMs: call.nowMs + INVITATION_TTL_MS } }),
    },
    expected: { version: relation.version },
    otherwise: (newer) =>
      newer.version === relation.version ? undefined : alter(relationAt(newer, call.nowMs), alteration, call, named),
  });
}

function refusalToAlter(relation: Relation, { caller, nowMs }: Call, named: Named): Refusal | undefined {
  return (
    refusalOfActor('change', relation, actingUid(caller)) ??
    disagreement(relation, named) ??
    refusalOfState('change', relation, nowMs)
  );
}

interface Ending {
  readonly event: 'end' | 'endAmidChange';
  readonly policy: Policy;
}

/**
 * Ends a relation in effect. Assumes the plain case, and when the relation turns out to be another, tries that one: a
 * trusteeship also leaves the parent's tally.
 */
export function end(
  relationId: number,
  call: Call,
  named: Named,
  { event, policy }: Ending = { event: 'end', policy: 'management' },
): Write {
  const uid = actingUid(call.caller);
  return fire({
    event,
    relationId,
    call,
    expected: { ...named, policy },
    also:
      policy === 'trusteeship' && uid !== undefined
        ? [update(tallyKey(uid), { text: 'ADD #trusteeships :less', values: { ':less': -1 } }, [], neverRefused)]
        : [],
    otherwise(relation) {
      const isChanging = canStart('endAmidChange', relation, call);
      const found: Ending = { event: isChanging ? 'endAmidChange' : 'end', policy: relation.policy };
      const isAsAssumed = found.event === event && found.policy === policy;
      return isAsAssumed ? undefined : end(relationId, call, named, found);
    },
  });
}
