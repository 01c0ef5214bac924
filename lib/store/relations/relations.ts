import type { Account } from '#lib/domain/account.ts';
import type { Allocation } from '#lib/domain/relation/credit.ts';
import { isInEffect, isParty, type Relation, type RelationName, relationAt } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { accountOf } from '#lib/store/accounts.ts';
import { accountKey, aliasKey, pairKey, relationKey, slotKey, standingKey, tallyKey } from '#lib/store/keys.ts';
import { countsOf } from '#lib/store/relations/counts.ts';
import type { PriorState } from '#lib/store/relations/opening.ts';
import { relationOf } from '#lib/store/relations/rows.ts';
import { aliasRow, latestOfPair, type Pointer, pairRow, slotOf } from '#lib/store/relations/slots.ts';
import { lentInAllOf, standingOf } from '#lib/store/standings.ts';
import type { Row, Table } from '#lib/table/table.ts';

/** Two accounts about to be related, with what was read of them. */
export interface Prospect extends PriorState {
  readonly parent: Account;
  readonly child: Account;
}

/** The parties by which a caller names a relation. */
type Parties = Exclude<RelationName, { readonly id: number }>;

export interface Relations {
  /** The relation as it stands at `nowMs`. */
  find(id: number, nowMs: number): Promise<Relation | undefined>;
  /** The same. Throws `RelationUnknown`. */
  get(id: number, nowMs: number): Promise<Relation>;
  /** The same, if the account is one of its parties. Throws `RelationUnknown`: a stranger must not learn that it exists. */
  getOfParty(id: number, uid: number | undefined, nowMs: number): Promise<Relation>;
  /** An account and the relation that binds it as a child, as it stands at `nowMs`. Throws `AccountUnknown`. */
  accountAsChild(uid: number, nowMs: number): Promise<{ account: Account; relation: Relation | undefined }>;
  /**
   * The id of the relation that a caller names; if by its parties, their latest. Throws `RelationUnknown` if they have none,
   * and for an account that is neither: that without reading, so that the time taken does not tell who is related.
   */
  idOf(name: RelationName, callerUid: number | undefined): Promise<number>;
  /** The latest relation of two accounts and their standings, read as of one moment. Throws `RelationUnknown`. */
  getWithStandings(parties: Parties, nowMs: number): Promise<Omit<Allocation, 'amount'>>;
  /** Reads, in one round trip, all that opening a relation needs; `alias` if it claims one. Throws `AccountUnknown`. */
  prospect(parentUid: number, childUid: number, alias?: string): Promise<Prospect>;
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
  const idOf: Relations['idOf'] = async (name, callerUid) => {
    if ('id' in name) return name.id;
    const { childUid, parentUid } = name;
    if (callerUid !== undefined && !isParty(name, callerUid)) throw new Refusal('RelationUnknown', {});
    const [pair, slot] = await table.getMany([pairKey(parentUid, childUid), slotKey(childUid)]);
    const id = latestOfPair(parentUid, pointerOf(pair), slotOf(slot));
    if (id === undefined) throw new Refusal('RelationUnknown', {});
    return id;
  };
  return {
    find,
    get,
    async getOfParty(id, uid, nowMs) {
      const relation = await get(id, nowMs);
      if (uid === undefined || !isParty(relation, uid)) throw new Refusal('RelationUnknown', {});
      return relation;
    },
    async accountAsChild(uid, nowMs) {
      const [account, slot] = await table.getMany([accountKey(uid), slotKey(uid)]);
      if (account === undefined) throw new Refusal('AccountUnknown', { party: 'account', uid });
      const { relationId } = slotOf(slot);
      const relation = relationId === undefined ? undefined : await find(relationId, nowMs);
      return { account: accountOf(account), relation: relation && isInEffect(relation) ? relation : undefined };
    },
    idOf,
    async getWithStandings({ childUid, parentUid }, nowMs) {
      const id = await idOf({ childUid, parentUid }, undefined);
      const keys = [relationKey(id), standingKey(parentUid), standingKey(childUid)];
      const [relation, parent, child] = await table.getTogether(keys);
      if (relation === undefined) throw new Refusal('RelationUnknown', {});
      return {
        relation: relationAt(relationOf(relation), nowMs),
        parent: standingOf(parent),
        child: standingOf(child),
        lentInAll: lentInAllOf(parent),
      };
    },
    async prospect(parentUid, childUid, alias) {
      const [parent, child, pair, parentSlot, childSlot, standing, tally, claimed] = await table.getMany([
        accountKey(parentUid),
        accountKey(childUid),
        pairKey(parentUid, childUid),
        slotKey(parentUid),
        slotKey(childUid),
        standingKey(parentUid),
        tallyKey(parentUid),
        ...(alias ? [aliasKey(parentUid, alias)] : []),
      ]);
      if (parent === undefined) throw new Refusal('AccountUnknown', { party: 'parent', uid: parentUid });
      if (child === undefined) throw new Refusal('AccountUnknown', { party: 'child', uid: childUid });
      return {
        parent: accountOf(parent),
        child: accountOf(child),
        pair: pointerOf(pair),
        parentSlot: slotOf(parentSlot),
        childSlot: slotOf(childSlot),
        alias: claimed && aliasRow.read(claimed),
        isFrozen: standingOf(standing).frozen,
        counts: countsOf(tally),
      };
    },
  };
}

function pointerOf(row: Row | undefined): Pointer | undefined {
  return row && pairRow.read(row);
}
