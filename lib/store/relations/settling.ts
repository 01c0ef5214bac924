import { asParent, relationKey, tallyKey } from '#lib/store/keys.ts';
import type { Owners } from '#lib/store/ledger.ts';
import { keysAlone, unsettledOf } from '#lib/store/relations/lists.ts';
import { placedAs, relationOf } from '#lib/store/relations/rows.ts';
import { addToFiledTally, addToTally, isFiled, moved } from '#lib/store/relations/tallies.ts';
import { commit, Stale, type Write } from '#lib/table/commit.ts';
import { equal } from '#lib/table/expressions.ts';
import { update } from '#lib/table/items.ts';
import type { Key, Row, Table } from '#lib/table/table.ts';

/** So many relations are settled in one transaction. */
const AT_ONCE = 24;
/** How often a transaction is tried whose relations move on meanwhile. */
const ATTEMPTS = 3;

/**
 * Settles what has moved of the parents among these owners that have much to list: each relation comes to the place of its status, and is
 * counted there (docs/decisions.md D17). Others' lists are read as a whole, and do not ask how they are counted.
 */
export async function settleLong(table: Table, owners: readonly Owners[]): Promise<void> {
  const parents = [...new Set(owners.flatMap(([parentUid]) => parentUid ?? []))];
  const tallies = await table.getMany(parents.map(tallyKey));
  for (const [nth, parentUid] of parents.entries()) {
    if (isFiled(tallies[nth])) await settle(table, parentUid, addToFiledTally);
  }
}

/** The same of one parent, also of one that has little: then its tally tells how many relations are in effect. */
export async function settle(table: Table, parentUid: number, add = addToTally): Promise<void> {
  let next: Key | undefined;
  do {
    const page = await table.page(keysAlone(unsettledOf(parentUid)), AT_ONCE, next);
    next = page.next;
    await settleSome(table, parentUid, page.rows, add);
  } while (next);
}

/** Settles some relations in one transaction. What moves again meanwhile has another event, with which it is settled. */
async function settleSome(
  table: Table,
  parentUid: number,
  keys: readonly Row[],
  add: typeof addToTally,
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const rows = await table.getMany(keys.map(({ id }) => relationKey(Number(id))));
    const unsettled = rows.filter((row) => row !== undefined).filter((row) => isUnsettledOf(parentUid, row));
    if (unsettled.length === 0) return;
    try {
      return await commit(table, settled(parentUid, unsettled, add));
    } catch (error) {
      if (!(error instanceof Stale)) throw error;
    }
  }
}

function settled(parentUid: number, rows: readonly Row[], add: typeof addToTally): Write {
  const relations = rows.map(relationOf);
  return [
    ...relations.map((relation) =>
      update(
        relationKey(relation.id),
        { set: placedAs(relation), remove: ['countedAs'] },
        equal({ v: relation.version, countedAs: relation.countedAs }, 'read'),
        () => new Stale(),
      ),
    ),
    ...add(parentUid, ...relations.map(({ countedAs, status }) => moved(countedAs ?? status, status))),
  ];
}

/** The index may be behind, and a parent may have cleared the relation from its lists. */
function isUnsettledOf(parentUid: number, row: Row): boolean {
  return row['countedAs'] !== undefined && row['gsi1pk'] === asParent(parentUid);
}
