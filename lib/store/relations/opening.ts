import type { Call } from '#lib/call.ts';
import { type Relation, relationAt, relationMachine } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { aliasKey, parentKey, relationKey } from '#lib/store/keys.ts';
import { eventRecord } from '#lib/store/ledger.ts';
import { aliasRow, isStill, type Lock, linkingGuards, lockRow, settledPast } from '#lib/store/relations/linking.ts';
import { fire, ownersOf } from '#lib/store/relations/moves.ts';
import { relationOf, rowOf } from '#lib/store/relations/rows.ts';
import { addToTally } from '#lib/store/relations/tallies.ts';
import { Stale, type Write } from '#lib/table/commit.ts';
import { anyOf, type Fragment } from '#lib/table/expressions.ts';
import { check, create, put } from '#lib/table/items.ts';
import type { Row } from '#lib/table/table.ts';

/** What the table knows of two accounts before a relation between them is opened: their latest relations as children. */
export interface LatestRelations {
  readonly childLock: Lock | undefined;
  readonly parentLock: Lock | undefined;
  /** The relation that claimed the alias last. */
  readonly aliasLock: Lock | undefined;
}

/** A relation about to be opened. */
export interface Opening {
  readonly relation: Relation;
  readonly event: 'establish' | 'invite';
  readonly latest: LatestRelations;
  readonly call: Call;
  /** Whether the nick has to be no other's among the parent's live relations (docs/vendors/volcengine-billing.md Q18). */
  readonly claimsAlias?: boolean;
}

/**
 * The write that opens a relation: its row, its first record, the child's lock, the parent's tally. Refused with
 * `ChildAlreadyRelated` while the child has a live relation, with `AliasTaken` while a live relation bears the alias it has
 * claimed, and with what stands against the parties' linking (docs/decisions.md D8). An overdue invitation in the way is
 * expired by the same write, so that nobody whose clock is behind can accept it beside the new one. `Stale` if one of the latest relations has changed.
 */
export function open(opening: Opening): Write {
  return openExpiring(opening, []);
}

/** The same, taking the relations of these ids for overdue invitations. */
function openExpiring(opening: Opening, overdue: readonly number[]): Write {
  const { call, event, latest, relation } = opening;
  const { childUid, id, nick, parentUid, policy } = relation;
  const { from, to } = relationMachine.transitions[event];
  const { aliasLock, childLock, parentLock } = latest;
  const related = () => new Refusal('ChildAlreadyRelated', { uid: childUid, policy });
  const taken = () => new Refusal('AliasTaken', { alias: nick });
  const isRenamed: Fragment = { text: '#nick <> :alias', values: { ':alias': nick } };

  /** Makes sure that the relation a lock points to is no longer in the way. */
  function vacate({ relationId }: Lock, isVacant: Fragment, refused: () => Refusal): Write {
    if (overdue.includes(relationId)) return expire(relationId, call);
    const again = () => openExpiring(opening, [...overdue, relationId]);
    return [check(relationKey(relationId), [isVacant], (row) => (isOverdue(row, call) ? again() : refused()))];
  }

  return [
    create(rowOf(relation), () => new Stale()),
    put(lockRow.row(parentKey(childUid), { relationId: id, parentUid }), [isStill(childLock)], () => new Stale()),
    ...(childLock ? vacate(childLock, settledPast, related) : []),
    ...linkingGuards(relation, parentLock),
    ...(opening.claimsAlias
      ? [put(aliasRow.row(aliasKey(parentUid, nick), { relationId: id }), [isStill(aliasLock)], () => new Stale())]
      : []),
    // A transaction may name an item once only; that the child's latest relation is past is seen to already.
    ...(opening.claimsAlias && aliasLock && aliasLock.relationId !== childLock?.relationId
      ? vacate(aliasLock, anyOf([settledPast, isRenamed]), taken)
      : []),
    addToTally(parentUid, { relations: 1, trusteeships: policy === 'trusteeship' ? 1 : 0 }),
    eventRecord({ subject: 'relation', id, owners: ownersOf(relation), event, from, to }, call),
  ];
}

function isOverdue(row: Row | undefined, { nowMs }: Call): boolean {
  return row !== undefined && relationAt(relationOf(row), nowMs).lapse === 'expire';
}

/** Expires an overdue invitation as part of another write, which is `Stale` if somebody has done so. */
function expire(relationId: number, call: Call): Write {
  const write = fire({ event: 'expire', relationId, call: { ...call, caller: { kind: 'clock' } } });
  return write.map((item) => ({ ...item, refused: () => new Stale() }));
}
