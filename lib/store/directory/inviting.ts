import type { Call } from '#lib/call.ts';
import { type Handshake, handshakeMachine, KEPT_MS, type SentHandshake } from '#lib/domain/directory/handshake.ts';
import { pendingIn } from '#lib/domain/directory/sentInvitations.ts';
import { handshakeAggregate, handshakeRow, ownersOf } from '#lib/store/directory/handshakes.ts';
import {
  handshakeIdIn,
  noteAllEnded,
  noteAnswered,
  noteSent,
  type SentBook,
} from '#lib/store/directory/sentInvitations.ts';
import { directoryKey, dueShard, handshakeKey, handshakeRank, handshakesOf, handshakesTo } from '#lib/store/keys.ts';
import { eventRecord } from '#lib/store/ledger.ts';
import { mailOut } from '#lib/store/mails.ts';
import { transition } from '#lib/store/transition.ts';
import { Stale, type Write } from '#lib/table/commit.ts';
import { type Change, equal } from '#lib/table/expressions.ts';
import { check, create } from '#lib/table/items.ts';
import { latestMs } from '#lib/table/requests.ts';

/** The call that moves an invitation, and the wall's time, epoch ms, by which the table forgets the invitation and its mail. */
export interface Handling {
  readonly call: Call;
  readonly wallNowMs: number;
}

/**
 * Sends an invitation, and a mail that tells of it if there is an address for that. `Stale` if the directory is no longer the one that was
 * read, others were sent since the book was read, or the id was taken.
 */
export function invite(
  { handshake, mailTo }: { readonly handshake: SentHandshake; readonly mailTo: string | undefined },
  book: SentBook,
  { call, wallNowMs }: Handling,
): Write {
  const { askedBy, createdAtMs, deadlineMs, directoryId, id, invitee, keptUntilMs, legalName } = handshake;
  const { managementUid, target, version, ...rest } = handshake;
  const rank = handshakeRank(createdAtMs, id);
  const row = handshakeRow.row(handshakeKey(id), {
    v: version,
    ...rest,
    managementUid,
    target,
    due: dueShard(id),
    ttl: ttlOf(keptUntilMs ?? deadlineMs, { call, wallNowMs }),
    gsi1pk: handshakesOf(directoryId),
    gsi1sk: rank,
    gsi2pk: handshakesTo(invitee),
    gsi2sk: rank,
  });
  const { from, to } = handshakeMachine.transitions.invite;
  const facts = { targetType: target.type };
  const tells = { kind: 'invitation', handshakeId: id, askedBy, legalName, directoryId, deadlineMs } as const;
  return [
    check(directoryKey(managementUid), equal({ id: directoryId }, 'own'), () => new Stale()),
    noteSent(book, handshake, call.nowMs),
    create(row, () => new Stale()),
    eventRecord({ subject: 'handshake', id, owners: ownersOf(handshake), event: 'invite', from, to, facts }, call),
    ...(mailTo === undefined ? [] : [mailOut(mailTo, tells, call.nowMs, wallNowMs)]),
  ];
}

/** Ends an invitation that awaits an answer: its invitee declines it, or its sender withdraws it. Refused as the move is. */
export function endHandshake(
  handshake: Handshake,
  event: 'decline' | 'cancel',
  handling: Handling,
  isNoted = true,
): Write {
  const { id, invitee, managementUid } = handshake;
  const { call } = handling;
  const inviteeUid = event === 'decline' ? call.uid : handshake.inviteeUid;
  const unnoted = () => endHandshake(handshake, event, handling, false);
  return [
    ...transition(handshakeAggregate, {
      event,
      id,
      call,
      said: { invitee },
      owners: ownersOf({ managementUid, inviteeUid }),
      change: keptOn(handling, { ...(inviteeUid !== undefined && { inviteeUid }) }),
    }),
    ...(isNoted ? [noteAnswered(handshake, event, unnoted)] : []),
  ];
}

/**
 * Withdraws whatever invitations await an answer, together with the end of their directory; one that is about to expire is left to that.
 * `Stale` if others were sent or answered since the book was read.
 */
export function cancelAll(book: SentBook, handling: Handling): Write {
  const { call } = handling;
  const names = pendingIn(book.sent, latestMs(call.now()));
  const moves = names.flatMap((name) =>
    transition(handshakeAggregate, { event: 'cancel', id: handshakeIdIn(name), call, change: keptOn(handling) }),
  );
  return [noteAllEnded(book, call.nowMs), ...moves.map((item) => ({ ...item, refused: () => new Stale() }))];
}

/** What has ended is kept for a while. */
function keptOn(handling: Handling, more: Readonly<Record<string, unknown>> = {}): Change {
  const keptUntilMs = handling.call.nowMs + KEPT_MS;
  return { set: { ...more, keptUntilMs, ttl: ttlOf(keptUntilMs, handling) } };
}

/** A time of the domain as the table forgets by it: by the wall's clock, in seconds. */
function ttlOf(timeMs: number, { call, wallNowMs }: Handling): number {
  return Math.ceil((wallNowMs + timeMs - call.nowMs) / 1000);
}
