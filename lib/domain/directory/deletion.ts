import type { Finding } from '#lib/domain/directory/findings.ts';
import { defineMachine } from '#lib/domain/machine.ts';
import type { Rules } from '#lib/domain/rules.ts';

declare module '#lib/errors.ts' {
  interface Reasons {
    /** The directory does not permit that its members are deleted. */
    DeletionForbidden: Record<never, never>;
    /** Only a management account permits or forbids deletions. */
    CallerIsMember: Record<never, never>;
    /** A cloud account lives on outside its directory, so it is removed and not deleted. */
    MemberIsCloudAccount: Record<never, never>;
    /** Neither a check nor a deletion of the member was ever asked for. */
    CheckUnknown: Record<never, never>;
    /** An account outside the directory's own pays for the member. */
    MemberPaidByAnother: Record<never, never>;
    /** A check of the member, asked for by CheckAccountDelete, is under way. */
    CheckRunning: Record<never, never>;
    /** A deletion of the member was asked for and is being checked. */
    DeletionChecking: Record<never, never>;
    DeletionRunning: Record<never, never>;
    /** The account was deleted, or has left, while its deletion was asked for. */
    MemberGone: Record<never, never>;
  }
}

export const checkStatuses = ['checking', 'complete'] as const;

export type CheckStatus = (typeof checkStatuses)[number];

export const deletionStatuses = [
  'checking',
  'releasing',
  'removing',
  'revoking',
  'done',
  'checkFailed',
  'deleteFailed',
] as const;

export type DeletionStatus = (typeof deletionStatuses)[number];

/** What a check and a deletion have in common. There is one of each for a member: the latest. Times are epoch ms. */
export interface Undertaken<Status extends string> {
  readonly uid: number;
  readonly version: number;
  readonly managementUid: number;
  readonly status: Status;
  /** What was found to stand against the deletion, once that is known. */
  readonly findings: readonly Finding[];
  /** The call that asked for it. */
  readonly requestId: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** A check of whether a member can be deleted. */
export type DeletionCheck = Undertaken<CheckStatus>;

/** The deletion of a member. */
export interface Deletion extends Undertaken<DeletionStatus> {
  /** The findings that are not to stand against it. */
  readonly abandoned: readonly Finding[];
}

/** The life of a check (docs/vendors/alibaba-resource-directory.md 6.4). It is made for the management account that asked. */
export const deletionCheckMachine = defineMachine({
  name: 'deletionCheck',
  lapses: {},
  transitions: {
    ask: { from: 'nothing', to: 'checking', by: 'management' },
    complete: { from: 'checking', to: 'complete', by: 'management' },
  },
});

/**
 * The life of a deletion, one status for each step (docs/decisions.md D60). What binds the account to its payer is released, then the
 * account is removed with all that hangs on it, then its keys are revoked. Only until it is removed can it fail.
 */
export const deletionMachine = defineMachine({
  name: 'deletion',
  lapses: {},
  transitions: {
    ask: { from: 'nothing', to: 'checking', by: 'management' },
    pass: { from: 'checking', to: 'releasing', by: 'management' },
    failCheck: { from: 'checking', to: 'checkFailed', by: 'management' },
    release: { from: 'releasing', to: 'removing', by: 'management' },
    failRelease: { from: 'releasing', to: 'deleteFailed', by: 'management' },
    // Its management account may have related itself to it once more.
    releaseAgain: { from: 'removing', to: 'removing', by: 'management' },
    remove: { from: 'removing', to: 'revoking', by: 'management' },
    failRemoval: { from: 'removing', to: 'deleteFailed', by: 'management' },
    revoke: { from: 'revoking', to: 'revoking', by: 'management' },
    finish: { from: 'revoking', to: 'done', by: 'management' },
  },
});

/** A check is moved by its steps alone, which a step that comes too late finds out by this. */
export const deletionCheckRules: Rules<DeletionCheck, CheckStatus, 'management', never, object> = {
  unknown: 'CheckUnknown',
  notParty: { management: 'CheckUnknown' },
  wrongStatus: { checking: 'CheckRunning', complete: 'CheckUnknown' },
  guards: {},
};

/** The same of a deletion; and why another one is not begun. */
export const deletionRules: Rules<Deletion, DeletionStatus, 'management', never, object> = {
  unknown: 'CheckUnknown',
  notParty: { management: 'CheckUnknown' },
  wrongStatus: {
    checking: 'DeletionChecking',
    releasing: 'DeletionRunning',
    removing: 'DeletionRunning',
    revoking: 'DeletionRunning',
    done: 'MemberGone',
    checkFailed: 'CheckUnknown',
    deleteFailed: 'CheckUnknown',
  },
  guards: {},
};

const over = ['complete', 'done', 'checkFailed', 'deleteFailed'] as const satisfies (CheckStatus | DeletionStatus)[];

/** Whether there is a step left to take. */
export function isUnderWay({ status }: { readonly status: CheckStatus | DeletionStatus }): boolean {
  return !over.some((one) => one === status);
}
