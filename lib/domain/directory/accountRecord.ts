import type { Account } from '#lib/domain/account.ts';
import { defineMachine, statusAt } from '#lib/domain/machine.ts';
import type { Guard, Rules } from '#lib/domain/rules.ts';
import { Refusal } from '#lib/errors.ts';

declare module '#lib/errors.ts' {
  interface Reasons {
    /** The directory of the caller has no such account record, or a newer one has taken its place. */
    RecordUnknown: Record<never, never>;
    /** The record is of another kind, or in another status, than the operation is for. */
    RecordUnfit: Record<never, never>;
    MailedRecently: Record<never, never>;
    /** Nobody was sent a link with this token. */
    LinkUnknown: Record<never, never>;
  }
}

/** How long a confirmation is awaited (docs/vendors/alibaba-resource-directory.md 4). */
const CONFIRMATION_HOURS = 24;
const CONFIRMATION_MS = CONFIRMATION_HOURS * 60 * 60 * 1000;
/** How soon after a mail another may be sent. The vendor names no time. */
export const RESEND_AFTER_MS = 60_000;

export const recordStatuses = ['waiting', 'done', 'cancelled', 'expired', 'failed', 'superseded'] as const;

export type RecordStatus = (typeof recordStatuses)[number];

export type RecordEvent = keyof typeof accountRecordMachine.transitions;

export const recordKinds = ['promotion', 'creation'] as const;

/** `promotion`: a resource account is to become a cloud account. `creation`: a cloud account is to be created. */
export type RecordKind = (typeof recordKinds)[number];

/** A promotion or a creation that the owner of an e-mail address has to confirm. Times are epoch ms. */
export interface AccountRecord {
  readonly id: string;
  readonly version: number;
  readonly kind: RecordKind;
  readonly status: RecordStatus;
  readonly managementUid: number;
  /** Who asks, as the management account was called then: its login name and its verified legal name. */
  readonly askedBy: string;
  readonly legalName: string;
  /** The account in question, which does not exist yet where it is to be created. */
  readonly uid: number;
  readonly displayName: string;
  /** The address that is asked and is to be the account's login, as it was given. */
  readonly email: string;
  /** What else a created account is to be. */
  readonly creation?: PendingCreation | undefined;
  /** The SHA-256 of the token that was mailed. */
  readonly tokenHash: string;
  /** While it waits. */
  readonly deadlineMs?: number | undefined;
  readonly sentAtMs: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** Where a created account is put, and who pays for it: the account itself if no payer is named. */
export interface PendingCreation {
  readonly directoryId: string;
  readonly folderId: string;
  readonly payerUid?: number | undefined;
}

/** What a new record is about, and what names it. */
export type Undertaking = Pick<AccountRecord, 'kind' | 'uid' | 'displayName' | 'email' | 'creation'>;
export type RecordName = Pick<AccountRecord, 'id' | 'tokenHash'>;

/** A record that is only just made, and waits. */
export type AskedRecord = AccountRecord & { readonly deadlineMs: number };

/** A record whose mail is sent now, on behalf of a management account. */
export function newRecord(
  { id, tokenHash }: RecordName,
  { creation, displayName, email, kind, uid }: Undertaking,
  management: Account,
  nowMs: number,
): AskedRecord {
  return {
    id,
    tokenHash,
    kind,
    uid,
    displayName,
    email,
    creation,
    managementUid: management.uid,
    askedBy: management.name,
    legalName: management.legalName,
    version: 1,
    status: accountRecordMachine.transitions.ask.to,
    deadlineMs: nowMs + CONFIRMATION_MS,
    sentAtMs: nowMs,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
}

/** The account that a creation makes: under its address, and the legal name of its management account. */
export function askedAccount({ email, legalName, uid }: AccountRecord, nowMs: number): Account {
  return { uid, name: email, legalName, email, createdAtMs: nowMs };
}

/** The life of an account record (docs/vendors/alibaba-resource-directory.md 6.2, 6.3). The bearer is whoever has the token that was mailed. */
export const accountRecordMachine = defineMachine({
  name: 'accountRecord',
  lapses: { waiting: 'expire' },
  transitions: {
    ask: { from: 'nothing', to: 'waiting', by: 'management' },
    confirm: { from: 'waiting', to: 'done', by: 'bearer', guard: 'tokenAsMailed' },
    fail: { from: 'waiting', to: 'failed', by: 'bearer', guard: 'tokenAsMailed' },
    cancel: { from: 'waiting', to: 'cancelled', by: 'management' },
    supersede: { from: 'waiting', to: 'superseded', by: 'management' },
    expire: { from: 'waiting', to: 'expired', by: 'clock' },
  },
});

/** What the bearer of a link shows. */
export interface Borne {
  readonly tokenHash?: string;
}

const tokenAsMailed: Guard<AccountRecord, Borne> = {
  refusal: 'LinkUnknown',
  holds: (record, { tokenHash }) => tokenHash === record.tokenHash,
  equals: ({ tokenHash = '' }) => ({ tokenHash }),
};

/** How a record refuses what its state table does not allow. One that was superseded is gone. */
export const accountRecordRules: Rules<AccountRecord, RecordStatus, 'management', 'tokenAsMailed', Borne> = {
  unknown: 'RecordUnknown',
  notParty: { management: 'RecordUnknown' },
  wrongStatus: {
    waiting: 'RecordUnfit',
    done: 'RecordUnfit',
    cancelled: 'RecordUnfit',
    expired: 'RecordUnfit',
    failed: 'RecordUnfit',
    superseded: 'RecordUnknown',
  },
  guards: { tokenAsMailed },
};

/** The status of a record at `nowMs`, whether or not its lapse is recorded. */
export function recordStatusAt(record: AccountRecord, nowMs: number): RecordStatus {
  return statusAt(accountRecordMachine, record, nowMs);
}

/** Throws `MailedRecently` if the mail of a record that waits was sent so recently that it may not be sent anew. */
export function refuseEarlyResend(record: AccountRecord, nowMs: number): void {
  const isEarly = nowMs < record.sentAtMs + RESEND_AFTER_MS;
  if (isEarly && recordStatusAt(record, nowMs) === 'waiting') throw new Refusal('MailedRecently', {});
}
