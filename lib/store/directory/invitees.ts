import type { Account } from '#lib/domain/account.ts';
import type { Directory } from '#lib/domain/directory/directory.ts';
import { nameOfAddress, type Target } from '#lib/domain/directory/handshake.ts';
import { isInDirectory } from '#lib/domain/directory/member.ts';
import { Refusal } from '#lib/errors.ts';
import { accountOf } from '#lib/store/accounts.ts';
import { directoryOf } from '#lib/store/directory/directories.ts';
import { memberOf } from '#lib/store/directory/members.ts';
import { type Seats, seatsKeys, seatsOf } from '#lib/store/directory/seats.ts';
import { type SentBook, sentBookOf } from '#lib/store/directory/sentInvitations.ts';
import { emailRow } from '#lib/store/emails.ts';
import { accountKey, directoryKey, emailKey, memberKey, sentInvitationsKey } from '#lib/store/keys.ts';
import type { Key, Row, Table } from '#lib/table/table.ts';

/** An account that is invited, and whether it manages a directory or is a member of one. */
export interface Invitee {
  readonly account: Account;
  readonly isInDirectory: boolean;
}

/** What has to be known before an account is invited; no invitee if nobody has the address. */
export interface InvitationProspect {
  readonly directory: Directory;
  readonly management: Account;
  readonly seats: Seats;
  readonly book: SentBook;
  readonly invitee: Invitee | undefined;
}

/**
 * All that has to be known before an account is invited, in one round trip, or in two by its address. Throws `DirectoryUnknown`, and
 * `ParameterInvalid` for a uid that is no account's.
 */
export async function readProspect(table: Table, managementUid: number, target: Target): Promise<InvitationProspect> {
  const isByUid = target.type === 'account';
  const sought = isByUid ? inviteeKeys(Number(target.entity)) : [emailKey(nameOfAddress(target.entity))];
  const own = [directoryKey(managementUid), accountKey(managementUid), sentInvitationsKey(managementUid)];
  const keys = [...own, ...sought, ...seatsKeys(managementUid)];
  const [directory, management, book, ...rest] = await table.getMany(keys);
  if (directory === undefined || management === undefined) throw new Refusal('DirectoryUnknown', {});
  const found = rest.slice(0, sought.length);
  const invitee = inviteeOf(isByUid ? found : await bearing(table, found[0]));
  if (isByUid && invitee === undefined) {
    throw new Refusal('ParameterInvalid', { parameter: 'TargetEntity', fault: 'value' });
  }
  return {
    directory: directoryOf(directory),
    management: accountOf(management),
    book: sentBookOf(managementUid, book),
    seats: seatsOf(rest.slice(sought.length)),
    invitee,
  };
}

/** The rows that an invitee is made of. */
export function inviteeKeys(uid: number): Key[] {
  return [accountKey(uid), memberKey(uid), directoryKey(uid)];
}

/** The invitee of those rows, if there is such an account. */
export function inviteeOf([account, member, directory]: readonly (Row | undefined)[]): Invitee | undefined {
  if (account === undefined) return undefined;
  const isMember = member !== undefined && isInDirectory(memberOf(member));
  return { account: accountOf(account), isInDirectory: isMember || directory !== undefined };
}

/** The rows of the account whose address it is for good; none if it is nobody's yet. */
async function bearing(table: Table, row: Row | undefined): Promise<(Row | undefined)[]> {
  const claim = row && emailRow.read(row);
  return claim && claim.untilMs === undefined ? table.getMany(inviteeKeys(claim.uid)) : [];
}
