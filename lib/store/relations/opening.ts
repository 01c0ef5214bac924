import type { Call } from '#lib/call.ts';
import { type Relation, relationAt, relationMachine } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { aliasKey, relationKey } from '#lib/store/keys.ts';
import { eventRecord } from '#lib/store/ledger.ts';
import type { Counts } from '#lib/store/relations/counts.ts';
import { linkingGuards } from '#lib/store/relations/linking.ts';
import { fire } from '#lib/store/relations/moves.ts';
import { listingOf, relationOf, rowOf } from '#lib/store/relations/rows.ts';
import {
  aliasRow,
  checkFreed,
  claimSlot,
  emptySlot,
  isRecordedPast,
  isUnchanged,
  latestOfPair,
  type Pointer,
  pointPair,
  type Slot,
} from '#lib/store/relations/slots.ts';
import { ownersOf } from '#lib/store/relations/subject.ts';
import { addOpened, moved } from '#lib/store/relations/tallies.ts';
import { Stale, type Write } from '#lib/table/commit.ts';
import { anyOf, type Fragment } from '#lib/table/expressions.ts';
import { check, create, neverRefused, put } from '#lib/table/items.ts';
import type { Row } from '#lib/table/table.ts';

/** What was read of two accounts before a relation between them is opened. */
export interface PriorState {
  /** The latest relation of the two. */
  readonly pair: Pointer | undefined;
  readonly childSlot: Slot;
  readonly parentSlot: Slot;
  /** The relation that claimed the alias last, if one is claimed. */
  readonly alias?: Pointer | undefined;
  /** Whether the parent is frozen. */
  readonly isFrozen?: boolean;
  /** How much the parent has already. */
  readonly counts: Counts | undefined;
}

/** A relation about to be opened. */
export interface Opening {
  readonly relation: Relation;
  readonly event: 'establish' | 'invite';
  readonly prior: PriorState;
  readonly call: Call;
  /** Whether the nick must be unique among the parent's live relations (docs/vendors/volcengine-billing.md Q18). */
  readonly claimsAlias?: boolean;
}

/**
 * The write that opens a relation: its row, its first event, the pair's pointer, the parent's listing and tally, and the child's slot if
 * it takes effect at once. Refused with `ChildAlreadyRelated` while the child has a relation in effect, or a live one with
 * this parent; with `AliasTaken` while a live relation has claimed the alias; and for what stands in the way of linking the
 * parties (docs/decisions.md D8). An overdue invitation in the way is expired by the same write, so that a process whose
 * clock is behind cannot accept it as well as the new one. `Stale` if the prior state has changed.
 */
export function open(opening: Opening): Write {
  return openExpiring(opening, []);
}

/** The same, where the relations with these ids are overdue invitations to be expired. */
function openExpiring(opening: Opening, overdue: readonly number[]): Write {
  const { call, event, prior, relation } = opening;
  const { childUid, id, nick, parentUid, policy } = relation;
  const { from, to } = relationMachine.transitions[event];
  const { alias, childSlot, counts, isFrozen, pair, parentSlot } = prior;
  const latest = latestOfPair(parentUid, pair, childSlot);
  const taken = () => new Refusal('AliasTaken', { alias: nick });
  const isRenamed: Fragment = { text: '#nick <> :alias', values: { ':alias': nick } };

  /** Checks that an earlier relation is not in the way, or expires it. */
  function vacate(relationId: number, isVacant: Fragment, refused: () => Refusal): Write {
    if (overdue.includes(relationId)) return expire(relationId, call);
    const again = () => openExpiring(opening, [...overdue, relationId]);
    return [check(relationKey(relationId), [isVacant], (row) => (isOverdue(row, call) ? again() : refused()))];
  }

  return [
    create(rowOf(relation), () => new Stale()),
    put(listingOf(relation), [], neverRefused),
    pointPair(parentUid, childUid, id, pair),
    ...(latest === undefined ? [] : vacate(latest, isRecordedPast, related(relation))),
    ...slotOfChild(opening, latest),
    ...linkingGuards(relation, parentSlot, isFrozen),
    ...addOpened(parentUid, { ...moved(from, to), trusteeships: policy === 'trusteeship' ? 1 : 0 }, counts),
    ...(opening.claimsAlias
      ? [put(aliasRow.row(aliasKey(parentUid, nick), { relationId: id }), [isUnchanged(alias)], () => new Stale())]
      : []),
    // The pair's latest relation is checked above, and a transaction cannot name an item twice.
    ...(opening.claimsAlias && alias && alias.relationId !== latest
      ? vacate(alias.relationId, anyOf([isRecordedPast, isRenamed]), taken)
      : []),
    eventRecord({ subject: 'relation', id, owners: ownersOf(relation), event, from, to }, call),
  ];
}

/**
 * Takes the child's slot for a relation that takes effect at once. An invitation only checks that the slot is free, and
 * empties it. A dry run of an invitation does not check the slot: it leaves no trace, so that strangers could find out
 * unnoticed whether the child is related.
 */
function slotOfChild({ event, prior: { childSlot }, relation }: Opening, latest: number | undefined): Write {
  const { childUid, id } = relation;
  // The pair's latest relation is checked by the caller.
  const others = childSlot.relationId === latest ? [] : checkFreed(childUid, childSlot, related(relation));
  if (event === 'establish') return [claimSlot(childUid, id, childSlot), ...others];
  return [emptySlot(childUid, childSlot), ...others].map((item) => ({ ...item, checkOnly: undefined }));
}

function related({ childUid, policy }: Relation): () => Refusal {
  return () => new Refusal('ChildAlreadyRelated', { uid: childUid, policy });
}

function isOverdue(row: Row | undefined, { nowMs }: Call): boolean {
  return row !== undefined && relationAt(relationOf(row), nowMs).lapse === 'expire';
}

/** Expires an overdue invitation as part of another write, which is `Stale` if that was done meanwhile. */
function expire(relationId: number, call: Call): Write {
  const write = fire({ event: 'expire', relationId, call: { ...call, caller: { kind: 'clock' } } });
  return write.map((item) => ({ ...item, refused: () => new Stale() }));
}
