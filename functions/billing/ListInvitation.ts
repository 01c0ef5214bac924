import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { billing, listEnvelope } from '#lib/products/billing/product.ts';
import { authOf, financialRelationOf, invitation } from '#lib/products/billing/views.ts';

export const app = operation({
  action: 'ListInvitation',
  product: billing,
  envelope: listEnvelope,
  access: 'account',
  effect: 'read',
  input: v.object({}),
  output: v.object({ List: v.array(invitation) }),
  errors: [],
  async run({ call, deps }) {
    const uid = call.uid;
    const relation = await deps.relations.findParentOf(uid, call.nowMs);
    // A child has one live relation at most, so it has one invitation at most.
    if (relation?.offered === undefined) return { List: [] };
    const isChange = relation.status !== 'inviting';
    const received = {
      InvitationType: isChange ? 2 : 1,
      Relation: financialRelationOf(relation, uid),
      // Only of a change: the vendor's Go client cannot read uids of more than 32 bits in it
      // (docs/vendors/volcengine-billing.md 5.5).
      ...(isChange && { Auth: authOf(relation, relation.offered) }),
    };
    return { List: [received] };
  },
});
