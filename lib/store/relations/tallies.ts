import * as v from 'valibot';
import { type RelationStatus, relationStatuses } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { asParent, places, tallyKey, tallyRank } from '#lib/store/keys.ts';
import { type Counts, sumOf } from '#lib/store/relations/counts.ts';
import { Stale, type WriteItem } from '#lib/table/commit.ts';
import { anyOf, type Change, type Fragment, together } from '#lib/table/expressions.ts';
import { neverRefused, update } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Row } from '#lib/table/table.ts';

const count = v.optional(v.number(), 0);

/** How many relations of each status a parent has, those it has cleared left out, and how many of them are trusteeships. */
export const tallyRow = rowKind({
  type: 'tally',
  shape: v.object({
    /** How many it ever opened, where that was all that was counted: then the other counts are of no use. */
    relations: v.optional(v.number()),
    /** How many of them stand in a place and have a listing, which earlier ones have not. */
    listed: count,
    trusteeships: count,
    endedTrusteeships: count,
    inviting: count,
    active: count,
    changing: count,
    declined: count,
    withdrawn: count,
    expired: count,
    ended: count,
    /** Whether the account was deleted, so that it can be the parent of nothing more. */
    closed: v.optional(v.boolean()),
    /** Whether the account is frozen, so that it can open nothing. */
    frozen: v.optional(v.boolean()),
    /** Counts the changes of the counts: two readings with the same number found the same. */
    v: count,
  }),
  // No account of the first schema was ever deleted, none of the second says here that it is frozen, none of the third counts changes; those of
  // the fourth are filed in another index.
  upgrades: [(row) => row, (row) => row, (row) => row, (row) => row],
});

/** What is added to the counts of a parent, or, negative, taken away. */
export type Tally = Readonly<Partial<Record<RelationStatus | 'trusteeships' | 'endedTrusteeships' | 'listed', number>>>;

/** A parent that has so many relations, or more, and opens another one has its tally also filed in its index. Its lists are counted. */
export const MANY = 32;

export function isTally(row: Row): boolean {
  return row['type'] === tallyRow.type;
}

/** Whether a tally's row is filed in the index of its account. */
export function isFiled(row: Row | undefined): boolean {
  return row?.['gsi1pk'] !== undefined || row?.['gsi2pk'] !== undefined;
}

/** Adds to the tally of a parent. */
export function addToTally(parentUid: number, ...tallies: readonly Tally[]): WriteItem[] {
  return [tallied(parentUid, tallies)];
}

/** The same of a tally that is filed. Earlier ones were filed with what the account is the child of. */
export function addToFiledTally(parentUid: number, ...tallies: readonly Tally[]): WriteItem[] {
  return [tallied(parentUid, tallies, filed(parentUid))];
}

function filed(parentUid: number): Change {
  return { set: { gsi1pk: asParent(parentUid), gsi1sk: tallyRank() }, remove: ['gsi2pk', 'gsi2sk'] };
}

/**
 * Adds a new relation to the tally of a parent, which is filed if there are many already: that makes each later change of it dearer.
 * Refused with `ParentFrozen`; `Stale` if the parent was deleted.
 */
export function addOpened(parentUid: number, tally: Tally, before: Counts | undefined): WriteItem[] {
  const isLong = before !== undefined && sumOf(before, places) >= MANY;
  const refused = (row: Row | undefined) =>
    row?.['frozen'] === true ? new Refusal('ParentFrozen', { uid: parentUid }) : new Stale();
  const change = isLong ? filed(parentUid) : {};
  return [tallied(parentUid, [tally, { listed: 1 }], change, [isOpen, isThawed], refused)];
}

/** Marks the tally of an account that is frozen, or is no longer: whatever the account opens writes its tally, so it need check no other row. */
export function markFrozen(uid: number, isFrozen: boolean): WriteItem {
  const mark = isFrozen ? { set: { frozen: true } } : { remove: ['frozen'] };
  return update(tallyKey(uid), together(tallyRow.marks, mark), [], neverRefused);
}

const live = ['inviting', 'active', 'changing'] as const;

/** How many relations a parent has that are in effect or offered, at least, by its tally's row. */
export function liveIn(row: Row | undefined): number {
  if (row === undefined) return 0;
  const tally = tallyRow.read(row);
  // A relation that has moved is counted as it was until it is settled.
  return (tally.relations ?? 0) + live.filter((status) => tally[status] !== 0).length;
}

/** Closes the tally of an account that is the parent of nothing, for good; `Stale` if it is of something. */
export function closeTally(uid: number): WriteItem {
  const none = live.map((status) => anyOf([unset(status), { text: `#${status} = :none`, values: { ':none': 0 } }]));
  const change = together(tallyRow.marks, { set: { closed: true } });
  return update(tallyKey(uid), change, [unset('relations'), ...none], () => new Stale());
}

const isOpen = unset('closed');

const isThawed = unset('frozen');

function unset(attribute: string): Fragment {
  return { text: `attribute_not_exists(#${attribute})` };
}

function tallied(
  parentUid: number,
  tallies: readonly Tally[],
  change: Change = {},
  conditions: readonly Fragment[] = [],
  refused: WriteItem['refused'] = () => new Stale(),
): WriteItem {
  const sums = new Map<string, number>();
  for (const [name, added] of tallies.flatMap((tally) => Object.entries(tally))) {
    sums.set(name, (sums.get(name) ?? 0) + added);
  }
  const add = { ...Object.fromEntries([...sums].filter(([, sum]) => sum !== 0)), v: 1 };
  return update(tallyKey(parentUid), together(tallyRow.marks, change, { add }), conditions, refused);
}

/** What a relation that moves takes from one status and adds to another. */
export function moved(from: string, to: string): Tally {
  if (from === to) return {};
  return { ...(isCounted(from) && { [from]: -1 }), ...(isCounted(to) && { [to]: 1 }) };
}

function isCounted(status: string): status is RelationStatus {
  return relationStatuses.some((one) => one === status);
}
