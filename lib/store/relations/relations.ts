import type { Account } from '#lib/domain/account.ts';
import { isParty, phaseOf, type Relation, type RelationName, relationAt } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { accountOf } from '#lib/store/accounts.ts';
import { accountKey, aliasKey, parentKey, relationKey } from '#lib/store/keys.ts';
import { type Lock, lockRow } from '#lib/store/relations/linking.ts';
import { listRelations, type RelationFilter, relationsWith } from '#lib/store/relations/lists.ts';
import type { LatestRelations } from '#lib/store/relations/opening.ts';
import { relationOf } from '#lib/store/relations/rows.ts';
import { countRelations } from '#lib/store/relations/tallies.ts';
import type { Row, Table } from '#lib/table/table.ts';

/** Two accounts about to be related, and their latest relations as children. */
export interface Prospect extends LatestRelations {
  readonly parent: Account;
  readonly child: Account;
}

export interface Relations {
  /** The relation as it stands at `nowMs`. */
  find(id: number, nowMs: number): Promise<Relation | undefined>;
  /** The same. Throws `RelationUnknown`. */
  get(id: number, nowMs: number): Promise<Relation>;
  /** The same, if the account is one of its parties. Throws `RelationUnknown`: a stranger must not learn that it exists. */
  getOfParty(id: number, uid: number | undefined, nowMs: number): Promise<Relation>;
  /** The live relation of an account as a child, as it stands at `nowMs`. */
  findParentOf(childUid: number, nowMs: number): Promise<Relation | undefined>;
  /** The id of the relation that is named. Throws `RelationUnknown` when the child's latest relation is not with that parent. */
  idOf(name: RelationName): Promise<number>;
  /** All that has to be known before a relation of the two is opened, in one round trip. Throws `AccountUnknown`. */
  prospect(parentUid: number, childUid: number, alias: string): Promise<Prospect>;
  /**
   * Those at `offset` and after, oldest first, at most `limit`, and how many there are in all: pages stay as they are while
   * relations are added. With `counterparties`, only relations with these accounts.
   */
  page(filter: RelationFilter, offset: number, limit: number, counterparties?: readonly number[]): Promise<Page>;
}

/** A page of a list. */
export interface Page {
  readonly relations: readonly Relation[];
  readonly total: number;
}

/** The relations of a table. */
export function openRelations(table: Table): Relations {
  const find: Relations['find'] = async (id, nowMs) => {
    const row = await table.get(relationKey(id));
    return row && relationAt(relationOf(row), nowMs);
  };
  const get: Relations['get'] = async (id, nowMs) => {
    const relation = await find(id, nowMs);
    if (relation === undefined) throw new Refusal('RelationUnknown', {});
    return relation;
  };
  return {
    find,
    get,
    async getOfParty(id, uid, nowMs) {
      const relation = await get(id, nowMs);
      if (uid === undefined || !isParty(relation, uid)) throw new Refusal('RelationUnknown', {});
      return relation;
    },
    async findParentOf(childUid, nowMs) {
      const lock = await table.get(parentKey(childUid));
      const relation = lock && (await find(lockOf(lock).relationId, nowMs));
      return relation && phaseOf(relation.status) !== 'past' ? relation : undefined;
    },
    async idOf(name) {
      if ('id' in name) return name.id;
      const row = await table.get(parentKey(name.childUid));
      if (row?.['parentUid'] !== name.parentUid) throw new Refusal('RelationUnknown', {});
      return lockOf(row).relationId;
    },
    async prospect(parentUid, childUid, alias) {
      const [parent, child, parentLock, childLock, aliasLock] = await table.getMany([
        accountKey(parentUid),
        accountKey(childUid),
        parentKey(parentUid),
        parentKey(childUid),
        aliasKey(parentUid, alias),
      ]);
      if (parent === undefined) throw new Refusal('AccountUnknown', { party: 'parent', uid: parentUid });
      if (child === undefined) throw new Refusal('AccountUnknown', { party: 'child', uid: childUid });
      return {
        parent: accountOf(parent),
        child: accountOf(child),
        parentLock: parentLock && lockOf(parentLock),
        childLock: childLock && lockOf(childLock),
        aliasLock: aliasLock && lockOf(aliasLock),
      };
    },
    async page(filter, offset, limit, counterparties = []) {
      if (counterparties.length > 0) {
        const all = await relationsWith(table, filter, counterparties);
        return { relations: all.slice(offset, offset + limit), total: all.length };
      }
      const [relations, total] = await Promise.all([
        listRelations(table, filter, offset, limit),
        countRelations(table, filter),
      ]);
      return { relations, total };
    },
  };
}

function lockOf(row: Row): Lock {
  return lockRow.read(row);
}
