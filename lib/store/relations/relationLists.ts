import type { Relation } from '#lib/domain/relation/relation.ts';
import type { RelationFilter } from '#lib/store/relations/filters.ts';
import { listAsChild } from '#lib/store/relations/lists.ts';
import { type Page, readPage } from '#lib/store/relations/pages.ts';
import { relationsWith } from '#lib/store/relations/wholeLists.ts';
import type { Table } from '#lib/table/table.ts';

/** The most invitations shown to an account at once. Anybody may invite it, so there may be many. */
const MOST_INVITATIONS = 100;

export interface RelationLists {
  /**
   * At most `limit` relations from `offset` on, and how many there are in all. Oldest first, so that pages stay the same
   * while relations are added. With `counterparties`, only relations with these accounts.
   */
  page(filter: RelationFilter, offset: number, limit: number, counterparties?: readonly number[]): Promise<Page>;
  /** The invitations, at most 100, and the change that await an account's answer; oldest first. */
  offeredTo(childUid: number, nowMs: number): Promise<Relation[]>;
}

/** The lists of relations of a table. Operations that list open them: what every process opens is in every bundle (docs/decisions.md D33). */
export function openRelationLists(table: Table): RelationLists {
  return {
    async page(filter, offset, limit, counterparties = []) {
      if (counterparties.length === 0) return readPage(table, filter, offset, limit);
      const all = await relationsWith(table, filter, counterparties);
      return { relations: all.slice(offset, offset + limit), total: all.length };
    },
    async offeredTo(childUid, nowMs) {
      const filter = { uid: childUid, nowMs };
      const [changes, invitations] = await Promise.all([
        listAsChild(table, { ...filter, statuses: ['changing'] }, MOST_INVITATIONS),
        listAsChild(table, { ...filter, statuses: ['inviting'] }, MOST_INVITATIONS),
      ]);
      return [...changes, ...invitations].toSorted((one, other) => one.id - other.id);
    },
  };
}
