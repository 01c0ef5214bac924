import type { Call } from '#lib/call.ts';
import { type Relation, relationAt, relationMachine } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { aliasKey, relationKey } from '#lib/store/keys.ts';
import { eventRecord } from '#lib/store/ledger.ts';
import { linkingGuards } from '#lib/store/relations/linking.ts';
import { fire, ownersOf } from '#lib/store/relations/moves.ts';
import { listingOf, relationOf, rowOf } from '#lib/store/relations/rows.ts';
import {
  aliasRow,
  claimSlot,
  freed,
  isStill,
  latestOfPair,
  type Pointer,
  pointPair,
  type Slot,
  settledPast,
  tidySlot,
} from '#lib/store/relations/slots.ts';
import { addOpened, type Counts, moved } from '#lib/store/relations/tallies.ts';
import { Stale, type Write } from '#lib/table/commit.ts';
import { anyOf, type Fragment } from '#lib/table/expressions.ts';
import { check, create, neverRefused, put } from '#lib/table/items.ts';
import type { Row } from '#lib/table/table.ts';

/** What the table knows of two accounts before a relation between them is opened. */
export interface Precedents {
  /** The latest relation of the two. */
  readonly pair: Pointer | undefined;
  readonly childSlot: Slot;
  readonly parentSlot: Slot;
  /** The relation that claimed the alias last. */
  readonly alias: Pointer | undefined;
  /** How much the parent has already. */
  readonly counts: Counts | undefined;
}

/** A relation about to be opened. */
export interface Opening {
  readonly relation: Relation;
  readonly event: 'establish' | 'invite';
  readonly precedents: Precedents;
  readonly call: Call;
  /** Whether the nick has to be no other's among the parent's live relations (docs/vendors/volcengine-billing.md Q18). */
  readonly claimsAlias?: boolean;
}

/**
 * The write that opens a relation: its row, its first record, the pair's pointer, the parent's listing and tally, and the child's slot
 * if it is in effect at once. Refused with `ChildAlreadyRelated` while the child has a relation in effect, or a live one with this parent, with
 * `AliasTaken` while a live relation bears the alias it has claimed, and with what stands against the parties' linking (docs/decisions.md D8). An
 * overdue invitation in the way is expired by the same write, so that nobody whose clock is behind can accept it beside the
 * new one. `Stale` if one of the precedents has changed.
 */
export function open(opening: Opening): Write {
  return openExpiring(opening, []);
}

/** The same, taking the relations of these ids for overdue invitations. */
function openExpiring(opening: Opening, overdue: readonly number[]): Write {
  const { call, event, precedents, relation } = opening;
  const { childUid, id, nick, parentUid, policy } = relation;
  const { from, to } = relationMachine.transitions[event];
  const { alias, childSlot, counts, pair, parentSlot } = precedents;
  const latest = latestOfPair(parentUid, pair, childSlot);
  const taken = () => new Refusal('AliasTaken', { alias: nick });
  const isRenamed: Fragment = { text: '#nick <> :alias', values: { ':alias': nick } };

  /** Makes sure that a relation of before is no longer in the way. */
  function vacate(relationId: number, isVacant: Fragment, refused: () => Refusal): Write {
    if (overdue.includes(relationId)) return expire(relationId, call);
    const again = () => openExpiring(opening, [...overdue, relationId]);
    return [check(relationKey(relationId), [isVacant], (row) => (isOverdue(row, call) ? again() : refused()))];
  }

  return [
    create(rowOf(relation), () => new Stale()),
    put(listingOf(relation), [], neverRefused),
    pointPair(parentUid, childUid, id, pair),
    ...(latest === undefined ? [] : vacate(latest, settledPast, related(relation))),
    ...slotOfChild(opening, latest),
    ...linkingGuards(relation, parentSlot),
    ...(opening.claimsAlias
      ? [put(aliasRow.row(aliasKey(parentUid, nick), { relationId: id }), [isStill(alias)], () => new Stale())]
      : []),
    // A transaction may name an item once only; that the pair's latest relation is past is seen to already.
    ...(opening.claimsAlias && alias && alias.relationId !== latest
      ? vacate(alias.relationId, anyOf([settledPast, isRenamed]), taken)
      : []),
    ...addOpened(parentUid, { ...moved(from, to), trusteeships: policy === 'trusteeship' ? 1 : 0 }, counts),
    eventRecord({ subject: 'relation', id, owners: ownersOf(relation), event, from, to }, call),
  ];
}

/**
 * Takes the child's slot for a relation in effect at once; an invitation only sees that it is free, and tidies it. To whom the
 * child is related already is nobody else's business: a dry run of an invitation, which leaves no trace, does not tell.
 */
function slotOfChild({ event, precedents: { childSlot }, relation }: Opening, latest: number | undefined): Write {
  const { childUid, id } = relation;
  // That the pair's latest relation is past is seen to already.
  const others = childSlot.relationId === latest ? [] : freed(childUid, childSlot, related(relation));
  if (event === 'establish') return [claimSlot(childUid, id, childSlot), ...others];
  return [tidySlot(childUid, childSlot), ...others].map((item) => ({ ...item, checkOnly: undefined }));
}

function related({ childUid, policy }: Relation): () => Refusal {
  return () => new Refusal('ChildAlreadyRelated', { uid: childUid, policy });
}

function isOverdue(row: Row | undefined, { nowMs }: Call): boolean {
  return row !== undefined && relationAt(relationOf(row), nowMs).lapse === 'expire';
}

/** Expires an overdue invitation as part of another write, which is `Stale` if somebody has done so. */
function expire(relationId: number, call: Call): Write {
  const write = fire({ event: 'expire', relationId, call: { ...call, caller: { kind: 'clock' } } });
  return write.map((item) => ({ ...item, refused: () => new Stale() }));
}
