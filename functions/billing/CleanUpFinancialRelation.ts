import * as v from 'valibot';
import { acknowledgement } from '#lib/dialects/volcengine/envelopes.ts';
import { cleanUpErrors } from '#lib/dialects/volcengine/errors.ts';
import { relation, relationId, subAccountId } from '#lib/dialects/volcengine/fields.ts';
import { billing } from '#lib/dialects/volcengine/products.ts';
import { operation } from '#lib/operation.ts';
import { cleanUp, refusalToCleanUp } from '#lib/store/relations/cleanUp.ts';

export const app = operation({
  action: 'CleanUpFinancialRelation',
  product: billing,
  envelope: acknowledgement,
  access: 'account',
  effect: 'write',
  input: v.object({ RelationID: relationId, SubAccountID: subAccountId, Relation: relation }),
  output: v.object({ IsIdempotent: v.boolean() }),
  errors: ['RelationUnknown', 'RelationOtherwise', 'CallerNotParent', 'RelationLive'],
  catalogue: cleanUpErrors,
  async run({ input, call, deps }) {
    const found = await deps.relations.get(input.RelationID, call.nowMs);
    const refusal = refusalToCleanUp(found, { childUid: input.SubAccountID, policy: input.Relation }, call);
    if (refusal) throw refusal;
    const wasCleanedUp = found.cleanedUp;
    return { output: { IsIdempotent: wasCleanedUp }, write: wasCleanedUp ? [] : cleanUp(found, call) };
  },
});
