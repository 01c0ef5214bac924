import {
  type AccountType,
  isInDirectory,
  isPromoting,
  type JoinMethod,
  type Member,
  type MemberOutcome,
} from '#lib/domain/directory/member.ts';

/** Types of accounts (docs/vendors/alibaba-resource-directory.md 3.2). */
export const accountTypeNames = {
  resource: 'ResourceAccount',
  cloud: 'CloudAccount',
} as const satisfies Record<AccountType, string>;

export const joinMethodNames = { created: 'created', invited: 'invited' } as const satisfies Record<JoinMethod, string>;

/** Whether members may be deleted (docs/vendors/alibaba-resource-directory.md 3.2). */
export const memberDeletionNames = { permitted: 'Enabled', forbidden: 'Disabled' } as const;

const outcomeNames = {
  created: 'CreateSuccess',
  invited: 'InviteSuccess',
  promoted: 'PromoteSuccess',
  promotionFailed: 'PromoteFailed',
  promotionExpired: 'PromoteExpired',
  promotionCancelled: 'PromoteCancelled',
  switched: 'SwitchSuccess',
} as const satisfies Record<MemberOutcome, string>;

export const enablements = ['Enabled', 'Disabled'] as const;

/** Whether something is switched on, in the vendor's words. */
export function enablement(isEnabled: boolean): (typeof enablements)[number] {
  return isEnabled ? 'Enabled' : 'Disabled';
}

/** The vendor's status of a member: its state and its last outcome in one word (docs/vendors/alibaba-resource-directory.md 3.1). */
export function statusOf(member: Member, nowMs: number): string {
  if (!isInDirectory(member)) return 'Removed';
  if (isPromoting(member, nowMs)) return 'PromoteVerifying';
  return member.promotion ? 'PromoteExpired' : outcomeNames[member.outcome];
}

/** How a time is printed, in UTC: some operations to the second, some to the millisecond (docs/vendors/alibaba-resource-directory.md 2). */
export type PrintedTime = (epochMs: number) => string;

export const toTheMillisecond: PrintedTime = (epochMs) => new Date(epochMs).toISOString();

export const toTheSecond: PrintedTime = (epochMs) => `${toTheMillisecond(epochMs).slice(0, 19)}Z`;
