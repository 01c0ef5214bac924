import * as v from 'valibot';
import { type Policy, policies, type RelationStatus, relationStatuses } from '#lib/domain/relation/relation.ts';
import { tallyKey } from '#lib/store/keys.ts';
import type { WriteItem } from '#lib/table/commit.ts';
import { together } from '#lib/table/expressions.ts';
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
    trusteeships: count,
    endedTrusteeships: count,
    inviting: count,
    active: count,
    changing: count,
    declined: count,
    withdrawn: count,
    expired: count,
    ended: count,
  }),
});

/** What is added to the counts of a parent, or, negative, taken away. */
export type Tally = Readonly<Partial<Record<RelationStatus | 'trusteeships' | 'endedTrusteeships', number>>>;

/** Adds to the tally of a parent. Nothing, if that comes to nothing. */
export function addToTally(parentUid: number, ...tallies: readonly Tally[]): WriteItem[] {
  const sums = new Map<string, number>();
  for (const [name, added] of tallies.flatMap((tally) => Object.entries(tally))) {
    sums.set(name, (sums.get(name) ?? 0) + added);
  }
  const add = Object.fromEntries([...sums].filter(([, sum]) => sum !== 0));
  if (Object.keys(add).length === 0) return [];
  return [update(tallyKey(parentUid), together(tallyRow.marks, { add }), [], neverRefused)];
}

/** What a relation that moves takes from one status and adds to another. */
export function moved(from: string, to: string): Tally {
  if (from === to) return {};
  return { ...(isCounted(from) && { [from]: -1 }), ...(isCounted(to) && { [to]: 1 }) };
}

/** How many relations of a parent a list has, by the tally of its row; undefined where the tally does not tell. */
export function totalOf(
  row: Row | undefined,
  statuses: readonly RelationStatus[],
  wanted: readonly Policy[] = [],
): number | undefined {
  const tally = tallyRow.read(row ?? {});
  if (row === undefined || tally.relations !== undefined) return undefined;
  const of = new Set(wanted.length > 0 ? wanted : policies);
  const counts = [...new Set(statuses)].map((status) => {
    // A trusteeship is neither invited to nor put to the vote.
    const entrusted = status === 'active' ? tally.trusteeships : status === 'ended' ? tally.endedTrusteeships : 0;
    return (of.has('trusteeship') ? entrusted : 0) + (of.has('management') ? tally[status] - entrusted : 0);
  });
  return Math.max(
    0,
    counts.reduce((sum, one) => sum + one, 0),
  );
}

function isCounted(status: string): status is RelationStatus {
  return relationStatuses.some((one) => one === status);
}
