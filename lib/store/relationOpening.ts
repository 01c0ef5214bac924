import type { Call } from '#lib/call.ts';
import { storedForms } from '#lib/domain/machine.ts';
import { phaseOf, type Relation, relationMachine, relationStatuses } from '#lib/domain/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { Stale, type Write } from '#lib/store/commit.ts';
import { transitionRecord } from '#lib/store/events.ts';
import { anyOf, type Fragment, standsAs } from '#lib/store/expressions.ts';
import { absent, check, create, neverRefused, put, update } from '#lib/store/items.ts';
import { aliasKey, parentKey, relationKey, tallyKey } from '#lib/store/keys.ts';
import { rowOf } from '#lib/store/relationRows.ts';
import { checkUntroubled } from '#lib/store/standings.ts';

/** The latest relation of an account as a child, as its lock names it. */
export interface Lock {
  readonly relationId: number;
}

/** What the table knows of two accounts before a relation between them is opened. */
export interface Precedents {
  readonly childLock: Lock | undefined;
  readonly parentLock: Lock | undefined;
  /** The relation that claimed the alias last. */
  readonly aliasLock: Lock | undefined;
}

const pastForms = relationStatuses
  .filter((status) => phaseOf(status) === 'past')
  .flatMap((status) => storedForms(relationMachine.lapses, status));

/**
 * The write that opens a relation: its row, its first record, the child's lock, the parent's tally. Refused with
 * `ChildAlreadyRelated` while the child has a live relation, and with what stands against the parties' linking (design
 * section 4, reference volcengine-billing 1.8).
 */
export function open(relation: Relation, event: 'establish' | 'invite', precedents: Precedents, call: Call): Write {
  const { childUid, parentUid, policy } = relation;
  const related = () => new Refusal('ChildAlreadyRelated', { uid: childUid, policy });
  const { childLock } = precedents;
  const trusteeships = policy === 'trusteeship' ? ', #trusteeships :one' : '';
  return [
    create(rowOf(relation), () => new Stale()),
    put(
      { ...parentKey(childUid), type: 'lock', relationId: relation.id, parentUid },
      [childLock ? isLatest(childLock) : absent],
      related,
    ),
    ...(childLock ? [check(relationKey(childLock.relationId), [isPast(call.nowMs)], related)] : []),
    ...(policy === 'trusteeship' ? trusteeshipChecks(relation, precedents, call) : managementChecks(relation)),
    update(
      tallyKey(parentUid),
      { text: `ADD #relations :one${trusteeships}`, values: { ':one': 1 } },
      [],
      neverRefused,
    ),
    transitionRecord(relation.id, event, call),
  ];
}

/**
 * Claims the relation's nick as an alias among the parent's live relations (reference volcengine-billing Q18). Refused with
 * `AliasTaken` while a live relation that claimed it still bears it.
 */
export function claimAlias(relation: Relation, { aliasLock, childLock }: Precedents, { nowMs }: Call): Write {
  const { id, nick, parentUid } = relation;
  const taken = () => new Refusal('AliasTaken', { alias: nick });
  const isRenamed: Fragment = { text: '#nick <> :alias', values: { ':alias': nick } };
  // A transaction may name an item once only; that the child's latest relation is past is checked already.
  const isChecked = aliasLock?.relationId === childLock?.relationId;
  return [
    put(
      { ...aliasKey(parentUid, nick), type: 'alias', relationId: id },
      [aliasLock ? isLatest(aliasLock) : absent],
      taken,
    ),
    ...(aliasLock && !isChecked
      ? [check(relationKey(aliasLock.relationId), [anyOf([isPast(nowMs), isRenamed])], taken)]
      : []),
  ];
}

/** That a relation is past, its deadline compared with `nowMs`. */
export function isPast(nowMs: number): Fragment {
  return standsAs(pastForms, nowMs);
}

function isLatest({ relationId }: Lock): Fragment {
  return { text: '#relationId = :latest', values: { ':latest': relationId } };
}

function managementChecks({ parentUid }: Relation): Write {
  return [checkUntroubled(parentUid, { frozen: 'ParentFrozen' })];
}

function trusteeshipChecks({ parentUid, childUid }: Relation, { parentLock }: Precedents, { nowMs }: Call): Write {
  const inTrusteeship = () => new Refusal('ParentInTrusteeship', { uid: parentUid });
  const notTrusteeship: Fragment = { text: '#policy <> :trusteeship', values: { ':trusteeship': 'trusteeship' } };
  const holdsNone = anyOf([
    { text: 'attribute_not_exists(#trusteeships)' },
    { text: '#trusteeships = :none', values: { ':none': 0 } },
  ]);
  return [
    check(parentKey(parentUid), [parentLock ? isLatest(parentLock) : absent], inTrusteeship),
    ...(parentLock
      ? [check(relationKey(parentLock.relationId), [anyOf([notTrusteeship, isPast(nowMs)])], inTrusteeship)]
      : []),
    check(tallyKey(childUid), [holdsNone], () => new Refusal('ChildHoldsTrusteeships', { uid: childUid })),
    checkUntroubled(parentUid, {
      frozen: 'ParentFrozen',
      overdrawn: 'ParentOverdrawnAtLinking',
    }),
    checkUntroubled(childUid, {
      openOrders: 'OrdersOpenAtLinking',
      overdrawn: 'ChildInArrearsAtLinking',
      arrears: 'ChildInArrearsAtLinking',
    }),
  ];
}
