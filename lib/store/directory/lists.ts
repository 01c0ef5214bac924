import type { Member } from '#lib/domain/directory/member.ts';
import { Refusal } from '#lib/errors.ts';
import { filteredBy, type MemberFilter } from '#lib/store/directory/filters.ts';
import { memberOf } from '#lib/store/directory/members.ts';
import { type PayerName, readPayer } from '#lib/store/directory/payers.ts';
import { countedIn } from '#lib/store/directory/seats.ts';
import { directoryKey, memberRank, membersIn, membersOf, occupancyKey } from '#lib/store/keys.ts';
import { newTrail, readAlong } from '#lib/table/along.ts';
import type { Key, Query, Row, Table } from '#lib/table/table.ts';

/** Which part of a list: those at `offset` and after, at most `limit`. */
export interface Slice {
  readonly offset: number;
  readonly limit: number;
}

/** A part of a list, in the order in which its members joined, and how many it has in all. */
export interface MemberPage {
  readonly members: readonly Member[];
  readonly total: number;
}

export interface Members {
  /** The members of the directory that an account manages. Throws `DirectoryUnknown`. */
  page(managementUid: number, filter: MemberFilter, slice: Slice): Promise<MemberPage>;
  /** Those of one folder, which has to be known to exist. */
  pageIn(folderId: string, filter: MemberFilter, slice: Slice): Promise<MemberPage>;
  /** Who pays for a member at `nowMs`; undefined if it does so itself. Throws `DirectoryUnknown` and `MemberUnknown`. */
  payerOf(managementUid: number, uid: number, nowMs: number): Promise<PayerName | undefined>;
}

/** A part of a list that goes on at `next`, if it does. */
interface NextPage extends MemberPage {
  readonly next: string | undefined;
}

/** Whether a later page is in its list. One that is not is not looked for, however long the list is. */
type Reach = 'within' | 'beyond';
const reaches = newTrail<Reach>();

/** More than DynamoDB looks at for one answer, which is 1 MB. */
const MOST_LOOKED_AT = 10_000;

/**
 * The members of a table. How many a list has is known from the rows that count them, so that its first page costs the same however long
 * it is. What lies before a later page is passed over by its keys; only a filter has every member looked at.
 */
export function openMembers(table: Table): Members {
  return {
    async page(managementUid, filter, slice) {
      const list = listed('gsi1', membersOf(managementUid));
      const filtered = filteredBy(list, filter);
      const count = () => countMembers(table, managementUid);
      if (filtered === undefined) return readSlice(table, list, slice, count);
      // The count tells whether there is a directory at all.
      const [found] = await Promise.all([readMatching(table, filtered, slice), count()]);
      return found;
    },
    pageIn(folderId, filter, slice) {
      const list = listed('gsi2', membersIn(folderId));
      const filtered = filteredBy(list, filter);
      const count = async () => countedIn(await standingWith(table, occupancyKey(folderId, 0).pk, 'SEATS#'));
      return filtered ? readMatching(table, filtered, slice) : readSlice(table, list, slice, count);
    },
    payerOf: (managementUid, uid, nowMs) => readPayer(table, managementUid, uid, nowMs),
  };
}

/**
 * At most `limit` members behind a place in the list, or from its beginning; the place where it goes on, and how many there are in all.
 * Throws `DirectoryUnknown`. Imported by the one operation that needs it, so that no other's bundle has it (docs/decisions.md D33).
 */
export async function pageAfter(
  table: Table,
  managementUid: number,
  filter: MemberFilter,
  after: string | undefined,
  limit: number,
): Promise<NextPage> {
  const owner = membersOf(managementUid);
  const behind = listed('gsi1', owner, after);
  const all = filteredBy(listed('gsi1', owner), filter);
  const [rows, total, matching] = await Promise.all([
    readOn(table, filteredBy(behind, filter) ?? behind, limit + 1),
    countMembers(table, managementUid),
    all && readMatching(table, all, { offset: 0, limit: 0 }),
  ]);
  const members = rows.slice(0, limit).map(memberOf);
  const last = rows.length > limit ? members.at(-1) : undefined;
  const next = last && memberRank(last.joinedAtMs, last.uid);
  return { members, total: matching?.total ?? total, next };
}

/** How many members a directory has. Throws `DirectoryUnknown`. */
async function countMembers(table: Table, managementUid: number): Promise<number> {
  const { pk, sk } = directoryKey(managementUid);
  const [directory, ...seats] = await standingWith(table, pk, sk);
  if (directory === undefined) throw new Refusal('DirectoryUnknown', {});
  return countedIn(seats);
}

async function standingWith(table: Table, pk: string, prefix: string): Promise<Row[]> {
  const query = {
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': pk, ':prefix': prefix },
    ConsistentRead: true,
  };
  return (await table.page(query, MOST_LOOKED_AT)).rows;
}

async function readSlice(table: Table, list: Query, slice: Slice, count: () => Promise<number>): Promise<MemberPage> {
  if (slice.offset === 0) {
    const [total, rows] = await Promise.all([count(), readOn(table, list, slice.limit)]);
    return { members: rows.map(memberOf), total };
  }
  const behind = async (reach: Reach) => (reach === 'beyond' ? [] : readBehind(table, list, slice));
  const [total, rows] = await readAlong(table, count, behind, {
    trail: reaches,
    from: JSON.stringify([list, slice.offset]),
    target: (total) => (slice.offset < total ? 'within' : 'beyond'),
  });
  return { members: rows.map(memberOf), total };
}

/** The rows behind the first `offset`, which are counted by their keys and not fetched. */
async function readBehind(table: Table, list: Query, { limit, offset }: Slice): Promise<Row[]> {
  let passed = 0;
  let after: Key | undefined;
  while (passed < offset) {
    const page = await table.countPage(list, offset - passed, after);
    passed += page.count;
    after = page.next;
    if (after === undefined) return [];
  }
  return readOn(table, list, limit, after);
}

async function readOn(table: Table, list: Query, limit: number, from?: Key): Promise<Row[]> {
  const rows: Row[] = [];
  let after = from;
  do {
    const page = await table.page(list, limit - rows.length, after);
    rows.push(...page.rows);
    after = page.next;
  } while (after && rows.length < limit);
  return rows;
}

/** Looks at the whole list. What matches is fetched where the slice may be, and counted elsewhere. */
async function readMatching(table: Table, list: Query, { limit, offset }: Slice): Promise<MemberPage> {
  const members: Member[] = [];
  let total = 0;
  let after: Key | undefined;
  do {
    const end = offset + limit - total;
    if (end <= 0 || offset - total >= MOST_LOOKED_AT) {
      const page = await table.countPage(list, MOST_LOOKED_AT, after);
      total += page.count;
      after = page.next;
    } else {
      const page = await table.page(list, MOST_LOOKED_AT, after);
      members.push(...page.rows.slice(Math.max(0, offset - total), end).map(memberOf));
      total += page.rows.length;
      after = page.next;
    }
  } while (after);
  return { members, total };
}

function listed(IndexName: 'gsi1' | 'gsi2', owner: string, after?: string): Query {
  return {
    IndexName,
    KeyConditionExpression: `${IndexName}pk = :owner${after === undefined ? '' : ` AND ${IndexName}sk > :after`}`,
    ExpressionAttributeValues: { ':owner': owner, ...(after !== undefined && { ':after': after }) },
  };
}
