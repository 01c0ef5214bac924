import type { Account } from '#lib/domain/account.ts';
import type { Deletion, DeletionCheck } from '#lib/domain/directory/deletion.ts';
import type { Directory } from '#lib/domain/directory/directory.ts';
import type { Circumstances } from '#lib/domain/directory/findings.ts';
import { isInDirectory, type Member } from '#lib/domain/directory/member.ts';
import { isInEffect, relationAt } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { accountOf, emailRow } from '#lib/store/accounts.ts';
import { checkOf, deletionOf } from '#lib/store/directory/deletions.ts';
import { directoryOf, memberIn } from '#lib/store/directory/directories.ts';
import { memberOf } from '#lib/store/directory/members.ts';
import {
  accountKey,
  deletionCheckKey,
  deletionKey,
  directoryKey,
  emailKey,
  memberKey,
  relationKey,
  slotKey,
  standingKey,
  tallyKey,
} from '#lib/store/keys.ts';
import { relationOf } from '#lib/store/relations/rows.ts';
import { type Slot, slotOf } from '#lib/store/relations/slots.ts';
import { liveIn } from '#lib/store/relations/tallies.ts';
import { standingOf } from '#lib/store/standings.ts';
import type { Row, Table } from '#lib/table/table.ts';

/** A member of a directory, with what was undertaken to delete it. */
export interface Candidate {
  readonly directory: Directory;
  readonly management: Account;
  readonly member: Member;
  readonly account: Account;
  readonly check: DeletionCheck | undefined;
  readonly deletion: Deletion | undefined;
}

/** What a step of a deletion has to know of the account. */
export interface Seen extends Circumstances {
  readonly account: Account | undefined;
  readonly slot: Slot;
}

export interface Deletions {
  /** A member, by its management account, in one round trip. Throws `DirectoryUnknown` and `MemberUnknown`. */
  getCandidate(managementUid: number, uid: number): Promise<Candidate>;
  /**
   * The latest deletion that a management account has asked for, also of an account that is gone. Throws `MemberUnknown`, and
   * `CheckUnknown` for a member whose deletion it has not asked for.
   */
  get(managementUid: number, uid: number): Promise<Deletion>;
}

/** The deletions of a table. */
export function openDeletions(table: Table): Deletions {
  return {
    async getCandidate(managementUid, uid) {
      const [directory, management, memberFound, check, deletion, account] = await table.getMany([
        directoryKey(managementUid),
        accountKey(managementUid),
        memberKey(uid),
        deletionCheckKey(uid),
        deletionKey(uid),
        ...(uid === managementUid ? [] : [accountKey(uid)]),
      ]);
      if (directory === undefined || management === undefined) throw new Refusal('DirectoryUnknown', {});
      const member = memberIn(managementUid, memberFound);
      if (account === undefined) throw new Refusal('MemberUnknown', {});
      return {
        directory: directoryOf(directory),
        management: accountOf(management),
        member,
        account: accountOf(account),
        check: own(check && checkOf(check), managementUid),
        deletion: own(deletion && deletionOf(deletion), managementUid),
      };
    },
    async get(managementUid, uid) {
      const [row, found] = await table.getMany([deletionKey(uid), memberKey(uid)]);
      const deletion = own(row && deletionOf(row), managementUid);
      if (deletion) return deletion;
      memberIn(managementUid, found);
      throw new Refusal('CheckUnknown', {});
    },
  };
}

/** What was undertaken for another directory, of which the account was a member before, is not shown. */
function own<Of extends { readonly managementUid: number }>(found: Of | undefined, managementUid: number) {
  return found?.managementUid === managementUid ? found : undefined;
}

/** What stands against the deletion of a member, as far as it is so now; in two round trips at most. */
export async function readSeen(
  table: Table,
  { managementUid, uid }: Pick<Deletion, 'managementUid' | 'uid'>,
  nowMs: number,
): Promise<Seen> {
  const keys = [memberKey, accountKey, slotKey, tallyKey, standingKey].map((key) => key(uid));
  const rows = await table.getMany([...keys, standingKey(managementUid)]);
  const [member, account, slotFound, tally, standing, managementStanding] = rows;
  const slot = slotOf(slotFound);
  const held = slot.relationId === undefined ? undefined : await table.get(relationKey(slot.relationId));
  const relation = held && relationAt(relationOf(held), nowMs);
  return {
    nowMs,
    managementUid,
    member: memberFor(managementUid, member),
    account: account && accountOf(account),
    slot,
    standing: standingOf(standing),
    managementStanding: standingOf(managementStanding),
    relation: relation && isInEffect(relation) ? relation : undefined,
    relationsAsParent: liveIn(tally),
  };
}

function memberFor(managementUid: number, row: Row | undefined): Member | undefined {
  const member = row && memberOf(row);
  return member?.managementUid === managementUid && isInDirectory(member) ? member : undefined;
}

/** The addresses that are an account's own: its login and its e-mail, as far as it has claimed them. */
export async function claimedBy(table: Table, { email = '', name, uid }: Account): Promise<string[]> {
  const addresses = [...new Map([name, email].filter(Boolean).map((one) => [one.toLowerCase(), one])).values()];
  const rows = await table.getMany(addresses.map(emailKey));
  return addresses.filter((_, index) => {
    const row = rows[index];
    return row !== undefined && emailRow.read(row).uid === uid;
  });
}
