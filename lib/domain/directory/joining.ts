import type { Account } from '#lib/domain/account.ts';
import { type JoinMethod, type Member, memberMachine } from '#lib/domain/directory/member.ts';

/** What a new member is to be. */
export type NewMember = Pick<Member, 'uid' | 'accountType' | 'displayName' | 'folderPath' | 'seat' | 'tags'> & {
  readonly directory: { readonly id: string; readonly managementUid: number };
};

/** An account that becomes a member of a directory; unless `joinMethod` says otherwise, it was created as one. */
export function newMember(
  { directory, ...member }: NewMember,
  nowMs: number,
  joinMethod: JoinMethod = 'created',
): Member {
  return {
    ...member,
    version: 1,
    managementUid: directory.managementUid,
    directoryId: directory.id,
    status: memberMachine.transitions.create.to,
    joinMethod,
    outcome: joinMethod,
    joinedAtMs: nowMs,
    updatedAtMs: nowMs,
  };
}

/** The first member of a directory with a new management account: the account that had both made. */
export function founderOf(directory: Founded, { name, uid }: Pick<Account, 'name' | 'uid'>, nowMs: number): Member {
  const folderPath = [directory.rootFolderId];
  const founder = { uid, directory, accountType: 'cloud', displayName: name, folderPath, seat: 0, tags: {} } as const;
  return newMember(founder, nowMs, 'invited');
}

type Founded = NewMember['directory'] & { readonly rootFolderId: string };
