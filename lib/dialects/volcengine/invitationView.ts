import * as v from 'valibot';
import { authIdText, relationIdText } from '#lib/dialects/volcengine/identifiers.ts';
import { financialRelation, pointsOf } from '#lib/dialects/volcengine/relationView.ts';
import { authStatuses } from '#lib/dialects/volcengine/vocabulary.ts';
import type { Offer } from '#lib/domain/permissions.ts';
import type { Relation } from '#lib/domain/relation.ts';

const auth = v.object({
  AuthID: v.string(),
  AuthList: v.array(v.number()),
  MajorAccountID: v.number(),
  SubAccountID: v.number(),
  RelationID: v.string(),
  Status: v.number(),
});

/** One row of ListInvitation (reference volcengine-billing 5.5). */
export const invitation = v.object({ InvitationType: v.number(), Relation: financialRelation, Auth: v.optional(auth) });

/** The authorization an invitation offers. */
export function authOf(relation: Relation, offered: Offer): v.InferOutput<typeof auth> {
  return {
    AuthID: authIdText(offered.id),
    AuthList: pointsOf(offered),
    MajorAccountID: relation.parentUid,
    SubAccountID: relation.childUid,
    RelationID: relationIdText(relation.id),
    Status: authStatuses.offered,
  };
}
