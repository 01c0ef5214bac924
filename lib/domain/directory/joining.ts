import type { Account } from '#lib/domain/account.ts';
import { type JoinMethod, type Member, memberMachine } from '#lib/domain/directory/member.ts';

/** What a new member is to be. */
export type NewMember = Pick<Member, 'uid' | 'accountType' | 'displayName' | 'folderPath' | 'seat' | 'tags'> & {
  readonly directory: { readonly id: string; readonly managementUid: number };
};

/** An account that becomes a member of a directory: created as one, if nothing else is said. */
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

/** The account that has a directory made for it under a new management account, as the first member of that. */
export function founderOf(directory: Founded, { name, uid }: Pick<Account, 'name' | 'uid'>, nowMs: number): Member {
  const folderPath = [directory.rootFolderId];
  const founder = { uid, directory, accountType: 'cloud', displayName: name, folderPath, seat: 0, tags: {} } as const;
  return newMember(founder, nowMs, 'invited');
}

type Founded = NewMember['directory'] & { readonly rootFolderId: string };
