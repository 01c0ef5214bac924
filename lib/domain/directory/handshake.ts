import { type Account, haveSameLegalName } from '#lib/domain/account.ts';
import { defineMachine, statusAt } from '#lib/domain/machine.ts';
import type { Guard, Rules } from '#lib/domain/rules.ts';
import { Refusal } from '#lib/errors.ts';

declare module '#lib/errors.ts' {
  interface Reasons {
    /** The caller has neither sent nor been sent such an invitation. */
    HandshakeUnknown: Record<never, never>;
    /** The invitation is in another status than the operation is for. */
    HandshakeUnfit: Record<never, never>;
    /** An invitation of the same target awaits an answer. */
    HandshakePending: Record<never, never>;
    /** As many invitations await an answer, or were sent within a day, as may. */
    InvitationQuotaReached: Record<never, never>;
    InviteeLegalNameDiffers: Record<never, never>;
    /** The invited account is not verified under a legal name. */
    InviteeUnverified: Record<never, never>;
    /** The directory that invited does not exist any more. */
    InvitingDirectoryGone: Record<never, never>;
  }
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long an invitation awaits its answer, and how long it is kept once it has ended unaccepted (docs/vendors/alibaba-resource-directory.md 4). */
export const ANSWER_MS = 14 * DAY_MS;
export const KEPT_MS = 30 * DAY_MS;

export const handshakeStatuses = ['pending', 'accepted', 'cancelled', 'declined', 'expired'] as const;

export type HandshakeStatus = (typeof handshakeStatuses)[number];

export type HandshakeEvent = keyof typeof handshakeMachine.transitions;

export const targetTypes = ['account', 'email'] as const;

/** Whom an invitation is for, as it was given: an account by its uid, or whoever has an e-mail address. */
export interface Target {
  readonly type: (typeof targetTypes)[number];
  readonly entity: string;
}

/** An invitation of an account to a directory. Times are epoch ms. */
export interface Handshake {
  readonly id: string;
  readonly version: number;
  readonly status: HandshakeStatus;
  readonly directoryId: string;
  readonly managementUid: number;
  /** Who invites, as the management account was called then: its login name and its verified legal name. */
  readonly askedBy: string;
  readonly legalName: string;
  readonly target: Target;
  /** Who may answer: see {@link inviteeNames}. */
  readonly invitee: string;
  /** The account that answered, or the one that is invited if it is known. */
  readonly inviteeUid?: number | undefined;
  readonly note: string;
  /** The tags of the member that the account becomes. */
  readonly tags: Readonly<Record<string, string>>;
  /** The folder it is put in; the root folder if it is not said, or is gone by then. */
  readonly folderId?: string | undefined;
  /** While it is pending. */
  readonly deadlineMs?: number | undefined;
  /** From then on it does not exist to anybody; undefined for an accepted one, which is kept for good. */
  readonly keptUntilMs?: number | undefined;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** What names a new invitation, who it is for, and what it says. */
export type Invitation = Pick<Handshake, 'id' | 'directoryId' | 'target' | 'inviteeUid' | 'note' | 'tags' | 'folderId'>;

/** An invitation that is only just sent, on behalf of a management account. */
export function newHandshake(invitation: Invitation, { legalName, name, uid }: Account, nowMs: number): SentHandshake {
  const { inviteeUid, target } = invitation;
  return {
    ...invitation,
    version: 1,
    status: handshakeMachine.transitions.invite.to,
    managementUid: uid,
    askedBy: name,
    legalName,
    invitee: inviteeUid === undefined ? nameOfAddress(target.entity) : String(inviteeUid),
    deadlineMs: nowMs + ANSWER_MS,
    keptUntilMs: nowMs + ANSWER_MS + KEPT_MS,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
}

export type SentHandshake = Handshake & { readonly deadlineMs: number };

/** The names by which an account may be invited: its uid and, if it has an address, that. */
export function inviteeNames({ email, uid }: Pick<Account, 'email' | 'uid'>): string[] {
  return [String(uid), ...(email ? [nameOfAddress(email)] : [])];
}

/** An address is asked for in whatever case, and without what stands around it. */
export function nameOfAddress(email: string): string {
  return email.trim().toLowerCase();
}

/** The life of an invitation (docs/vendors/alibaba-resource-directory.md 6.5). Its bearer is whoever has the uid or the address that was invited. */
export const handshakeMachine = defineMachine({
  name: 'handshake',
  lapses: { pending: 'expire' },
  transitions: {
    invite: { from: 'nothing', to: 'pending', by: 'management' },
    accept: { from: 'pending', to: 'accepted', by: 'bearer', guard: 'isInvitee' },
    decline: { from: 'pending', to: 'declined', by: 'bearer', guard: 'isInvitee' },
    cancel: { from: 'pending', to: 'cancelled', by: 'management' },
    expire: { from: 'pending', to: 'expired', by: 'clock' },
  },
});

/** Which of its names an account answers under. */
export interface Answering {
  readonly invitee?: string;
}

const isInvitee: Guard<Handshake, Answering> = {
  refusal: 'HandshakeUnknown',
  holds: (handshake, { invitee }) => invitee === handshake.invitee,
  equals: ({ invitee = '' }) => ({ invitee }),
};

/** How an invitation refuses what its state table does not allow. To everybody but its sender and its invitee it does not exist. */
export const handshakeRules: Rules<Handshake, HandshakeStatus, 'management', 'isInvitee', Answering> = {
  unknown: 'HandshakeUnknown',
  notParty: { management: 'HandshakeUnknown' },
  wrongStatus: {
    pending: 'HandshakeUnfit',
    accepted: 'HandshakeUnfit',
    cancelled: 'HandshakeUnfit',
    declined: 'HandshakeUnfit',
    expired: 'HandshakeUnfit',
  },
  guards: { isInvitee },
};

/** An invitation as it stands at `nowMs`, whether or not its lapse is recorded; undefined once it is not kept any more. */
export function handshakeAt(handshake: Handshake, nowMs: number): Handshake | undefined {
  const { deadlineMs, keptUntilMs } = handshake;
  if (keptUntilMs !== undefined && keptUntilMs <= nowMs) return undefined;
  const status = statusAt(handshakeMachine, handshake, nowMs);
  if (status === handshake.status) return handshake;
  return { ...handshake, status, updatedAtMs: deadlineMs ?? handshake.updatedAtMs, deadlineMs: undefined };
}

/** Throws `InviteeLegalNameDiffers`, or `InviteeUnverified` for an account without a verified legal name. */
export function refuseOtherCompany(invitee: Pick<Account, 'legalName'>, management: Pick<Account, 'legalName'>): void {
  if (invitee.legalName === '') throw new Refusal('InviteeUnverified', {});
  if (!haveSameLegalName(invitee, management)) throw new Refusal('InviteeLegalNameDiffers', {});
}
