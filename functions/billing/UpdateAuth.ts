import * as v from 'valibot';
import { optionalField } from '#lib/dialects/fields.ts';
import { reasonsUnless } from '#lib/domain/relation/reasons.ts';
import { permissionsInEffect } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { operation } from '#lib/operation.ts';
import { authListStr, relationId, withPoints } from '#lib/products/billing/fields.ts';
import { authorizationErrors } from '#lib/products/billing/operationErrors.ts';
import { acknowledgement, billing } from '#lib/products/billing/product.ts';
import { alter } from '#lib/store/relations/changes.ts';

export const app = operation({
  action: 'UpdateAuth',
  product: billing,
  envelope: acknowledgement,
  access: 'account',
  effect: 'write',
  input: v.object({
    RelationID: relationId,
    AuthListStr: optionalField(authListStr, 'All that shall hold; none removes them all.'),
  }),
  output: v.object({}),
  errors: [
    'RelationUnknown',
    'CallerNotParent',
    'RelationNotManagement',
    'PermissionsUnchanged',
    ...reasonsUnless('active'),
  ],
  catalogue: authorizationErrors,
  async run({ input, call, deps }) {
    const relation = await deps.relations.get(input.RelationID, call.nowMs);
    // Unlike most operations, this one tells a stranger that the relation exists (docs/vendors/volcengine-billing.md 5.7).
    if (relation.parentUid !== call.uid) throw new Refusal('CallerNotParent', {});
    if (relation.policy !== 'management') throw new Refusal('RelationNotManagement', {});
    const permissions = withPoints(permissionsInEffect(relation), input.AuthListStr ?? []);
    const write = alter(relation, { permissions, offerId: deps.ports.ids.next(call.nowMs) }, call, {});
    if (write.length === 0) throw new Refusal('PermissionsUnchanged', {});
    return { output: {}, write };
  },
});
