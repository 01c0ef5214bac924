import * as v from 'valibot';
import type { Account } from '#lib/domain/account.ts';
import { storedForms } from '#lib/domain/machine.ts';
import type { Policy } from '#lib/domain/policy.ts';
import {
  isParty,
  phaseOf,
  type Relation,
  type RelationStatus,
  relationAt,
  relationMachine,
  relationStatuses,
  statusesInEffect,
} from '#lib/domain/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { accountOf } from '#lib/store/accounts.ts';
import { allOf, type Fragment, namesIn, standsAs } from '#lib/store/expressions.ts';
import {
  accountKey,
  aliasKey,
  asChild,
  asParent,
  parentKey,
  phaseRank,
  relationKey,
  tallyKey,
} from '#lib/store/keys.ts';
import { merged } from '#lib/store/merged.ts';
import type { Lock } from '#lib/store/relationLocks.ts';
import type { Precedents } from '#lib/store/relationOpening.ts';
import { relationOf } from '#lib/store/relationRows.ts';
import type { Query, Row, Table } from '#lib/store/table.ts';

const lockSchema = v.object({ relationId: v.number() });

/** Which relations of an account to list: by their status at `nowMs` (epoch ms), by policy, by the other party. */
export interface RelationFilter {
  readonly uid: number;
  readonly statuses: readonly RelationStatus[];
  readonly nowMs: number;
  readonly policies?: readonly Policy[];
  readonly counterparties?: readonly number[];
}

/** Two accounts about to be related, and their latest relations as children. */
export interface Prospect extends Precedents {
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
  /** The id of the latest relation of a child, if that is with this parent. Throws `RelationUnknown`. */
  idBetween(parentUid: number, childUid: number): Promise<number>;
  /** All that has to be known before a relation of the two is opened, in one round trip. Throws `AccountUnknown`. */
  prospect(parentUid: number, childUid: number, alias: string): Promise<Prospect>;
  /** Those at `offset` and after, oldest first, at most `limit`: pages stay as they are while relations are added. */
  list(filter: RelationFilter, offset: number, limit: number): Promise<Relation[]>;
  /** How many a list without bounds would give. */
  total(filter: RelationFilter): Promise<number>;
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
    async idBetween(parentUid, childUid) {
      const row = await table.get(parentKey(childUid));
      if (row?.['parentUid'] !== parentUid) throw new Refusal('RelationUnknown', {});
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
    async list(filter, offset, limit) {
      const pages = sides.flatMap((side) => queriesOf(filter, side)).map((query) => table.query(query, offset + limit));
      const found: Relation[] = [];
      let position = 0;
      for await (const row of merged(pages, oldestFirst)) {
        if (position++ >= offset) found.push(relationAt(relationOf(row), filter.nowMs));
        if (found.length === limit) break;
      }
      return found;
    },
    async total(filter) {
      const count = (queries: Query[]) => Promise.all(queries.map((query) => table.count(query))).then(sum);
      const asChild = count(queriesOf(filter, 'gsi2'));
      const asParent = mayCountOthers(filter) ? countByOthers(table, filter) : count(queriesOf(filter, 'gsi1'));
      return sum(await Promise.all([asChild, asParent]));
    },
  };
}

/** Where an account's relations stand: those it is the parent of, those it is the child of. */
const sides = ['gsi1', 'gsi2'] as const;
const owners = { gsi1: asParent, gsi2: asChild };
const counterparties = { gsi1: '#childUid', gsi2: '#parentUid' };

function queriesOf(filter: RelationFilter, side: (typeof sides)[number]): Query[] {
  const forms = [...new Set(filter.statuses)].flatMap((status) => storedForms(relationMachine.lapses, status));
  const phases = [...new Set(forms.map(({ status }) => phaseOf(status)))];
  return phases.map((phase) => {
    const formsOfPhase = forms.filter(({ status }) => phaseOf(status) === phase);
    const { text, values } = allOf([
      standsAs(formsOfPhase, filter.nowMs),
      ...oneOf('#policy', ':policy', filter.policies),
      ...oneOf(counterparties[side], ':uid', filter.counterparties),
    ]);
    return {
      IndexName: side,
      KeyConditionExpression: `${side}pk = :owner AND begins_with(${side}sk, :phase)`,
      FilterExpression: text,
      ExpressionAttributeNames: namesIn(text),
      ExpressionAttributeValues: { ...values, ':owner': owners[side](filter.uid), ':phase': phaseRank(phase) },
    };
  });
}

function oneOf(path: string, placeholder: string, wanted: readonly unknown[] = []): Fragment[] {
  if (wanted.length === 0) return [];
  const values = Object.fromEntries(wanted.map((value, index) => [`${placeholder}${index}`, value]));
  return [{ text: `${path} IN (${Object.keys(values).join(', ')})`, values }];
}

function mayCountOthers({ counterparties = [], policies = [], statuses }: RelationFilter): boolean {
  const isWholeParty = counterparties.length === 0 && policies.length === 0;
  return isWholeParty && statusesInEffect.every((status) => statuses.includes(status));
}

/**
 * Counting the many that are in effect would read them all; counting the few that are not wanted, and subtracting them from
 * what the parent ever opened, reads next to nothing.
 */
async function countByOthers(table: Table, filter: RelationFilter): Promise<number> {
  const others = relationStatuses.filter((status) => !filter.statuses.includes(status));
  const [opened, ...counts] = await Promise.all([
    table.get(tallyKey(filter.uid)),
    ...queriesOf({ ...filter, statuses: others }, 'gsi1').map((query) => table.count(query)),
  ]);
  return Number(opened?.['relations'] ?? 0) - sum(counts);
}

function oldestFirst(one: Row, other: Row): number {
  return Number(one['id']) - Number(other['id']);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function lockOf(row: Row): Lock {
  return v.parse(lockSchema, row);
}
