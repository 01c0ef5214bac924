import * as v from 'valibot';
import { optionalField } from '#lib/dialects/fields.ts';
import { reasonsUnless } from '#lib/domain/relation/reasons.ts';
import { operation } from '#lib/operation.ts';
import {
  authId,
  handling,
  invitationType,
  majorAccountId,
  relation,
  relationId,
} from '#lib/products/billing/fields.ts';
import { namedInvitation, ofAuthorization, ofRelation } from '#lib/products/billing/invitation.ts';
import { acknowledgement, billing } from '#lib/products/billing/product.ts';
import { fire } from '#lib/store/relations/moves.ts';

const answers = {
  relation: { accept: 'accept', decline: 'decline' },
  authorization: { accept: 'acceptChange', decline: 'declineChange' },
} as const;

export const app = operation({
  action: 'HandleInvitation',
  product: billing,
  envelope: acknowledgement,
  access: 'account',
  effect: 'write',
  input: v.object({
    InvitationType: invitationType,
    Action: handling,
    RelationID: relationId,
    MajorAccountID: optionalField(majorAccountId, ofRelation),
    Relation: optionalField(relation, ofRelation),
    AuthID: optionalField(authId, ofAuthorization),
  }),
  output: v.object({}),
  errors: ['CallerNotChild', 'RelationUnknown', 'RelationOtherwise', ...reasonsUnless(), 'ChildAlreadyRelated'],
  async run({ input, call }) {
    const event = answers[input.InvitationType][input.Action];
    const named = namedInvitation(input, 'MajorAccountID');
    return { output: {}, write: fire({ event, relationId: input.RelationID, call, named }) };
  },
});
