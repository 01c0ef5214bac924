import type { Account } from '#lib/domain/account.ts';
import type { Deletion, DeletionCheck } from '#lib/domain/directory/deletion.ts';
import type { Directory } from '#lib/domain/directory/directory.ts';
import type { Member } from '#lib/domain/directory/member.ts';
import { Refusal } from '#lib/errors.ts';
import { accountOf } from '#lib/store/accounts.ts';
import { checkOf, deletionOf } from '#lib/store/directory/deletions.ts';
import { directoryOf, memberIn } from '#lib/store/directory/directories.ts';
import { trusteeshipIn } from '#lib/store/directory/payers.ts';
import {
  accountKey,
  deletionCheckKey,
  deletionKey,
  directoryKey,
  memberKey,
  pairKey,
  slotKey,
} from '#lib/store/keys.ts';
import { latestOfPair, pairRow, slotOf } from '#lib/store/relations/slots.ts';
import type { Key, Row, Table } from '#lib/table/table.ts';

/** A member of a directory, with what was undertaken to delete it. */
export interface Candidate {
  readonly directory: Directory;
  readonly management: Account;
  readonly member: Member;
  readonly account: Account;
  readonly check: DeletionCheck | undefined;
  readonly deletion: Deletion | undefined;
}

/** A member, by its management account, in one round trip. Throws `DirectoryUnknown` and `MemberUnknown`. */
export async function getCandidate(table: Table, managementUid: number, uid: number): Promise<Candidate> {
  return candidateIn(await table.getMany(candidateKeys(managementUid, uid)), managementUid);
}

/**
 * The same, and whether an account other than the management account pays for the member at `nowMs`. Only a relation with another account
 * takes a second round trip.
 */
export async function getPaidCandidate(
  table: Table,
  managementUid: number,
  uid: number,
  nowMs: number,
): Promise<Candidate & { readonly isPaidByAnother: boolean }> {
  const own = [slotKey(uid), pairKey(managementUid, uid)];
  const [slotFound, pair, ...rows] = await table.getMany([...own, ...candidateKeys(managementUid, uid)]);
  const candidate = candidateIn(rows, managementUid);
  const slot = slotOf(slotFound);
  const isOfManagement = slot.relationId === latestOfPair(managementUid, pair && pairRow.read(pair), slot);
  const payment = isOfManagement ? undefined : await trusteeshipIn(table, slot, nowMs);
  return { ...candidate, isPaidByAnother: payment !== undefined && payment.parentUid !== managementUid };
}

function candidateKeys(managementUid: number, uid: number): Key[] {
  const own = [accountKey, memberKey, deletionCheckKey, deletionKey].map((key) => key(uid));
  return [directoryKey(managementUid), accountKey(managementUid), ...own];
}

function candidateIn(rows: readonly (Row | undefined)[], managementUid: number): Candidate {
  const [directory, management, account, found, check, deletion] = rows;
  if (directory === undefined || management === undefined) throw new Refusal('DirectoryUnknown', {});
  const member = memberIn(managementUid, found);
  if (account === undefined) throw new Refusal('MemberUnknown', {});
  return {
    directory: directoryOf(directory),
    management: accountOf(management),
    member,
    account: accountOf(account),
    check: own(check && checkOf(check), managementUid),
    deletion: own(deletion && deletionOf(deletion), managementUid),
  };
}

/**
 * The latest deletion that a management account has asked for, also of an account that is gone. Throws `MemberUnknown`, and
 * `CheckUnknown` for a member whose deletion it has not asked for.
 */
export async function getDeletion(table: Table, managementUid: number, uid: number): Promise<Deletion> {
  const [row, found] = await table.getMany([deletionKey(uid), memberKey(uid)]);
  const deletion = own(row && deletionOf(row), managementUid);
  if (deletion) return deletion;
  memberIn(managementUid, found);
  throw new Refusal('CheckUnknown', {});
}

/** What was undertaken for another directory, of which the account was a member before, is not shown. */
function own<Of extends { readonly managementUid: number }>(found: Of | undefined, managementUid: number) {
  return found?.managementUid === managementUid ? found : undefined;
}
