import { defineMachine, dueEvent } from '#lib/domain/machine.ts';
import type { Grant, Offer, Permission } from '#lib/domain/relation/permissions.ts';

export const policies = ['management', 'trusteeship'] as const;

/** `management`: the child pays, and grants the parent permissions. `trusteeship`: the parent pays for the child. */
export type Policy = (typeof policies)[number];

export const relationStatuses = [
  'inviting',
  'active',
  'changing',
  'declined',
  'withdrawn',
  'expired',
  'ended',
] as const;

export type RelationStatus = (typeof relationStatuses)[number];

export type RelationEvent = keyof typeof relationMachine.transitions;

export const relationParties = ['parent', 'child'] as const;

/** Who takes part in a relation. */
export type RelationParty = (typeof relationParties)[number];

/** What a transition does besides changing the status. */
export type RelationEffect = 'grantOffer' | 'closeCredit';

/** The one relation aggregate behind every dialect. Times are epoch ms. */
export interface Relation {
  readonly id: number;
  readonly version: number;
  readonly parentUid: number;
  readonly parentName: string;
  readonly childUid: number;
  readonly childName: string;
  /** The parent's display name for the child; may be empty. */
  readonly nick: string;
  readonly policy: Policy;
  /** Both parties have the same verified legal name, so the child need not confirm the relation or changes of it. */
  readonly sameLegalName: boolean;
  readonly status: RelationStatus;
  /** The last {@link MOST_GRANTS} sets that took effect, oldest first; the last is in effect now. Empty until the relation is active. */
  readonly grants: readonly Grant[];
  /** When it took effect, if the grants of that time are no longer kept. */
  readonly sinceMs?: number | undefined;
  /** The permissions that await the child's answer, while `inviting` or `changing`. */
  readonly offered?: Offer | undefined;
  /** When the invitation or the pending change lapses; present while `inviting` or `changing`. */
  readonly deadlineMs?: number | undefined;
  /** Credit the parent has lent to the child in this relation, in minor currency units. */
  readonly lentCredit: number;
  /** The parties that have removed it from their lists. */
  readonly clearedBy: readonly RelationParty[];
  /** The clock's event that led to its status, if that is not recorded yet. */
  readonly lapse?: RelationEvent | undefined;
  /** The status that its parent's counts still have it in, if it has moved since it was counted. */
  readonly countedAs?: RelationStatus | undefined;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** How a caller names a relation: by its id, or by its parties, which means their latest. */
export type RelationName = { readonly id: number } | { readonly parentUid: number; readonly childUid: number };

/** Ids of relations are times: so many ids to the millisecond, from this moment on (docs/decisions.md D2). */
export const ID_EPOCH_MS = Date.UTC(2024, 0, 1);
export const ID_STEPS_PER_MS = 4096;

/** Within a burst ids count up whatever the clock does, so they may be ahead of it by as much. */
export const LONGEST_BURST_MS = 60_000;

/** No id that was drawn by `nowMs` is greater, in whatever burst, with as much again for clocks that differ. */
export function greatestIdAt(nowMs: number): number {
  return Math.max(0, (nowMs - ID_EPOCH_MS + 2 * LONGEST_BURST_MS) * ID_STEPS_PER_MS);
}

/** No id is less that is drawn after `nowMs`: ids are never behind the clock. */
export function leastIdAfter(nowMs: number): number {
  return Math.max(0, (nowMs - ID_EPOCH_MS) * ID_STEPS_PER_MS);
}

/** How long an invitation, or a pending change, waits for the child (docs/decisions.md D5). */
export const INVITATION_TTL_DAYS = 15;
export const INVITATION_TTL_MS = INVITATION_TTL_DAYS * 24 * 60 * 60 * 1000;

/**
 * The state table of a relation (docs/vendors/alibaba-bss.md 4.2, T1 to T17). `changing` is active, with a change that
 * awaits the child's answer. A transition starts from one status only, so that an event alone tells its `from`.
 */
export const relationMachine = defineMachine({
  name: 'relation',
  lapses: { inviting: 'expire', changing: 'lapseChange' },
  transitions: {
    invite: { from: 'nothing', to: 'inviting', by: 'parent' },
    establish: { from: 'nothing', to: 'active', by: 'parent' },
    accept: { from: 'inviting', to: 'active', by: 'child', guard: 'permissionsAsOffered', effects: ['grantOffer'] },
    decline: { from: 'inviting', to: 'declined', by: 'child' },
    withdraw: { from: 'inviting', to: 'withdrawn', by: 'parent' },
    expire: { from: 'inviting', to: 'expired', by: 'clock' },
    change: { from: 'active', to: 'active', by: 'parent' },
    proposeChange: { from: 'active', to: 'changing', by: 'parent' },
    acceptChange: {
      from: 'changing',
      to: 'active',
      by: 'child',
      guard: 'permissionsAsOffered',
      effects: ['grantOffer'],
    },
    declineChange: { from: 'changing', to: 'active', by: 'child' },
    withdrawChange: { from: 'changing', to: 'active', by: 'parent' },
    lapseChange: { from: 'changing', to: 'active', by: 'clock' },
    end: { from: 'active', to: 'ended', by: 'parent', effects: ['closeCredit'] },
  },
});

const phases = {
  inviting: 'offered',
  active: 'inEffect',
  changing: 'inEffect',
  declined: 'past',
  withdrawn: 'past',
  expired: 'past',
  ended: 'past',
} as const satisfies Record<RelationStatus, string>;

/** Whether a relation binds its parties, is only offered, or is past (docs/vendors/alibaba-bss.md 4.1). */
export type Phase = (typeof phases)[RelationStatus];

export function phaseOf(status: RelationStatus): Phase {
  return phases[status];
}

/** Whether the relation binds its parties now. */
export function isInEffect({ status }: Pick<Relation, 'status'>): boolean {
  return phaseOf(status) === 'inEffect';
}

export const statusesInEffect = relationStatuses.filter((status) => phases[status] === 'inEffect');

/** Whether the account is the parent or the child of the relation. */
export function isParty(relation: Pick<Relation, 'parentUid' | 'childUid'>, uid: number): boolean {
  return relation.parentUid === uid || relation.childUid === uid;
}

/** Which party of the relation the account is, given that it is one. */
export function partyOf({ childUid }: Pick<Relation, 'childUid'>, uid: number): RelationParty {
  return childUid === uid ? 'child' : 'parent';
}

/** The permissions in effect, or, if the relation has ended, those in effect last. */
export function permissionsInEffect(relation: Pick<Relation, 'grants'>): readonly Permission[] {
  return relation.grants.at(-1)?.permissions ?? [];
}

/** When the relation took effect, epoch ms; undefined if it never did (docs/vendors/alibaba-bss.md 4.4). */
export function effectiveSinceMs({ grants, sinceMs }: Pick<Relation, 'grants' | 'sinceMs'>): number | undefined {
  return sinceMs ?? grants[0]?.sinceMs;
}

/**
 * When the relation reached its final status, epoch ms; undefined while it is offered or in effect
 * (docs/vendors/alibaba-bss.md Q30).
 */
export function endedAtMs(relation: Pick<Relation, 'status' | 'updatedAtMs'>): number | undefined {
  return phaseOf(relation.status) === 'past' ? relation.updatedAtMs : undefined;
}

/** The relation at `nowMs`: an overdue invitation has expired, and an overdue change has lapsed, at their deadlines. */
export function relationAt(relation: Relation, nowMs: number): Relation {
  const lapse = dueEvent(relationMachine, relation, nowMs);
  if (lapse === undefined) return relation;
  const { deadlineMs, offered, ...rest } = relation;
  const { to } = relationMachine.transitions[lapse];
  return { ...rest, status: to, lapse, updatedAtMs: deadlineMs ?? relation.updatedAtMs };
}
