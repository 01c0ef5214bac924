import { asParent, relationKey, tallyKey } from '#lib/store/keys.ts';
import type { Moved } from '#lib/store/ledger.ts';
import { keysAlone, unsettledOf } from '#lib/store/relations/lists.ts';
import { keysOf } from '#lib/store/relations/readings.ts';
import { placedAs, relationOf } from '#lib/store/relations/rows.ts';
import { addToFiledTally, addToTally, isFiled, moved } from '#lib/store/relations/tallies.ts';
import { commit, Stale, type Write } from '#lib/table/commit.ts';
import { equal } from '#lib/table/expressions.ts';
import { update } from '#lib/table/items.ts';
import { IllegibleRow } from '#lib/table/rowKind.ts';
import type { Row, Table } from '#lib/table/table.ts';

/** So many relations are settled in one transaction. */
const AT_ONCE = 24;
/** How often a transaction is tried whose relations move on meanwhile. */
const ATTEMPTS = 3;
/** So many of those that have waited for long are settled at once: the rest with the next event. */
const MOST_LATE = 240;
/** What has been unsettled for so long was missed by whoever was to settle it, or moved while its parent had little, ms. */
const OVERDUE_MS = 60 * 1000;

/**
 * Settles what has moved of the parents among these owners that have much to list: each relation comes to the place of its status, and is
 * counted there (docs/decisions.md D17). Others' lists are read as a whole, and do not ask how they are counted. Of a parent's other
 * relations those are settled that have waited for long, so that two who follow different events do not settle the same ones.
 */
export async function settleLong(table: Table, latest: readonly Moved[], nowMs: number): Promise<void> {
  const parents = [...new Set(latest.flatMap(({ owners: [parentUid] }) => parentUid ?? []))];
  const tallies = await table.getMany(parents.map(tallyKey));
  const long = parents.filter((_, nth) => isFiled(tallies[nth]));
  await Promise.all(
    long.map(async (parentUid) => {
      const own = latest.filter(({ owners }) => owners[0] === parentUid);
      const late = await keysOf(table, keysAlone(unsettledOf(parentUid, nowMs - OVERDUE_MS)), MOST_LATE);
      const ids = [...new Set([...own.map(({ event }) => event.id), ...late.map(({ id }) => id)])].map(Number);
      await settleAll(table, parentUid, ids, addToFiledTally);
    }),
  );
}

/** Settles all that has moved of one parent, also of one that has little: then its tally tells how many relations are in effect. */
export async function settle(table: Table, parentUid: number): Promise<void> {
  const keys = await keysOf(table, keysAlone(unsettledOf(parentUid)));
  await settleAll(
    table,
    parentUid,
    keys.map(({ id }) => Number(id)),
    addToTally,
  );
}

async function settleAll(
  table: Table,
  parentUid: number,
  ids: readonly number[],
  add: typeof addToTally,
): Promise<void> {
  for (let first = 0; first < ids.length; first += AT_ONCE) {
    await settleSome(table, parentUid, ids.slice(first, first + AT_ONCE), add);
  }
}

/** Settles some relations in one transaction. What moves again meanwhile has another event, with which it is settled. */
async function settleSome(
  table: Table,
  parentUid: number,
  ids: readonly number[],
  add: typeof addToTally,
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const rows = await table.getMany(ids.map(relationKey));
    const unsettled = rows
      .filter((row) => row !== undefined)
      .filter((row) => isUnsettledOf(parentUid, row) && isLegible(row));
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

/** A damaged row stays where it is, and holds up no other (docs/decisions.md D31). */
function isLegible(row: Row): boolean {
  try {
    return relationOf(row) !== undefined;
  } catch (error) {
    if (error instanceof IllegibleRow) return false;
    throw error;
  }
}

/** The index may be behind, and a parent may have cleared the relation from its lists. */
function isUnsettledOf(parentUid: number, row: Row): boolean {
  return row['countedAs'] !== undefined && row['gsi1pk'] === asParent(parentUid);
}
