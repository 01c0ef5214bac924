import type { Account } from '#lib/domain/account.ts';
import type { Directory } from '#lib/domain/directory/directory.ts';
import {
  type Handshake,
  handshakeAt,
  inviteeNames,
  nameOfAddress,
  type Target,
} from '#lib/domain/directory/handshake.ts';
import { Refusal } from '#lib/errors.ts';
import { accountOf, emailRow } from '#lib/store/accounts.ts';
import { directoryOf } from '#lib/store/directory/directories.ts';
import { type HandshakePage, pageOfHandshakes } from '#lib/store/directory/handshakeLists.ts';
import { handshakeOf } from '#lib/store/directory/handshakes.ts';
import type { Slice } from '#lib/store/directory/lists.ts';
import { memberNameRow, memberOf } from '#lib/store/directory/members.ts';
import { type Seats, seatsKeys, seatsOf } from '#lib/store/directory/seats.ts';
import { type SentBook, sentBookOf } from '#lib/store/directory/sentInvitations.ts';
import {
  accountKey,
  directoryKey,
  emailKey,
  handshakeKey,
  handshakesOf,
  handshakesTo,
  memberKey,
  memberNameKey,
  sentInvitationsKey,
} from '#lib/store/keys.ts';
import type { Row, Table } from '#lib/table/table.ts';

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

/** Invitations as they stand at `nowMs`. One that is not kept any more is unknown. */
export interface Handshakes {
  /**
   * All that has to be known before an account is invited, in one round trip, or in two by its address. Throws `DirectoryUnknown`, and
   * `ParameterInvalid` for a uid that is no account's.
   */
  prospect(managementUid: number, target: Target): Promise<InvitationProspect>;
  /** One that an account has sent. Throws `HandshakeUnknown`. */
  getSent(managementUid: number, id: string, nowMs: number): Promise<Handshake>;
  /** One that an account is invited by, in one round trip. Throws `HandshakeUnknown`. */
  getReceived(uid: number, id: string, nowMs: number): Promise<Received>;
  /** One that an account has sent, or is invited by: then with that account. Throws `HandshakeUnknown`. */
  get(uid: number, id: string, nowMs: number): Promise<{ handshake: Handshake; invitee: Account | undefined }>;
  /** All that has to be known before an invitation is accepted. Throws `InvitingDirectoryGone`. */
  acceptance(handshake: Handshake, account: Account, nowMs: number): Promise<Acceptance>;
  /** What an account has sent. */
  book(managementUid: number): Promise<SentBook>;
  /** Those that a directory has sent, in that order. */
  pageOf(directoryId: string, slice: Slice, nowMs: number): Promise<HandshakePage>;
  /** Those that an account is invited by, in the order in which they were sent. */
  pageTo(uid: number, slice: Slice, nowMs: number): Promise<HandshakePage>;
}

/** The invitations of a table. Operations that need them open them: what every process opens is in every bundle (docs/decisions.md D33). */
export function openHandshakes(table: Table): Handshakes {
  const received = async (uid: number, id: string, nowMs: number) => {
    const keys = [handshakeKey(id), accountKey(uid), memberKey(uid), directoryKey(uid)];
    const [row, ...own] = await table.getMany(keys);
    const handshake = row && handshakeAt(handshakeOf(row), nowMs);
    if (handshake === undefined) throw new Refusal('HandshakeUnknown', {});
    const invitee = inviteeOf(own);
    const isInvited = invitee && inviteeNames(invitee.account).includes(handshake.invitee);
    return { handshake, invitee: isInvited ? invitee : undefined };
  };
  return {
    async prospect(managementUid, target) {
      const { entity, type } = target;
      const sought = type === 'account' ? inviteeKeys(Number(entity)) : [emailKey(nameOfAddress(entity))];
      const own = [directoryKey(managementUid), accountKey(managementUid), sentInvitationsKey(managementUid)];
      const [directory, management, book, ...rest] = await table.getMany([
        ...own,
        ...sought,
        ...seatsKeys(managementUid),
      ]);
      if (directory === undefined || management === undefined) throw new Refusal('DirectoryUnknown', {});
      const found = rest.slice(0, sought.length);
      const invitee = inviteeOf(type === 'account' ? found : await bearing(table, found[0]));
      if (type === 'account' && invitee === undefined) {
        throw new Refusal('ParameterInvalid', { parameter: 'TargetEntity', fault: 'value' });
      }
      return {
        directory: directoryOf(directory),
        management: accountOf(management),
        book: sentBookOf(managementUid, book),
        seats: seatsOf(rest.slice(sought.length)),
        invitee,
      };
    },
    async getSent(managementUid, id, nowMs) {
      const row = await table.get(handshakeKey(id));
      const handshake = row && handshakeAt(handshakeOf(row), nowMs);
      if (handshake?.managementUid !== managementUid) throw new Refusal('HandshakeUnknown', {});
      return handshake;
    },
    async getReceived(uid, id, nowMs) {
      const { handshake, invitee } = await received(uid, id, nowMs);
      if (invitee === undefined) throw new Refusal('HandshakeUnknown', {});
      return { handshake, ...invitee };
    },
    async get(uid, id, nowMs) {
      const { handshake, invitee } = await received(uid, id, nowMs);
      if (invitee === undefined && handshake.managementUid !== uid) throw new Refusal('HandshakeUnknown', {});
      return { handshake, invitee: invitee?.account };
    },
    async acceptance({ directoryId, managementUid }, { name }, nowMs) {
      const keys = [directoryKey(managementUid), memberNameKey(managementUid, name), ...seatsKeys(managementUid)];
      const [row, bearer, ...seats] = await table.getMany(keys);
      const directory = row && directoryOf(row);
      if (directory?.id !== directoryId) throw new Refusal('InvitingDirectoryGone', {});
      const { untilMs } = bearer ? memberNameRow.read(bearer) : { untilMs: nowMs };
      return { directory, seats: seatsOf(seats), isNameFree: untilMs !== undefined && untilMs <= nowMs };
    },
    async book(managementUid) {
      return sentBookOf(managementUid, await table.get(sentInvitationsKey(managementUid)));
    },
    pageOf: (directoryId, slice, nowMs) => pageOfHandshakes(table, 'gsi1', [handshakesOf(directoryId)], slice, nowMs),
    async pageTo(uid, slice, nowMs) {
      const row = await table.get(accountKey(uid));
      const names = row ? inviteeNames(accountOf(row)) : [];
      return pageOfHandshakes(table, 'gsi2', names.map(handshakesTo), slice, nowMs);
    },
  };
}

function inviteeKeys(uid: number) {
  return [accountKey(uid), memberKey(uid), directoryKey(uid)];
}

/** The rows of the account whose address it is for good; none if it is nobody's yet. */
async function bearing(table: Table, row: Row | undefined): Promise<(Row | undefined)[]> {
  const claim = row && emailRow.read(row);
  return claim && claim.untilMs === undefined ? table.getMany(inviteeKeys(claim.uid)) : [];
}

function inviteeOf([account, member, directory]: readonly (Row | undefined)[]): Invitee | undefined {
  if (account === undefined) return undefined;
  const isMember = member !== undefined && memberOf(member).status === 'joined';
  return { account: accountOf(account), isInDirectory: isMember || directory !== undefined };
}
