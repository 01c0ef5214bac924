import type { Account } from '#lib/domain/account.ts';
import type { AccountRecord, RecordKind } from '#lib/domain/directory/accountRecord.ts';
import { isInDirectory, type Member } from '#lib/domain/directory/member.ts';
import { Refusal } from '#lib/errors.ts';
import { accountOf } from '#lib/store/accounts.ts';
import { recordOf } from '#lib/store/directory/accountRecords.ts';
import { memberOf } from '#lib/store/directory/members.ts';
import { accountKey, directoryKey, memberKey, recordKey } from '#lib/store/keys.ts';
import type { Row, Table } from '#lib/table/table.ts';

/** A record, with the account that manages its directory. */
export interface OwnRecord {
  readonly record: AccountRecord;
  readonly management: Account;
}

/** A member, with the account that manages its directory. */
export interface OwnMember {
  readonly member: Member;
  readonly management: Account;
}

/** No longer text names a record, and none that is would be taken by the table as a key. */
const recordId = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** The record of an id, if there is one. */
export async function findRecord(table: Table, id: string): Promise<AccountRecord | undefined> {
  const row = recordId.test(id) ? await table.get(recordKey(id)) : undefined;
  return row && recordOf(row);
}

/**
 * A record of a kind, of the directory that an account manages, in one round trip. Throws `DirectoryUnknown`, `RecordUnknown`, and
 * `RecordUnfit` if it is of the other kind.
 */
export async function getOwnRecord(
  table: Table,
  managementUid: number,
  id: string,
  kind: RecordKind,
): Promise<OwnRecord> {
  const named = recordId.test(id) ? [recordKey(id)] : [];
  const keys = [directoryKey(managementUid), accountKey(managementUid), ...named];
  const [directory, management, row] = await table.getMany(keys);
  if (directory === undefined || management === undefined) throw new Refusal('DirectoryUnknown', {});
  const record = row && recordOf(row);
  if (record?.managementUid !== managementUid) throw new Refusal('RecordUnknown', {});
  if (record.kind !== kind) throw new Refusal('RecordUnfit', {});
  return { record, management: accountOf(management) };
}

/** A member of the directory that an account manages, in one round trip. Throws `DirectoryUnknown` and `MemberUnknown`. */
export async function getOwnMember(table: Table, managementUid: number, uid: number): Promise<OwnMember> {
  const keys = [directoryKey(managementUid), accountKey(managementUid), memberKey(uid)];
  const [directory, management, row] = await table.getMany(keys);
  if (directory === undefined || management === undefined) throw new Refusal('DirectoryUnknown', {});
  const member = memberIn(row, managementUid);
  if (member === undefined) throw new Refusal('MemberUnknown', {});
  return { member, management: accountOf(management) };
}

/** The member whose promotion it is. Throws `RecordUnfit` if the account is no longer a member. */
export async function getPromoted(table: Table, { managementUid, uid }: AccountRecord): Promise<Member> {
  const member = memberIn(await table.get(memberKey(uid)), managementUid);
  if (member === undefined) throw new Refusal('RecordUnfit', {});
  return member;
}

/** The member of a row, if there is one in the directory of this management account. */
function memberIn(row: Row | undefined, managementUid: number): Member | undefined {
  const member = row && memberOf(row);
  return member?.managementUid === managementUid && isInDirectory(member) ? member : undefined;
}
