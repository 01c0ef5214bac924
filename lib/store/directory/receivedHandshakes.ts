import type { Directory } from '#lib/domain/directory/directory.ts';
import { type Handshake, handshakeAt, inviteeNames } from '#lib/domain/directory/handshake.ts';
import { Refusal } from '#lib/errors.ts';
import { directoryOf } from '#lib/store/directory/directories.ts';
import { handshakeOf } from '#lib/store/directory/handshakes.ts';
import { type Invitee, inviteeKeys, inviteeOf } from '#lib/store/directory/invitees.ts';
import { memberNameRow } from '#lib/store/directory/memberNames.ts';
import { type Seats, seatsKeys, seatsOf } from '#lib/store/directory/seats.ts';
import { directoryKey, handshakeKey, memberNameKey } from '#lib/store/keys.ts';
import { getAlong, newTrail } from '#lib/table/along.ts';
import type { Key, Row, Table } from '#lib/table/table.ts';

/** An invitation to an account, and that account. */
export interface Received extends Invitee {
  readonly handshake: Handshake;
}

/** What has to be known of the directory that an account enters. */
export interface Acceptance {
  readonly directory: Directory;
  readonly seats: Seats;
  /** Whether no member is called as the account is. */
  readonly isNameFree: boolean;
}

/** Which account has sent an invitation to another, then a space, and what that other is called. */
const senders = newTrail<string>();

/** An invitation and, if it is to the account, that account; in one round trip. Throws `HandshakeUnknown`. */
export async function readHandshake(table: Table, uid: number, id: string, nowMs: number) {
  const { handshake, invitee } = readIn(await table.getMany(keysOf(uid, id)), nowMs);
  if (invitee) senders.put(table, `${uid} ${id}`, targetOf({ handshake, ...invitee }));
  return { handshake, invitee };
}

/**
 * An invitation to an account, with all that has to be known before it is accepted; in one round trip if the process has read it for the
 * account before, else in two. Throws `HandshakeUnknown` and `InvitingDirectoryGone`.
 */
export async function getAcceptable(
  table: Table,
  uid: number,
  id: string,
  nowMs: number,
): Promise<Received & { readonly acceptance: Acceptance }> {
  const keys = keysOf(uid, id);
  const found = await getAlong(table, keys, acceptanceKeys, {
    trail: senders,
    from: `${uid} ${id}`,
    target: (rows) => targetOf(receivedIn(rows, nowMs)),
  });
  const received = receivedIn(found.slice(0, keys.length), nowMs);
  return { ...received, acceptance: acceptanceIn(found.slice(keys.length), received.handshake, nowMs) };
}

function keysOf(uid: number, id: string): Key[] {
  return [handshakeKey(id), ...inviteeKeys(uid)];
}

function readIn([row, ...own]: readonly (Row | undefined)[], nowMs: number) {
  const handshake = row && handshakeAt(handshakeOf(row), nowMs);
  if (handshake === undefined) throw new Refusal('HandshakeUnknown', {});
  const invitee = inviteeOf(own);
  const isInvited = invitee && inviteeNames(invitee.account).includes(handshake.invitee);
  return { handshake, invitee: isInvited ? invitee : undefined };
}

function receivedIn(rows: readonly (Row | undefined)[], nowMs: number): Received {
  const { handshake, invitee } = readIn(rows, nowMs);
  if (invitee === undefined) throw new Refusal('HandshakeUnknown', {});
  return { handshake, ...invitee };
}

function targetOf({ account, handshake }: Received): string {
  return `${handshake.managementUid} ${account.name}`;
}

/** The rows of a directory that an account of a name is to enter. */
function acceptanceKeys(target: string): Key[] {
  const space = target.indexOf(' ');
  const managementUid = Number(target.slice(0, space));
  return [
    directoryKey(managementUid),
    memberNameKey(managementUid, target.slice(space + 1)),
    ...seatsKeys(managementUid),
  ];
}

function acceptanceIn(
  [row, bearer, ...seats]: readonly (Row | undefined)[],
  { directoryId }: Handshake,
  nowMs: number,
): Acceptance {
  const directory = row && directoryOf(row);
  if (directory?.id !== directoryId) throw new Refusal('InvitingDirectoryGone', {});
  const { untilMs } = bearer ? memberNameRow.read(bearer) : { untilMs: nowMs };
  return { directory, seats: seatsOf(seats), isNameFree: untilMs !== undefined && untilMs <= nowMs };
}
