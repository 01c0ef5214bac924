import * as v from 'valibot';
import type { Call } from '#lib/call.ts';
import type { Account } from '#lib/domain/account.ts';
import type { Directory } from '#lib/domain/directory/directory.ts';
import { isInDirectory, type Member } from '#lib/domain/directory/member.ts';
import type { LedgerEvent } from '#lib/domain/event.ts';
import { Refusal } from '#lib/errors.ts';
import { accountOf } from '#lib/store/accounts.ts';
import { memberOf } from '#lib/store/directory/members.ts';
import { type Seats, seatsKeys, seatsOf } from '#lib/store/directory/seats.ts';
import { accountKey, directoryIdKey, directoryKey, memberKey, slotKey, tallyKey } from '#lib/store/keys.ts';
import { eventRecord, type Facts, type Owners } from '#lib/store/ledger.ts';
import { type Counts, countsOf } from '#lib/store/relations/counts.ts';
import { type Slot, slotOf } from '#lib/store/relations/slots.ts';
import { Stale, type WriteItem } from '#lib/table/commit.ts';
import { equal, together } from '#lib/table/expressions.ts';
import { update } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Row, Table } from '#lib/table/table.ts';

export const directoryRow = rowKind({
  type: 'directory',
  shape: v.object({
    id: v.string(),
    version: v.number(),
    managementUid: v.number(),
    rootFolderId: v.string(),
    folders: v.record(
      v.string(),
      v.object({
        name: v.string(),
        parentId: v.string(),
        tags: v.optional(v.record(v.string(), v.string())),
        createdAtMs: v.number(),
      }),
    ),
    memberQuota: v.number(),
    folderQuota: v.number(),
    permitsDeletion: v.optional(v.boolean(), false),
    controlPolicy: v.optional(v.boolean(), false),
    displayNameSync: v.optional(v.boolean(), false),
    createdAtMs: v.number(),
  }),
  // Before the second schema no member could be deleted.
  upgrades: [(row) => row],
});

/** Which account manages the directory of an id. */
export const directoryIdRow = rowKind({ type: 'directoryId', shape: v.object({ managementUid: v.number() }) });

/** A directory and one of its members, with the member's account. */
export interface Membership {
  readonly directory: Directory;
  readonly member: Member;
  readonly account: Account;
}

/** What has to be known before a member is created. */
export interface MemberProspect {
  readonly directory: Directory;
  readonly management: Account;
  readonly seats: Seats;
  readonly payer: Payer | undefined;
}

/** An account that is to pay for a member, the slot it is bound by as a child itself, and how much it has as a parent. */
export interface Payer {
  readonly account: Account;
  readonly slot: Slot;
  readonly counts: Counts | undefined;
}

export interface Directories {
  /** Which account manages the directory of an id. */
  findManager(directoryId: string): Promise<{ readonly uid: number } | undefined>;
  /** The directory that an account manages. */
  find(managementUid: number): Promise<Directory | undefined>;
  /** The same. Throws `DirectoryUnknown`. */
  get(managementUid: number): Promise<Directory>;
  /** The same, in one round trip. Throws `CallerIsMember` for an account that is in a directory it does not manage. */
  getManaged(uid: number): Promise<Directory>;
  /** The directory that an account manages and a member of it, in one round trip. Throws `DirectoryUnknown` and `MemberUnknown`. */
  getMember(managementUid: number, uid: number): Promise<Membership>;
  /**
   * All that has to be known before a member of a directory is created, in one round trip. Throws `DirectoryUnknown`; `PayerUnknown` if
   * the payer is no account, and `PayerOutsideDirectory` if it neither manages the directory nor is a member of it.
   */
  prospect(managementUid: number, payerUid: number | undefined): Promise<MemberProspect>;
}

/** The directories of a table. */
export function openDirectories(table: Table): Directories {
  const find: Directories['find'] = async (managementUid) => {
    const row = await table.get(directoryKey(managementUid));
    return row && directoryOf(row);
  };
  return {
    async findManager(directoryId) {
      const row = await table.get(directoryIdKey(directoryId));
      return row && { uid: directoryIdRow.read(row).managementUid };
    },
    find,
    async get(managementUid) {
      const directory = await find(managementUid);
      if (directory === undefined) throw new Refusal('DirectoryUnknown', {});
      return directory;
    },
    async getManaged(uid) {
      const [directory, row] = await table.getMany([directoryKey(uid), memberKey(uid)]);
      if (directory) return directoryOf(directory);
      throw new Refusal(row && isInDirectory(memberOf(row)) ? 'CallerIsMember' : 'DirectoryUnknown', {});
    },
    async getMember(managementUid, uid) {
      const keys = [directoryKey(managementUid), memberKey(uid), accountKey(uid)];
      const [directory, member, account] = await table.getMany(keys);
      if (directory === undefined) throw new Refusal('DirectoryUnknown', {});
      const found = memberIn(managementUid, member);
      if (account === undefined) throw new Refusal('MemberUnknown', {});
      return { directory: directoryOf(directory), member: found, account: accountOf(account) };
    },
    async prospect(managementUid, payerUid) {
      const { keys, read } = memberProspect(managementUid, payerUid);
      return read(await table.getMany(keys));
    },
  };
}

