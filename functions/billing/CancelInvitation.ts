import * as v from 'valibot';
import { optionalField } from '#lib/dialects/fields.ts';
import { reasonsUnless } from '#lib/domain/relation/reasons.ts';
import type { Relation } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { operation } from '#lib/operation.ts';
import { authId, invitationType, relation, relationId, subAccountId } from '#lib/products/billing/fields.ts';
import { namedInvitation, ofAuthorization, ofRelation } from '#lib/products/billing/invitation.ts';
import { acknowledgement, billing } from '#lib/products/billing/product.ts';
import { fire } from '#lib/store/relations/moves.ts';

const withdrawals = { relation: 'withdraw', authorization: 'withdrawChange' } as const;

export const app = operation({
  action: 'CancelInvitation',
  product: billing,
  envelope: acknowledgement,
  access: 'account',
  effect: 'write',
  input: v.object({
    InvitationType: invitationType,
    RelationID: relationId,
    SubAccountID: optionalField(subAccountId, ofRelation),
    Relation: optionalField(relation, ofRelation),
    AuthID: optionalField(authId, ofAuthorization),
  }),
  output: v.object({}),
  errors: ['CallerNotParent', 'RelationUnknown', 'RelationOtherwise', ...reasonsUnless()],
  async run({ input, call }) {
    const event = withdrawals[input.InvitationType];
    const named = namedInvitation(input, 'SubAccountID');
    // Unlike most operations, this one tells a stranger that the relation exists (docs/vendors/volcengine-billing.md 5.3).
    const otherwise = ({ parentUid }: Relation) =>
      parentUid === call.uid ? undefined : new Refusal('CallerNotParent', {});
    return { output: {}, write: fire({ event, relationId: input.RelationID, call, named, otherwise }) };
  },
});
