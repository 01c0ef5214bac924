import * as v from 'valibot';
import { relationStatuses, statusesInEffect } from '#lib/domain/relation/relation.ts';
import { tallyKey } from '#lib/store/keys.ts';
import { queriesAsChild, queriesAsParent, type RelationFilter } from '#lib/store/relations/lists.ts';
import type { WriteItem } from '#lib/table/commit.ts';
import { together } from '#lib/table/expressions.ts';
import { neverRefused, update } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Query, Table } from '#lib/table/table.ts';

export const tallyRow = rowKind({
  type: 'tally',
  shape: v.object({ relations: v.optional(v.number(), 0), trusteeships: v.optional(v.number(), 0) }),
});

/** How many relations a parent has opened, less those cleaned up, and how many trusteeships it holds. */
export interface Tally {
  readonly relations?: number;
  readonly trusteeships?: number;
}

/** Adds to the tally of a parent, or takes away from it. */
export function addToTally(parentUid: number, tally: Tally): WriteItem {
  const add = Object.fromEntries(Object.entries(tally).filter(([, count]) => count !== 0));
  return update(tallyKey(parentUid), together(tallyRow.marks, { add }), [], neverRefused);
}

const FIRST_PAGE = 100;
const GROWTH = 10;

/** How many relations the filter has, as far as the indexes have followed. */
export async function countRelations(table: Table, filter: RelationFilter): Promise<number> {
  const [asChild, asParent] = await Promise.all([
    whole(countOf(table, queriesAsChild(filter))),
    mayCountOthers(filter) ? countAsParent(table, filter) : whole(countOf(table, queriesAsParent(filter))),
  ]);
  return asChild + asParent;
}

function mayCountOthers({ policies = [], statuses }: RelationFilter): boolean {
  return policies.length === 0 && statusesInEffect.every((status) => statuses.includes(status));
}

/**
 * Of a parent's relations either the wanted may be many or the others. Both are counted in turn until one count is at its end: the
 * wanted, or the others, which are subtracted from what the parent ever opened.
 */
async function countAsParent(table: Table, filter: RelationFilter): Promise<number> {
  const statuses = relationStatuses.filter((status) => !filter.statuses.includes(status));
  const wanted = countOf(table, queriesAsParent(filter));
  const others = countOf(table, queriesAsParent({ ...filter, statuses }));
  const [tally] = await Promise.all([table.get(tallyKey(filter.uid)), others.step()]);
  while (!others.isDone()) {
    await wanted.step();
    if (wanted.isDone()) return wanted.found();
    await others.step();
  }
  // The tally is ahead of an index that has yet to follow.
  return Math.max(0, tallyRow.read(tally ?? {}).relations - others.found());
}

/** A count of what some queries match, a page of each at a time, each time larger pages. */
interface Count {
  step(): Promise<void>;
  isDone(): boolean;
  found(): number;
}

function countOf(table: Table, queries: readonly Query[]): Count {
  let unread: { readonly query: Query; readonly after?: Parameters<Table['countPage']>[2] }[] = [
    ...queries.map((query) => ({ query })),
  ];
  let pageSize = FIRST_PAGE;
  let found = 0;
  return {
    async step() {
      const pages = await Promise.all(unread.map(({ query, after }) => table.countPage(query, pageSize, after)));
      found += pages.reduce((sum, { count }) => sum + count, 0);
      unread = unread.flatMap(({ query }, index) => {
        const after = pages[index]?.next;
        return after ? [{ query, after }] : [];
      });
      pageSize *= GROWTH;
    },
    isDone: () => unread.length === 0,
    found: () => found,
  };
}

async function whole(count: Count): Promise<number> {
  while (!count.isDone()) await count.step();
  return count.found();
}
