import type { Call } from '#lib/call.ts';
import type { Account } from '#lib/domain/account.ts';
import type { Directory } from '#lib/domain/directory/directory.ts';
import { pathTo } from '#lib/domain/directory/folders.ts';
import type { Handshake } from '#lib/domain/directory/handshake.ts';
import { newMember } from '#lib/domain/directory/joining.ts';
import { folderIdOf } from '#lib/domain/directory/member.ts';
import { Refusal } from '#lib/errors.ts';
import { freeSeat } from '#lib/store/directory/creating.ts';
import { handshakeAggregate } from '#lib/store/directory/handshakes.ts';
import { join } from '#lib/store/directory/members.ts';
import type { Acceptance } from '#lib/store/directory/receivedHandshakes.ts';
import { enter } from '#lib/store/directory/seats.ts';
import { noteAnswered } from '#lib/store/directory/sentInvitations.ts';
import { directoryKey } from '#lib/store/keys.ts';
import { transition } from '#lib/store/transition.ts';
import { Stale, type Write } from '#lib/table/commit.ts';
import { equal } from '#lib/table/expressions.ts';
import { absent, check } from '#lib/table/items.ts';

/** What accepting draws: a number from 0 to below 1 for the seat, and what is put behind a name that another member bears. */
export interface Drawn {
  readonly seat: number;
  readonly suffix: string;
}

/**
 * Accepts an invitation: the account becomes a member in the folder that the invitation says, or in the root folder if that is gone,
 * named as the account is, all in one transaction. `Stale` if the folder goes meanwhile. Throws `MemberQuotaReached`; refused as the move is, with `AccountInDirectory` if the account manages a directory or is a member of one, and
 * with `InvitingDirectoryGone`.
 */
export function accept(
  handshake: Handshake,
  account: Account,
  { directory, isNameFree, seats }: Acceptance,
  drawn: Drawn,
  call: Call,
  isNoted = true,
): Write {
  const { directoryId, id, invitee, managementUid, tags } = handshake;
  const { name, uid } = account;
  const folderPath = placeIn(directory, handshake);
  const seat = freeSeat(seats, directory, drawn.seat);
  const member = newMember(
    {
      uid,
      directory,
      accountType: 'cloud',
      displayName: isNameFree ? name : `${name}-${drawn.suffix}`,
      folderPath,
      seat,
      tags,
    },
    call.nowMs,
    'invited',
  );
  const unnoted = () => accept(handshake, account, { directory, isNameFree, seats }, drawn, call, false);
  return [
    ...transition(handshakeAggregate, {
      event: 'accept',
      id,
      call,
      said: { invitee },
      owners: [managementUid, uid],
      change: { set: { inviteeUid: uid }, remove: ['keptUntilMs', 'ttl'] },
      facts: { displayName: member.displayName },
    }),
    check(
      directoryKey(managementUid),
      equal({ id: directoryId }, 'own'),
      () => new Refusal('InvitingDirectoryGone', {}),
    ),
    check(directoryKey(uid), [absent], () => new Refusal('AccountInDirectory', {})),
    ...join(
      member,
      'accept',
      call,
      () => new Refusal('AccountInDirectory', {}),
      () => new Stale(),
    ),
    ...enter(managementUid, directory.memberQuota, { uid, seat, folderId: folderIdOf(member) }, () => new Stale()),
    ...(isNoted ? [noteAnswered(handshake, 'accept', unnoted)] : []),
  ];
}

/** The ids from the root folder to the one that an invitation says, as long as there is such a folder. */
function placeIn(directory: Directory, { folderId }: Handshake): string[] {
  const path = folderId === undefined ? [] : pathTo(directory, folderId).map(({ id }) => id);
  return path.length > 0 ? path : [directory.rootFolderId];
}
