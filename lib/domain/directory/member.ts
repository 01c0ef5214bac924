import { defineMachine } from '#lib/domain/machine.ts';
import type { Rules } from '#lib/domain/rules.ts';

declare module '#lib/errors.ts' {
  interface Reasons {
    /** The directory of the caller has no such member. */
    MemberUnknown: Record<never, never>;
    /** The member is of another type, or in another status, than the operation is for. */
    MemberUnfit: Record<never, never>;
    /** Neither a new name nor a new type is given. */
    MemberChangeMissing: Record<never, never>;
    /** The member cannot become an account of another type as it stands. */
    MemberTypeUnfit: Record<never, never>;
    MemberLegalNameDiffers: Record<never, never>;
    /** A change of an account's type must not be signed by the root user of the management account. */
    CallerIsRootUser: Record<never, never>;
    /** The member has no e-mail address at which its owner could be told of logins. */
    SecurityContactMissing: Record<never, never>;
    RootKeyInUse: Record<never, never>;
    DisplayNameTaken: { displayName: string };
    AccountNameTaken: { accountName: string };
    /** No account of this service is a reseller. */
    ResellingUnsupported: Record<never, never>;
    /** The account that is to pay does not exist. */
    PayerUnknown: Record<never, never>;
    PayerOutsideDirectory: Record<never, never>;
  }
}

export const memberStatuses = ['joined', 'deleting', 'left', 'deleted'] as const;

export type MemberStatus = (typeof memberStatuses)[number];

export type MemberEvent = keyof typeof memberMachine.transitions;

export const accountTypes = ['resource', 'cloud'] as const;

/** `resource`: made in the directory and usable through it alone. `cloud`: an account of its own, with a login. */
export type AccountType = (typeof accountTypes)[number];

export const joinMethods = ['created', 'invited'] as const;

export type JoinMethod = (typeof joinMethods)[number];

export const memberOutcomes = [
  'created',
  'invited',
  'promoted',
  'promotionFailed',
  'promotionExpired',
  'promotionCancelled',
  'switched',
] as const;

/** How the last thing that was done with a member has turned out. The vendor's statuses are words for it. */
export type MemberOutcome = (typeof memberOutcomes)[number];

/** An account in a directory. Times are epoch ms. */
export interface Member {
  readonly uid: number;
  readonly version: number;
  readonly managementUid: number;
  readonly directoryId: string;
  readonly status: MemberStatus;
  readonly accountType: AccountType;
  readonly joinMethod: JoinMethod;
  readonly outcome: MemberOutcome;
  /** Unique in the directory. */
  readonly displayName: string;
  /** The ids of the folders from the root folder to the one it is in. */
  readonly folderPath: readonly string[];
  /** Which of the directory's rows counts it. */
  readonly seat: number;
  readonly tags: Readonly<Record<string, string>>;
  /** The promotion that awaits its confirmation, until the deadline. */
  readonly promotion?: { readonly recordId: string; readonly deadlineMs: number } | undefined;
  readonly joinedAtMs: number;
  readonly updatedAtMs: number;
}

/** The life of a member (docs/vendors/alibaba-resource-directory.md 6.2). */
export const memberMachine = defineMachine({
  name: 'member',
  lapses: {},
  transitions: {
    create: { from: 'nothing', to: 'joined', by: 'management' },
    // An account that has a new management account made for its directory is the first member.
    found: { from: 'nothing', to: 'joined', by: 'management' },
    // By an invitation, which says who may accept it.
    accept: { from: 'nothing', to: 'joined', by: 'bearer' },
    move: { from: 'joined', to: 'joined', by: 'management' },
    rename: { from: 'joined', to: 'joined', by: 'management' },
    switchType: { from: 'joined', to: 'joined', by: 'management' },
    remove: { from: 'joined', to: 'left', by: 'management', guard: 'isCloudAccount' },
    // A promotion is a record of its own, by whose deadline it expires; the member says only that it is under way and what came of it.
    askPromotion: { from: 'joined', to: 'joined', by: 'management' },
    resendPromotion: { from: 'joined', to: 'joined', by: 'management' },
    cancelPromotion: { from: 'joined', to: 'joined', by: 'management' },
    promote: { from: 'joined', to: 'joined', by: 'bearer' },
    failPromotion: { from: 'joined', to: 'joined', by: 'bearer' },
    // A deletion is a row of its own, too. From the time its check has passed nothing else is done with the member.
    beginDeletion: { from: 'joined', to: 'deleting', by: 'management' },
    abandonDeletion: { from: 'deleting', to: 'joined', by: 'management' },
    delete: { from: 'deleting', to: 'deleted', by: 'management' },
  },
});

/** A resource account lives in its directory alone, so it cannot leave it. */
export type MemberGuard = 'isCloudAccount';

/** How a member refuses what its state table does not allow. To any account but its management account it does not exist. */
export const memberRules: Rules<Member, MemberStatus, 'management', MemberGuard, object> = {
  unknown: 'MemberUnknown',
  notParty: { management: 'MemberUnknown' },
  wrongStatus: { joined: 'MemberUnfit', deleting: 'MemberUnfit', left: 'MemberUnknown', deleted: 'MemberUnknown' },
  guards: {
    isCloudAccount: {
      refusal: 'MemberUnfit',
      holds: ({ accountType }) => accountType === 'cloud',
      equals: () => ({ accountType: 'cloud' }),
    },
  },
};

/** Whether the account is in its directory, if only until it is deleted. */
export function isInDirectory({ status }: Pick<Member, 'status'>): boolean {
  return status === 'joined' || status === 'deleting';
}

/** The id of the folder that a member is in. */
export function folderIdOf({ folderPath }: Pick<Member, 'folderPath'>): string {
  return folderPath.at(-1) ?? '';
}

/** Whether a promotion of the member awaits its confirmation at `nowMs`. */
export function isPromoting({ promotion }: Pick<Member, 'promotion'>, nowMs: number): boolean {
  return promotion !== undefined && nowMs < promotion.deadlineMs;
}
