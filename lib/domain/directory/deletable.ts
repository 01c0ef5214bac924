import type { Account } from '#lib/domain/account.ts';
import { type Deletion, type DeletionCheck, deletionRules, isUnderWay } from '#lib/domain/directory/deletion.ts';
import type { Directory } from '#lib/domain/directory/directory.ts';
import type { Member } from '#lib/domain/directory/member.ts';
import { Refusal } from '#lib/errors.ts';

/** A member that is to be deleted, or checked for that. */
interface Deletable {
  readonly directory: Directory;
  readonly management: Account;
  readonly member: Member;
  readonly account: Account;
}

/**
 * Throws what forbids that a member is deleted, and so checked for it: `DeletionForbidden`, `CallerIsRootUser`, `MemberIsCloudAccount`,
 * `MemberLegalNameDiffers`, and `MemberUnfit` while it is being deleted.
 */
export function refuseDeletion({ account, directory, management, member }: Deletable, isByRootUser: boolean): void {
  if (!directory.permitsDeletion) throw new Refusal('DeletionForbidden', {});
  if (isByRootUser) throw new Refusal('CallerIsRootUser', {});
  if (member.accountType !== 'resource') throw new Refusal('MemberIsCloudAccount', {});
  if (account.legalName !== management.legalName) throw new Refusal('MemberLegalNameDiffers', {});
  if (member.status !== 'joined') throw new Refusal('MemberUnfit', {});
}

/** Throws what tells of a deletion that is under way, and `CheckRunning` while a check is. */
export function refuseSecond({ check, deletion, member }: Undertaken): void {
  if (deletion && isUnderWay(deletion)) throw new Refusal(deletionRules.wrongStatus[deletion.status], {});
  if (member.status === 'deleting') throw new Refusal('DeletionRunning', {});
  if (check && isUnderWay(check)) throw new Refusal('CheckRunning', {});
}

interface Undertaken extends Pick<Deletable, 'member'> {
  readonly check: DeletionCheck | undefined;
  readonly deletion: Deletion | undefined;
}
