import type { Account } from '#lib/domain/account.ts';
import type { Directory } from '#lib/domain/directory/directory.ts';
import { type Handshake, handshakeAt, inviteeNames } from '#lib/domain/directory/handshake.ts';
import { Refusal } from '#lib/errors.ts';
import { accountOf } from '#lib/store/accounts.ts';
import { openDirectories } from '#lib/store/directory/directories.ts';
import { type HandshakePage, pageOfHandshakes } from '#lib/store/directory/handshakeLists.ts';
import { handshakeOf } from '#lib/store/directory/handshakes.ts';
import type { Slice } from '#lib/store/directory/lists.ts';
import { type Received, readHandshake } from '#lib/store/directory/receivedHandshakes.ts';
import { type SentBook, sentBookOf } from '#lib/store/directory/sentInvitations.ts';
import { accountKey, handshakeKey, handshakesOf, handshakesTo, sentInvitationsKey } from '#lib/store/keys.ts';
import { newTrail, readAlong } from '#lib/table/along.ts';
import type { Table } from '#lib/table/table.ts';

/** Invitations as they stand at `nowMs`. One that is not kept any more is unknown. */
export interface Handshakes {
  /** One that an account has sent. Throws `HandshakeUnknown`. */
  getSent(managementUid: number, id: string, nowMs: number): Promise<Handshake>;
  /** One that an account is invited by, in one round trip. Throws `HandshakeUnknown`. */
  getReceived(uid: number, id: string, nowMs: number): Promise<Received>;
  /** One that an account has sent, or is invited by: then with that account. Throws `HandshakeUnknown`. */
  get(uid: number, id: string, nowMs: number): Promise<{ handshake: Handshake; invitee: Account | undefined }>;
  /** What an account has sent. */
  book(managementUid: number): Promise<SentBook>;
  /** Those that the directory of an account has sent, in that order. Throws `DirectoryUnknown`. */
  pageOf(managementUid: number, slice: Slice, nowMs: number): Promise<HandshakePage>;
  /** Those that an account is invited by, in the order in which they were sent. */
  pageTo(uid: number, slice: Slice, nowMs: number): Promise<HandshakePage>;
}

/** The id of an account's directory, and, a line each, all that an account may be invited by. */
const directoryIds = newTrail<string>();
const namesOfInvitees = newTrail<string>();

/** The invitations of a table. Operations that need them open them: what every process opens is in every bundle (docs/decisions.md D33). */
export function openHandshakes(table: Table): Handshakes {
  return {
    async getSent(managementUid, id, nowMs) {
      const row = await table.get(handshakeKey(id));
      const handshake = row && handshakeAt(handshakeOf(row), nowMs);
      if (handshake?.managementUid !== managementUid) throw new Refusal('HandshakeUnknown', {});
      return handshake;
    },
    async getReceived(uid, id, nowMs) {
      const { handshake, invitee } = await readHandshake(table, uid, id, nowMs);
      if (invitee === undefined) throw new Refusal('HandshakeUnknown', {});
      return { handshake, ...invitee };
    },
    async get(uid, id, nowMs) {
      const { handshake, invitee } = await readHandshake(table, uid, id, nowMs);
      if (invitee === undefined && handshake.managementUid !== uid) throw new Refusal('HandshakeUnknown', {});
      return { handshake, invitee: invitee?.account };
    },
    async book(managementUid) {
      return sentBookOf(managementUid, await table.get(sentInvitationsKey(managementUid)));
    },
    async pageOf(managementUid, slice, nowMs) {
      const sentBy = (id: string) => pageOfHandshakes(table, 'gsi1', [handshakesOf(id)], slice, nowMs);
      const pointing = { trail: directoryIds, from: managementUid, target: ({ id }: Directory) => id };
      const [, page] = await readAlong(table, () => openDirectories(table).get(managementUid), sentBy, pointing);
      return page;
    },
    async pageTo(uid, slice, nowMs) {
      const sentTo = (names: string) =>
        pageOfHandshakes(table, 'gsi2', names.split('\n').filter(Boolean).map(handshakesTo), slice, nowMs);
      const [, page] = await readAlong(table, () => table.get(accountKey(uid)), sentTo, {
        trail: namesOfInvitees,
        from: uid,
        target: (row) => (row ? inviteeNames(accountOf(row)) : []).join('\n'),
      });
      return page;
    },
  };
}
