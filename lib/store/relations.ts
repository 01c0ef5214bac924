import * as v from 'valibot';
import type { Account } from '#lib/domain/account.ts';
import { storedForms } from '#lib/domain/machine.ts';
import {
  isParty,
  phaseOf,
  type Relation,
  type RelationStatus,
  relationAt,
  relationMachine,
  relationStatuses,
} from '#lib/domain/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { accountOf } from '#lib/store/accounts.ts';
import { namesIn, standsAs } from '#lib/store/expressions.ts';
import { accountKey, asChild, asParent, parentKey, phaseRank, relationKey, tallyKey } from '#lib/store/keys.ts';
import { merged } from '#lib/store/merged.ts';
import { relationOf } from '#lib/store/relationRows.ts';
import type { Lock, Precedents } from '#lib/store/relationWrites.ts';
import type { Query, Row, Table } from '#lib/store/table.ts';

const lockSchema = v.object({ relationId: v.number() });

/** Which relations of an account to list: by their status at `nowMs` (epoch ms). */
export interface RelationFilter {
  readonly uid: number;
  readonly statuses: readonly RelationStatus[];
  readonly nowMs: number;
}

/** Two accounts about to be related, and their latest relations as children. */
export interface Prospect extends Precedents {
  readonly parent: Account;
  readonly child: Account;
}

export interface Relations {
  /** The relation as it stands at `nowMs`. */
  find(id: number, nowMs: number): Promise<Relation | undefined>;
  /** The same, if the account is one of its parties. Throws `RelationUnknown`: a stranger must not learn that it exists. */
  getOfParty(id: number, uid: number | undefined, nowMs: number): Promise<Relation>;
  /** The live relation of an account as a child, as it stands at `nowMs`. */
  findParentOf(childUid: number, nowMs: number): Promise<Relation | undefined>;
  /** The id of the latest relation of a child, if that is with this parent. Throws `RelationUnknown`. */
  idBetween(parentUid: number, childUid: number): Promise<number>;
  /** All that has to be known before a relation of the two is opened, in one round trip. Throws `AccountUnknown`. */
  prospect(parentUid: number, childUid: number): Promise<Prospect>;
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
  return {
    find,
    async getOfParty(id, uid, nowMs) {
      const relation = await find(id, nowMs);
      if (relation === undefined || uid === undefined || !isParty(relation, uid))
        throw new Refusal('RelationUnknown', {});
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
    async prospect(parentUid, childUid) {
      const keys = [accountKey(parentUid), accountKey(childUid), parentKey(parentUid), parentKey(childUid)];
      const [parent, child, parentLock, childLock] = await table.getMany(keys);
      if (parent === undefined) throw new Refusal('AccountUnknown', { party: 'parent', uid: parentUid });
      if (child === undefined) throw new Refusal('AccountUnknown', { party: 'child', uid: childUid });
      return {
        parent: accountOf(parent),
        child: accountOf(child),
        parentLock: parentLock && lockOf(parentLock),
        childLock: childLock && lockOf(childLock),
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
      const asParent = isAllInEffect(filter) ? inEffectCount(table, filter.uid) : count(queriesOf(filter, 'gsi1'));
      return (await asParent) + (await asChild);
    },
  };
}

/** Where an account's relations stand: those it is the parent of, those it is the child of. */
const sides = ['gsi1', 'gsi2'] as const;
const owners = { gsi1: asParent, gsi2: asChild };

function queriesOf({ nowMs, statuses, uid }: RelationFilter, side: (typeof sides)[number]): Query[] {
  const forms = statuses.flatMap((status) => storedForms(relationMachine.lapses, status));
  const phases = [...new Set(forms.map(({ status }) => phaseOf(status)))];
  return phases.map((phase) => {
    const { text, values } = standsAs(
      forms.filter(({ status }) => phaseOf(status) === phase),
      nowMs,
    );
    return {
      IndexName: side,
      KeyConditionExpression: `${side}pk = :owner AND begins_with(${side}sk, :phase)`,
      FilterExpression: text,
      ExpressionAttributeNames: namesIn(text),
      ExpressionAttributeValues: { ...values, ':owner': owners[side](uid), ':phase': phaseRank(phase) },
    };
  });
}

function isAllInEffect({ statuses }: RelationFilter): boolean {
  return relationStatuses.every((status) => (phaseOf(status) === 'inEffect') === statuses.includes(status));
}

/**
 * Counting the many that are in effect would read them all; counting the few that are not, and subtracting them from
 * what the parent ever opened, reads next to nothing.
 */
async function inEffectCount(table: Table, parentUid: number): Promise<number> {
  const notInEffect = {
    IndexName: 'gsi1',
    KeyConditionExpression: 'gsi1pk = :owner AND gsi1sk BETWEEN :from AND :to',
    ExpressionAttributeValues: {
      ':owner': asParent(parentUid),
      ':from': phaseRank('offered'),
      ':to': `${phaseRank('past')}~`,
    },
  };
  const [opened, others] = await Promise.all([table.get(tallyKey(parentUid)), table.count(notInEffect)]);
  return Number(opened?.['relations'] ?? 0) - others;
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
