import { type Relation, relationAt } from '#lib/domain/relation/relation.ts';
import { censusOf, endsUnsettled, recallCensus, rememberCensus, takeCensus } from '#lib/store/relations/census.ts';
import { type Counted, isOfUse, readCounted } from '#lib/store/relations/countedLists.ts';
import type { Asked } from '#lib/store/relations/countedPages.ts';
import { placesIn, type RelationFilter } from '#lib/store/relations/filters.ts';
import { asParentInAll } from '#lib/store/relations/lists.ts';
import { LARGE, SMALL } from '#lib/store/relations/readings.ts';
import { relationOf } from '#lib/store/relations/rows.ts';
import { isTally, MANY } from '#lib/store/relations/tallies.ts';
import { readByKeys, readInOneGo, untilStill } from '#lib/store/relations/wholeLists.ts';
import type { Table } from '#lib/table/table.ts';

/** A page of a list, and how many there are in all. */
export interface Page {
  readonly relations: readonly Relation[];
  readonly total: number;
}

/** All that a parent has whose tally is not filed, and one more. */
const ALL = MANY + 1;

/**
 * Those at `offset` and after, oldest first, at most `limit`, and how many there are, all as of one moment: they are read until nothing has
 * moved meanwhile, else `Busy` (docs/decisions.md D17).
 */
export async function readPage(table: Table, filter: RelationFilter, offset: number, limit: number): Promise<Page> {
  if (placesIn(filter).length === 0) return { relations: [], total: 0 };
  const asked = { filter, offset, limit };
  const { rows, total } = await untilStill(table, async () => {
    const part = await readPart(table, asked);
    return part === 'tooMuch' ? readByKeys(table, asked) : part;
  });
  return { relations: rows.map((row) => relationAt(relationOf(row), filter.nowMs)), total };
}

/** One reading. Who has a tally in its index has much to list, others little, or what earlier versions wrote. */
async function readPart(table: Table, asked: Asked): Promise<Counted> {
  const { filter, limit, offset } = asked;
  const { uid } = filter;
  const remembered = recallCensus(table, uid);
  const recalled = remembered && !isOfUse(asked, remembered) ? await takeCensus(table, uid) : remembered;
  if (recalled === 'moved') return recalled;
  const query = asParentInAll(filter);
  const head = recalled ? undefined : await table.page(query, ALL);
  const census = recalled ?? censusOf(head?.rows ?? []);
  if (census) {
    const before = endsUnsettled(head?.next) ? await takeCensus(table, uid) : census;
    const part = before === 'moved' ? before : await readCounted(table, asked, before);
    if (typeof part !== 'string' && part.census) rememberCensus(table, uid, part.census);
    return part;
  }
  if (head?.rows.some(isTally)) return 'tooMuch';
  const size = head?.next ? Math.min(Math.max(offset + limit, SMALL), LARGE) : ALL;
  const parents = head?.next ? await table.page(query, size) : head;
  return parents === undefined || parents.next ? 'tooMuch' : readInOneGo(table, asked, parents.rows, size);
}
