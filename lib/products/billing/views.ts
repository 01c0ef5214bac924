import * as v from 'valibot';
import { dateTime } from '#lib/dialects/volcengine/dialect.ts';
import type { Offer } from '#lib/domain/relation/permissions.ts';
import { partyOf, type Relation } from '#lib/domain/relation/relation.ts';
import {
  authIdText,
  authStatuses,
  filiations,
  pointNumbers,
  relationIdText,
  relationNames,
  relationNumbers,
  statuses,
} from '#lib/products/billing/vocabulary.ts';

const authInfo = v.object({ AuthID: v.string(), AuthList: v.array(v.number()), AuthStatus: v.number() });

/** One row of ListFinancialRelation (docs/vendors/volcengine-billing.md 5.2). */
export const financialRelation = v.object({
  RelationID: v.string(),
  MajorAccountID: v.number(),
  MajorAccountName: v.string(),
  SubAccountID: v.number(),
  SubAccountName: v.string(),
  AccountAlias: v.string(),
  Filiation: v.number(),
  FiliationDesc: v.string(),
  Relation: v.number(),
  RelationDesc: v.string(),
  Status: v.number(),
  StatusDesc: v.string(),
  UpdateTime: v.string(),
  AuthInfo: v.array(authInfo),
  AuthID: v.optional(v.string()),
});

export type FinancialRelation = v.InferOutput<typeof financialRelation>;

/** The relation as its party `uid` sees it. */
export function financialRelationViewOf(relation: Relation, uid: number): FinancialRelation {
  const filiation = filiations[partyOf(relation, uid)];
  const auths = authInfosOf(relation);
  const [first] = auths;
  return {
    RelationID: relationIdText(relation.id),
    MajorAccountID: relation.parentUid,
    MajorAccountName: relation.parentName,
    SubAccountID: relation.childUid,
    SubAccountName: relation.childName,
    AccountAlias: relation.nick,
    Filiation: filiation.number,
    FiliationDesc: filiation.caption,
    Relation: relationNumbers[relation.policy],
    RelationDesc: relationNames[relation.policy],
    Status: statuses[relation.status].number,
    StatusDesc: statuses[relation.status].caption,
    UpdateTime: dateTime(relation.updatedAtMs),
    AuthInfo: auths,
    ...(first && { AuthID: first.AuthID }),
  };
}

/** The authorization points of a set of permissions, in numeric order. */
export function pointsOf({ permissions }: Offer): number[] {
  const points: Readonly<Record<string, number>> = pointNumbers;
  return permissions.flatMap((permission) => points[permission] ?? []).sort((one, other) => one - other);
}

/**
 * Authorizations, the one in effect first, where clients read the current points. A trusteeship has none
 * (docs/vendors/volcengine-billing.md 1.5).
 */
function authInfosOf({ grants, offered, policy, status }: Relation): FinancialRelation['AuthInfo'] {
  if (policy === 'trusteeship' || status === 'ended') return [];
  const current = grants.at(-1);
  return [
    ...(current ? [authInfoOf(current, authStatuses.inEffect)] : []),
    ...(offered ? [authInfoOf(offered, authStatuses.offered)] : []),
  ];
}

function authInfoOf(offer: Offer, status: number) {
  return { AuthID: authIdText(offer.id), AuthList: pointsOf(offer), AuthStatus: status };
}

const auth = v.object({
  AuthID: v.string(),
  AuthList: v.array(v.number()),
  MajorAccountID: v.number(),
  SubAccountID: v.number(),
  RelationID: v.string(),
  Status: v.number(),
});

/** One row of ListInvitation (docs/vendors/volcengine-billing.md 5.5). */
export const invitation = v.object({ InvitationType: v.number(), Relation: financialRelation, Auth: v.optional(auth) });

/** An invitation, or a change that awaits the child, as the party `uid` sees it. */
export function invitationViewOf(relation: Relation, uid: number): v.InferOutput<typeof invitation> {
  const { offered, status } = relation;
  const isChange = status !== 'inviting';
  return {
    InvitationType: isChange ? 2 : 1,
    Relation: financialRelationViewOf(relation, uid),
    // Of a change only: the vendor's Go client cannot read uids of more than 32 bits there (docs/vendors/volcengine-billing.md 5.5).
    ...(isChange && offered && { Auth: authOf(relation, offered) }),
  };
}

/** The authorization an invitation offers. */
function authOf(relation: Relation, offered: Offer): v.InferOutput<typeof auth> {
  return {
    AuthID: authIdText(offered.id),
    AuthList: pointsOf(offered),
    MajorAccountID: relation.parentUid,
    SubAccountID: relation.childUid,
    RelationID: relationIdText(relation.id),
    Status: authStatuses.offered,
  };
}