/** The rows of a {@link Directories.prospect}, to be read with what else is needed, and how they are read. */
export function memberProspect(managementUid: number, payerUid: number | undefined) {
  const payerKeys = [accountKey, memberKey, slotKey, tallyKey];
  const named = payerUid === undefined ? [] : payerKeys.map((key) => key(payerUid));
  return {
    keys: [directoryKey(managementUid), accountKey(managementUid), ...named, ...seatsKeys(managementUid)],
    read([directory, management, ...rest]: readonly (Row | undefined)[]): MemberProspect {
      if (directory === undefined || management === undefined) throw new Refusal('DirectoryUnknown', {});
      const [account, member, slot, tally] = rest.slice(0, named.length);
      if (payerUid !== undefined) {
        if (account === undefined) throw new Refusal('PayerUnknown', {});
        const payerAs = member && memberOf(member);
        const isMember = payerAs?.managementUid === managementUid && payerAs.status === 'joined';
        if (payerUid !== managementUid && !isMember) throw new Refusal('PayerOutsideDirectory', {});
      }
      return {
        directory: directoryOf(directory),
        management: accountOf(management),
        seats: seatsOf(rest.slice(named.length)),
        payer: account && { account: accountOf(account), slot: slotOf(slot), counts: countsOf(tally) },
      };
    },
  };
}

/** The member of a row, which must be one of the account's directory. Throws `MemberUnknown`. */
export function memberIn(managementUid: number, row: Row | undefined): Member {
  const member = findMemberIn(managementUid, row);
  if (member === undefined) throw new Refusal('MemberUnknown', {});
  return member;
}

/** The same; undefined if the row is of no such member. */
export function findMemberIn(managementUid: number, row: Row | undefined): Member | undefined {
  const member = row && memberOf(row);
  return member?.managementUid === managementUid && isInDirectory(member) ? member : undefined;
}

/** The directory of a row; throws when the row is malformed. */
export function directoryOf({ v: version, ...row }: Row): Directory {
  return directoryRow.read({ ...row, version });
}

/** The row of a new directory. */
export function rowOf({ version, ...directory }: Directory): Row {
  return directoryRow.row(directoryKey(directory.managementUid), { v: version, ...directory });
}

/** The row by which a directory's id is its own. */
export function idRowOf({ id, managementUid }: Directory): Row {
  return directoryIdRow.row(directoryIdKey(id), { managementUid });
}

/** Sets attributes of a directory; `Stale` if it is no longer as it was read. */
export function amendDirectory(
  { managementUid, version }: Directory,
  set: Partial<
    Pick<Directory, 'folders' | 'memberQuota' | 'folderQuota' | 'permitsDeletion' | 'controlPolicy' | 'displayNameSync'>
  >,
): WriteItem {
  const change = together({ set }, { add: { v: 1 } });
  return update(directoryKey(managementUid), change, equal({ v: version }, 'read'), () => new Stale());
}

/** How the events of directories are published (docs/events.md). */
export const directorySubject = {
  subject: 'directory',
  title: 'Directory',
  statuses: ['enabled', 'destroyed'],
  key: (id: string | number) => directoryIdKey(String(id)),
  ownersIn: (row: Row): Owners => [directoryIdRow.read(row).managementUid],
  detailOf: ({ id }: LedgerEvent, [managementUid]: Owners) => ({ directoryId: id, managementUid }),
} as const;

type DirectoryEvent =
  | 'enable'
  | 'destroy'
  | 'createFolder'
  | 'renameFolder'
  | 'deleteFolder'
  | 'putQuotas'
  | 'permitDeletion'
  | 'forbidDeletion'
  | 'putSetting'
  | 'putFactory'
  | 'createBaseline'
  | 'updateBaseline'
  | 'deleteBaseline'
  | 'tagResources'
  | 'untagResources';

/** The record of what the call does to a directory or its folders. */
export function directoryEvent(
  { id, managementUid }: Pick<Directory, 'id' | 'managementUid'>,
  event: DirectoryEvent,
  call: Call,
  facts: Facts = {},
): WriteItem {
  const from = event === 'enable' ? 'nothing' : 'enabled';
  const to = event === 'destroy' ? 'destroyed' : 'enabled';
  return eventRecord({ subject: 'directory', id, owners: [managementUid], event, from, to, facts }, call);
}
