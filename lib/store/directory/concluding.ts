import type { Call } from '#lib/call.ts';
import { type AccountRecord, askedAccount, type Borne } from '#lib/domain/directory/accountRecord.ts';
import { newMember } from '#lib/domain/directory/joining.ts';
import { type Reason, Refusal } from '#lib/errors.ts';
import { accountEvent, enterAccount, loginBy } from '#lib/store/accounts.ts';
import { moveRecord } from '#lib/store/directory/accountRecords.ts';
import { awaits } from '#lib/store/directory/asking.ts';
import { folderPathTo, freeSeat, payFor } from '#lib/store/directory/creating.ts';
import type { MemberProspect } from '#lib/store/directory/directories.ts';
import { releaseName } from '#lib/store/directory/memberNames.ts';
import { join, memberAggregate, ownersOf } from '#lib/store/directory/members.ts';
import { enter } from '#lib/store/directory/seats.ts';
import { releaseEmail, settleEmail } from '#lib/store/emails.ts';
import type { Facts } from '#lib/store/ledger.ts';
import { transition } from '#lib/store/transition.ts';
import { Stale, type Write } from '#lib/table/commit.ts';
import { equal } from '#lib/table/expressions.ts';

/**
 * Confirms a promotion: the member becomes a cloud account whose login is the address, and gives up `former`, the addresses that were its
 * own. Refused as the move of the record is; with `EmailClaimed` if the address is another's by now, and with `MemberUnfit` or
 * `MemberUnknown` if the member is not what it was; `Stale` if its addresses are others by now.
 */
export function confirmPromotion(
  record: AccountRecord,
  tokenHash: string,
  former: readonly string[],
  call: Call,
): Write {
  const { email, id, uid } = record;
  // It is among them if another visit has confirmed the record meanwhile; a transaction cannot name it twice.
  const others = former.filter((one) => one.toLowerCase() !== email.toLowerCase());
  return [
    ...moveRecord(record, 'confirm', call, { said: { tokenHash } }),
    settleEmail(email, uid, () => new Refusal('EmailClaimed', { email })),
    ...transition(memberAggregate, {
      event: 'promote',
      id: uid,
      call,
      owners: ownersOf(record),
      conditions: [...awaits(id), ...equal({ accountType: 'resource' }, 'fit')],
      disagreement: ({ accountType, promotion }) =>
        accountType === 'resource' && promotion?.recordId === id ? undefined : new Refusal('MemberUnfit', {}),
      change: { set: { accountType: 'cloud', outcome: 'promoted' }, remove: ['promotion'] },
      facts: { recordId: id },
    }),
    ...loginBy(email, { uid, former: others, nowMs: call.nowMs }, () => new Refusal('MemberUnknown', {})),
  ];
}

/** What confirming a creation draws: a number from 0 to below 1 for its seat, and the id of the relation to its payer. */
export interface Drawn {
  readonly seat: number;
  readonly relationId: number;
}

/**
 * Confirms a creation: registers the account under the legal name of its management account, makes it a member with a seat, a place in
 * its folder and its name, and opens the trusteeship of its payer, all in one transaction. Throws and is refused as the move of the record
 * is, and for what has come to stand against it since it was asked for.
 */
export function confirmCreation(
  record: AccountRecord,
  tokenHash: string,
  { directory, management, payer, seats }: MemberProspect,
  drawn: Drawn,
  call: Call,
): Write {
  const { creation, displayName, email, managementUid, uid } = record;
  if (creation === undefined) throw new Error(`the record ${record.id} says nothing of what is to be created`);
  const folderPath = folderPathTo(directory, creation.folderId);
  const seat = freeSeat(seats, directory, drawn.seat);
  const member = newMember(
    { uid, directory, accountType: 'cloud', displayName, folderPath, seat, tags: {} },
    call.nowMs,
  );
  const account = { ...askedAccount(record, call.nowMs), legalName: management.legalName };
  return [
    ...moveRecord(record, 'confirm', call, { said: { tokenHash } }),
    ...enter(managementUid, directory.memberQuota, { uid, seat, folderId: creation.folderId }),
    enterAccount(account, () => new Refusal('AccountExists', { uid })),
    settleEmail(email, uid, () => new Refusal('EmailClaimed', { email })),
    accountEvent(uid, 'register', call),
    ...join(member, 'create', call, () => new Stale()),
    ...(payer ? payFor(managementUid, account, payer, drawn.relationId, call) : []),
  ];
}

/** What a record that waits holds, and gives up as it ends without having been confirmed. */
interface Held {
  readonly email: boolean;
  readonly name: boolean;
  readonly member: boolean;
}

/** Cancels a record, on behalf of the account that manages its directory. Refused as the move is. */
export function cancelRecord(record: AccountRecord, call: Call): Write {
  return giveUp(record, { event: 'cancel' }, call);
}

/** Ends a record that its bearer has confirmed in vain, for the reason that stands against it. Refused as the move is. */
export function failRecord(record: AccountRecord, tokenHash: string, reason: Reason, call: Call): Write {
  return giveUp(record, { event: 'fail', said: { tokenHash }, facts: { reason } }, call);
}

/** What is no longer the record's own is left as it is. */
function giveUp(
  record: AccountRecord,
  { event, ...more }: Ending,
  call: Call,
  held: Held = { email: true, name: record.kind === 'creation', member: record.kind === 'promotion' },
): Write {
  const { displayName, email, managementUid, uid } = record;
  const without = (what: keyof Held) => () => giveUp(record, { event, ...more }, call, { ...held, [what]: false });
  return [
    ...moveRecord(record, event, call, more),
    ...(held.email ? [releaseEmail(email, uid, call.nowMs, without('email'))] : []),
    ...(held.name ? [releaseName(managementUid, displayName, String(uid), call.nowMs, without('name'))] : []),
    ...(held.member ? endPromotion(record, event, call).map((item) => ({ ...item, refused: without('member') })) : []),
  ];
}

/** How a record ends without having been confirmed: by whom, and why. */
interface Ending {
  readonly event: 'cancel' | 'fail';
  readonly said?: Borne;
  readonly facts?: Facts;
}

function endPromotion(record: AccountRecord, event: 'cancel' | 'fail', call: Call): Write {
  const outcome = event === 'cancel' ? 'promotionCancelled' : 'promotionFailed';
  return transition(memberAggregate, {
    event: event === 'cancel' ? 'cancelPromotion' : 'failPromotion',
    id: record.uid,
    call,
    owners: ownersOf(record),
    conditions: awaits(record.id),
    change: { set: { outcome }, remove: ['promotion'] },
    facts: { recordId: record.id },
  });
}
