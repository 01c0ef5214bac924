import { type Policy, type RelationStatus, relationStatuses } from '#lib/domain/relation/relation.ts';
import type { Reason } from '#lib/errors.ts';

declare module '#lib/errors.ts' {
  interface Reasons {
    SelfRelation: { uid: number };
    LegalNamesDiffer: Record<never, never>;
    ChildAlreadyRelated: { uid: number; policy: Policy };
    ParentInTrusteeship: { uid: number };
    ChildHoldsTrusteeships: { uid: number };
    AliasTaken: { alias: string };

    RelationUnknown: Record<never, never>;
    /** The caller is wrong about the relation. */
    RelationOtherwise: { fact: 'parentUid' | 'childUid' | 'policy' | 'offerId' };
    CallerNotParent: Record<never, never>;
    CallerNotParty: Record<never, never>;
    CallerNotChild: Record<never, never>;

    PermissionsUnchanged: Record<never, never>;
    PermissionsDiffer: Record<never, never>;
    RelationNotManagement: Record<never, never>;
    RelationInviting: Record<never, never>;
    RelationActive: Record<never, never>;
    RelationChanging: Record<never, never>;
    RelationDeclined: Record<never, never>;
    RelationWithdrawn: Record<never, never>;
    RelationExpired: Record<never, never>;
    RelationEnded: Record<never, never>;
    RelationLive: Record<never, never>;

    ParentFrozen: { uid: number };
    OrdersOpenAtLinking: { uid: number };
    ParentOverdrawnAtLinking: { uid: number };
    ChildInArrearsAtLinking: { uid: number };
    OrdersOpen: { uid: number };
    ParentOverdrawn: { uid: number };
    ChildInArrears: { uid: number };
    LentCreditSpent: { uid: number };
    CreditNotShared: Record<never, never>;
    CreditBeyondBalance: { uid: number };
    CreditBeyondLent: { lentCredit: number };
  }
}

/** The reason for which a relation refuses, by its status, what that does not allow. */
export const wrongStatus = {
  inviting: 'RelationInviting',
  active: 'RelationActive',
  changing: 'RelationChanging',
  declined: 'RelationDeclined',
  withdrawn: 'RelationWithdrawn',
  expired: 'RelationExpired',
  ended: 'RelationEnded',
} as const satisfies Record<RelationStatus, Reason>;

/** The reasons for which a relation refuses what is allowed only in these statuses. */
export function reasonsUnless(...statuses: readonly RelationStatus[]): (typeof wrongStatus)[RelationStatus][] {
  return relationStatuses.filter((status) => !statuses.includes(status)).map((status) => wrongStatus[status]);
}
