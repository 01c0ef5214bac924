import type { Call } from '#lib/call.ts';
import { type AccountRecord, type AskedRecord, askedAccount } from '#lib/domain/directory/accountRecord.ts';
import { isPromoting, type Member } from '#lib/domain/directory/member.ts';
import { begin } from '#lib/domain/relation/begin.ts';
import { Refusal } from '#lib/errors.ts';
import { moveRecord, openRecord } from '#lib/store/directory/accountRecords.ts';
import type { Payer } from '#lib/store/directory/directories.ts';
import { claimName } from '#lib/store/directory/memberNames.ts';
import { awaitsNothing, memberAggregate, ownersOf } from '#lib/store/directory/members.ts';
import { claimEmail, isOwnEmail, remainsOwn } from '#lib/store/emails.ts';
import { accountKey } from '#lib/store/keys.ts';
import { linkingGuards } from '#lib/store/relations/linking.ts';
import { transition } from '#lib/store/transition.ts';
import { Stale, type Write, type WriteItem } from '#lib/table/commit.ts';
import { equal, type Fragment } from '#lib/table/expressions.ts';
import { absent, check } from '#lib/table/items.ts';

/** What asking takes beside the record: the call that asks, and the wall's time, epoch ms, by which mails are forgotten. */
export interface Asking {
  readonly call: Call;
  readonly wallNowMs: number;
}

/** Whose the address of a record is before it is asked for: free to be claimed, it is supposed, or the account's own, which it then stays. */
type Address = 'free' | 'own';

/**
 * Asks the owner of an address to confirm that a resource account becomes a cloud account under it; the address is claimed until then,
 * unless the account bears it already. Refused with `MemberUnfit` for a cloud account and while another promotion waits, and with
 * `EmailClaimed`.
 */
export function askPromotion(record: AskedRecord, asking: Asking, address: Address = 'free'): Write {
  const { call, wallNowMs } = asking;
  const ifOwn = () => askPromotion(record, asking, 'own');
  const isUnfit = (member: Member) => member.accountType !== 'resource' || isPromoting(member, call.now());
  return [
    ...transition(memberAggregate, {
      event: 'askPromotion',
      id: record.uid,
      call,
      owners: ownersOf(record),
      conditions: [...equal({ accountType: 'resource' }, 'fit'), awaitsNothing(call)],
      disagreement: (member) => (isUnfit(member) ? new Refusal('MemberUnfit', {}) : undefined),
      change: { set: { promotion: promotionOf(record) } },
      facts: { recordId: record.id },
    }),
    claimFor(record, call, { address, ifOwn, refused: () => emailClaimed(record) }),
    ...openRecord(record, call, wallNowMs),
  ];
}

/** An account to be created, and who is to pay for it. */
export interface AskedCreation {
  readonly record: AskedRecord;
  readonly payer: Payer | undefined;
}

/**
 * Asks the owner of an address to confirm that a cloud account is created under it. Address and display name are claimed until then; a
 * seat is taken only when it is confirmed. Refused with `DisplayNameTaken`, `EmailClaimed`, and for what already stands against the payer;
 * `Stale` if the uid was taken.
 */
export function askCreation({ payer, record }: AskedCreation, { call, wallNowMs }: Asking): Write {
  const { deadlineMs, displayName, email, managementUid, uid } = record;
  return [
    check(accountKey(uid), [absent], () => new Stale()),
    claimName(managementUid, displayName, String(uid), call, deadlineMs),
    claimEmail(email, { uid, nowMs: call.now, untilMs: deadlineMs }, () => emailClaimed(record)),
    ...(payer ? guardsOf(record, payer, call) : []),
    ...openRecord(record, call, wallNowMs),
  ];
}

/**
 * Sends the mail of a record anew: for a record that takes the place of the one before, whose link is worth nothing from then on. The
 * claims are prolonged. Refused as the move is; `Stale` if another was first.
 */
export function askAgain(old: AccountRecord, record: AskedRecord, asking: Asking, address: Address = 'free'): Write {
  const { call, wallNowMs } = asking;
  const ifOwn = () => askAgain(old, record, asking, 'own');
  const { deadlineMs, displayName, managementUid, uid } = record;
  return [
    ...moveRecord(old, 'supersede', call),
    ...(record.kind === 'promotion'
      ? prolong(old, record, call)
      : [claimName(managementUid, displayName, String(uid), call, deadlineMs)]),
    claimFor(record, call, { address, ifOwn, refused: () => new Refusal('RecordUnfit', {}) }),
    ...openRecord(record, call, wallNowMs),
  ];
}

function prolong(old: AccountRecord, record: AskedRecord, call: Call): Write {
  return transition(memberAggregate, {
    event: 'resendPromotion',
    id: record.uid,
    call,
    owners: ownersOf(record),
    conditions: awaits(old.id),
    change: { set: { promotion: promotionOf(record) } },
    facts: { recordId: record.id },
  });
}

/** That a member's promotion is the one of this record. */
export function awaits(recordId: string): Fragment[] {
  return equal({ 'promotion.recordId': recordId }, 'awaited');
}

function promotionOf({ deadlineMs, id }: AskedRecord): NonNullable<Member['promotion']> {
  return { recordId: id, deadlineMs };
}

/** How the address of a record is claimed: `ifOwn` gives the write for one that turns out to be the account's own. */
interface Claiming {
  readonly address: Address;
  readonly ifOwn: () => Write;
  readonly refused: () => Refusal;
}

function claimFor(
  { deadlineMs, email, uid }: AskedRecord,
  { now }: Call,
  { address, ifOwn, refused }: Claiming,
): WriteItem {
  if (address === 'own') return remainsOwn(email, uid, refused);
  return claimEmail(email, { uid, nowMs: now, untilMs: deadlineMs }, (row) =>
    isOwnEmail(row, uid) ? ifOwn() : refused(),
  );
}

function emailClaimed({ email }: AskedRecord): Refusal {
  return new Refusal('EmailClaimed', { email });
}

/** What stands against the trusteeship that is opened with the account, as far as it is so now. Throws `LegalNamesDiffer`. */
function guardsOf(record: AskedRecord, { account: parent, slot }: Payer, { nowMs }: Call): Write {
  const child = askedAccount(record, nowMs);
  const terms = { id: 0, parent, child, policy: 'trusteeship', permissions: [], nick: '' } as const;
  return linkingGuards(begin(terms, nowMs).relation, slot);
}
