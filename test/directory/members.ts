import type { Call } from '#lib/call.ts';
import { newMember } from '#lib/domain/directory/joining.ts';
import type { AccountType, Member } from '#lib/domain/directory/member.ts';
import { createMember, folderPathTo } from '#lib/store/directory/creating.ts';
import { memberOf } from '#lib/store/directory/members.ts';
import { memberKey } from '#lib/store/keys.ts';
import { commit } from '#lib/table/commit.ts';
import type { DirectoryEstate } from '#test/directory/calls.ts';
import { callBy } from '#test/support/callBy.ts';
import type { Signer } from '#test/support/estate.ts';

/** What a member's account is to be, beside its name in the directory. */
interface MemberAccount {
  readonly email?: string;
  readonly legalName?: string;
  readonly folderId?: string;
}

/** A call by the parent's key that was made in some other way. */
export function callOfParent(estate: DirectoryEstate): Call {
  return callBy(estate, estate.parent.uid);
}

/** Makes a cloud account, of the parent's company unless another is named, that is a member of the parent's directory. */
export function cloudMember(estate: DirectoryEstate, displayName: string, more: MemberAccount = {}): Promise<number> {
  return memberOfType('cloud', estate, displayName, more);
}

/** The same of a resource account, which may be what CreateResourceAccount does not make. */
export function resourceMember(estate: DirectoryEstate, displayName: string, more: MemberAccount): Promise<number> {
  return memberOfType('resource', estate, displayName, more);
}

async function memberOfType(
  accountType: AccountType,
  estate: DirectoryEstate,
  displayName: string,
  { email, folderId, legalName = 'Acme' }: MemberAccount,
): Promise<number> {
  const { deps, nowMs, parent, rootFolderId } = estate;
  const directory = await deps.directories.get(parent.uid);
  const uid = deps.ports.ids.uid();
  const folderPath = folderPathTo(directory, folderId ?? rootFolderId);
  const wanted = { uid, directory, accountType, displayName, folderPath, seat: 0, tags: {} } as const;
  const member = newMember(wanted, nowMs());
  const account = { uid, name: `cloud${uid}@test`, legalName, email, createdAtMs: nowMs() };
  const creation = { member, account, payer: undefined, relationId: 0, memberQuota: directory.memberQuota };
  await commit(deps.table, createMember({ ...creation, nameWas: 'drawn' }, callOfParent(estate)));
  return uid;
}

/** A member as it is stored, whatever has become of it. */
export async function storedMember({ deps }: DirectoryEstate, uid: number | string): Promise<Member> {
  const row = await deps.table.get(memberKey(Number(uid)));
  if (row === undefined) throw new Error(`no member ${uid}`);
  return memberOf(row);
}

/** A key of an account's root user. */
export async function rootKey({ call, operator }: DirectoryEstate, uid: number): Promise<Signer> {
  const { body } = await call(operator, 'IssueAccessKey', { Uid: uid, Root: true });
  return { uid, keyId: body.AccessKeyId, secret: body.AccessKeySecret };
}
