import type { Policy } from '#lib/domain/relation/relation.ts';

/**
 * Every reason for which a call is refused, once, with the facts its message needs. A reason is canonical: each dialect
 * gives it its own code, HTTP status and message (`lib/dialects/<dialect>/errors.ts`), and no dialect may leave one out.
 */
export interface Reasons {
  ActionUnknown: { action: string; version: string };
  ActionMissing: { parameter: 'Action' | 'Version' };
  PathUnknown: { path: string };
  MethodNotAllowed: { method: string };
  BodyTooLarge: { limitBytes: number };
  BodyUnreadable: { mediaType: string };
  QueryUnreadable: Record<never, never>;
  TooManyParameters: { most: number };
  ParameterMissing: { parameter: string };
  AlternativesMissing: { alternatives: string };
  ParameterInvalid: { parameter: string };
  ParameterRepeated: { parameter: string };
  RelationOtherwise: { fact: 'parentUid' | 'childUid' | 'policy' | 'offerId' };
  FormatUnknown: Record<never, never>;
  TokenReused: Record<never, never>;
  DryRunPassed: Record<never, never>;
  NonceUsed: Record<never, never>;
  CallerNotOperator: { product: string; action: string };
  CallerNotAccount: { product: string; action: string };

  AccountUnknown: { party: 'parent' | 'child' | 'account'; uid: number };
  AccountExists: { uid: number };
  EmailClaimed: { email: string };
  AccessKeyExists: { keyId: string };
  AccessKeyUnknown: { keyId: string };

  SelfRelation: { uid: number };
  LegalNamesDiffer: Record<never, never>;
  ChildAlreadyRelated: { uid: number; policy: Policy };
  ParentInTrusteeship: { uid: number };
  ChildHoldsTrusteeships: { uid: number };
  RelationUnknown: Record<never, never>;
  CallerNotParent: Record<never, never>;
  CallerNotParty: Record<never, never>;
  CallerNotChild: Record<never, never>;
  PermissionsUnchanged: Record<never, never>;
  RelationNotManagement: Record<never, never>;
  AliasTaken: { alias: string };
  PermissionsDiffer: Record<never, never>;
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

  Busy: Record<never, never>;
  Internal: Record<never, never>;
}

export type Reason = keyof Reasons;

/** A call refused for a reason its caller can be told. Whatever else is thrown is a fault, logged whole and answered bare. */
export class Refusal<R extends Reason = Reason> extends Error {
  readonly reason: R;
  readonly facts: Reasons[R];

  constructor(reason: R, facts: Reasons[R]) {
    super(reason);
    this.name = 'Refusal';
    this.reason = reason;
    this.facts = facts;
  }
}

/** How a dialect answers one reason. */
export interface ErrorAnswer {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Volcengine's CodeN. */
  readonly number?: number;
}

/** A dialect's whole catalogue; the type leaves no reason out and checks each message's facts. */
export type ErrorCatalogue = { readonly [R in Reason]: (facts: Reasons[R]) => ErrorAnswer };

/** Looks a refusal up in a dialect's catalogue. */
export function answerTo<R extends Reason>(catalogue: ErrorCatalogue, { reason, facts }: Refusal<R>): ErrorAnswer {
  return catalogue[reason](facts);
}
