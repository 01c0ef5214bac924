import { tallyKey } from '#lib/store/keys.ts';
import type { WriteItem } from '#lib/table/commit.ts';
import { neverRefused, update } from '#lib/table/items.ts';

/** How many relations a parent has opened, less those cleaned up, and how many trusteeships it holds. */
export interface Tally {
  readonly relations?: number;
  readonly trusteeships?: number;
}

/** Adds to the tally of a parent, or takes away from it. */
export function addToTally(parentUid: number, tally: Tally): WriteItem {
  const counted = Object.entries(tally).filter(([, count]) => count !== 0);
  const sums = counted.map(([name]) => `#${name} :${name}`).join(', ');
  const values = Object.fromEntries(counted.map(([name, count]) => [`:${name}`, count]));
  const change = { text: `SET #type = :type ADD ${sums}`, values: { ...values, ':type': 'tally' } };
  return update(tallyKey(parentUid), change, [], neverRefused);
}
