import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { billing, listEnvelope } from '#lib/products/billing/product.ts';
import { invitation, invitationViewOf } from '#lib/products/billing/views.ts';
import { openRelationLists } from '#lib/store/relations/relationLists.ts';

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
    const relations = await openRelationLists(deps.table).offeredTo(call.uid, call.nowMs);
    return { List: relations.map((relation) => invitationViewOf(relation, call.uid)) };
  },
});
