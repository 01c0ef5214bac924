import * as v from 'valibot';
import type { Handshake, SentHandshake } from '#lib/domain/directory/handshake.ts';
import { type SentInvitations, stillCounted } from '#lib/domain/directory/sentInvitations.ts';
import { sentInvitationsKey } from '#lib/store/keys.ts';
import { Stale, type Write, type WriteItem } from '#lib/table/commit.ts';
import { equal, type Fragment } from '#lib/table/expressions.ts';
import { absent, check, put, update } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Row } from '#lib/table/table.ts';

/**
 * The invitations of an account that count against its quotas: one row, because only the account itself sends them, and few
 * (docs/decisions.md D51).
 */
export const sentInvitationsRow = rowKind({
  type: 'sentInvitations',
  shape: v.object({
    v: v.number(),
    sent: v.record(
      v.string(),
      v.object({ invitee: v.string(), sentAtMs: v.number(), deadlineMs: v.optional(v.number()) }),
    ),
  }),
});

/** What an account has sent, as it was read; without a version if it has never sent anything. */
export interface SentBook {
  readonly managementUid: number;
  readonly version: number | undefined;
  readonly sent: SentInvitations;
}

/** What the row of an account says, which may be none. */
export function sentBookOf(managementUid: number, row: Row | undefined): SentBook {
  if (row === undefined) return { managementUid, version: undefined, sent: {} };
  const { sent, v: version } = sentInvitationsRow.read(row);
  return { managementUid, version, sent };
}

/** Notes a new invitation. `Stale` if others were sent or answered since the book was read. */
export function noteSent(book: SentBook, handshake: SentHandshake, nowMs: number): WriteItem {
  const { createdAtMs: sentAtMs, deadlineMs, id, invitee } = handshake;
  return rewrite(book, { ...stillCounted(book.sent, nowMs), [nameOf(id)]: { invitee, sentAtMs, deadlineMs } });
}

/** Notes that none awaits an answer any more. `Stale` as above. */
export function noteAllEnded(book: SentBook, nowMs: number): WriteItem {
  if (book.version === undefined) return check(sentInvitationsKey(book.managementUid), [absent], () => new Stale());
  const ended = Object.entries(book.sent).map(([id, { deadlineMs: _, ...one }]) => [id, one]);
  return rewrite(book, stillCounted(Object.fromEntries(ended), nowMs));
}

/**
 * Notes that an invitation awaits no answer any more; of an accepted one nothing is left. `otherwise` is written instead if it was not
 * noted any more.
 */
export function noteAnswered(
  { id, managementUid }: Pick<Handshake, 'id' | 'managementUid'>,
  event: 'accept' | 'decline' | 'cancel',
  otherwise: () => Write,
): WriteItem {
  const entry = `sent.#${nameOf(id)}`;
  const isNoted: Fragment = { text: `attribute_exists(#${entry})` };
  const change = { remove: [event === 'accept' ? entry : `${entry}.#deadlineMs`], add: { v: 1 } };
  return update(sentInvitationsKey(managementUid), change, [isNoted], otherwise);
}

/** The id of the handshake that is noted under a name. */
export function handshakeIdIn(name: string): string {
  return `h-${name}`;
}

/** The id of a handshake without what no placeholder of an expression can have. */
function nameOf(handshakeId: string): string {
  return handshakeId.slice('h-'.length);
}

function rewrite({ managementUid, version }: SentBook, sent: SentInvitations): WriteItem {
  const row = sentInvitationsRow.row(sentInvitationsKey(managementUid), { v: (version ?? 0) + 1, sent });
  return put(row, version === undefined ? [absent] : equal({ v: version }, 'read'), () => new Stale());
}
