import { Refusal } from '#lib/errors.ts';

/** How many invitations of a directory may await an answer, and how many be sent within a day (docs/vendors/alibaba-resource-directory.md 4). */
export const MOST_PENDING = 20;
export const MOST_A_DAY = 20;

const DAY_MS = 24 * 60 * 60 * 1000;

/** An invitation as it counts against its sender's quotas. Times are epoch ms. */
export interface SentInvitation {
  readonly invitee: string;
  readonly sentAtMs: number;
  /** While it is pending. */
  readonly deadlineMs?: number | undefined;
}

/** The invitations that count, by the ids of their handshakes. An accepted one counts no longer. */
export type SentInvitations = Readonly<Record<string, SentInvitation>>;

/** Those that still count at `nowMs`: they await an answer, or were sent within a day. */
export function stillCounted(sent: SentInvitations, nowMs: number): SentInvitations {
  return Object.fromEntries(Object.entries(sent).filter(([, one]) => isPending(one, nowMs) || isOfToday(one, nowMs)));
}

/** The ids of those that await an answer at `nowMs`. */
export function pendingIn(sent: SentInvitations, nowMs: number): string[] {
  return Object.entries(sent).flatMap(([id, one]) => (isPending(one, nowMs) ? [id] : []));
}

/** Throws `InvitationQuotaReached`, or `HandshakePending` if an invitation of the same target awaits an answer. */
export function refuseInvitation(sent: SentInvitations, invitee: string, nowMs: number): void {
  const all = Object.values(sent);
  const pending = all.filter((one) => isPending(one, nowMs));
  const isMostOfToday = all.filter((one) => isOfToday(one, nowMs)).length >= MOST_A_DAY;
  if (pending.length >= MOST_PENDING || isMostOfToday) throw new Refusal('InvitationQuotaReached', {});
  if (pending.some((one) => one.invitee === invitee)) throw new Refusal('HandshakePending', {});
}

function isPending({ deadlineMs }: SentInvitation, nowMs: number): boolean {
  return deadlineMs !== undefined && nowMs < deadlineMs;
}

function isOfToday({ sentAtMs }: SentInvitation, nowMs: number): boolean {
  return nowMs < sentAtMs + DAY_MS;
}
