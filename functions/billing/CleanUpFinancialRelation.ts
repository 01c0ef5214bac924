import * as v from 'valibot';
import { partyOf } from '#lib/domain/relation/relation.ts';
import { operation } from '#lib/operation.ts';
import { relation, relationId, subAccountId } from '#lib/products/billing/fields.ts';
import { cleanUpErrors } from '#lib/products/billing/operationErrors.ts';
import { acknowledgement, billing } from '#lib/products/billing/product.ts';
import { cleanUp, refusalToCleanUp } from '#lib/store/relations/amendments.ts';

export const app = operation({
  action: 'CleanUpFinancialRelation',
  product: billing,
  envelope: acknowledgement,
  access: 'account',
  effect: 'write',
  input: v.object({ RelationID: relationId, SubAccountID: subAccountId, Relation: relation }),
  output: v.object({ IsIdempotent: v.boolean() }),
  errors: ['RelationUnknown', 'RelationOtherwise', 'RelationLive'],
  catalogue: cleanUpErrors,
  async run({ input, call, deps }) {
    const found = await deps.relations.get(input.RelationID, call.nowMs);
    const refusal = refusalToCleanUp(found, { childUid: input.SubAccountID, policy: input.Relation }, call);
    if (refusal) throw refusal;
    const party = partyOf(found, call.uid);
    const wasCleared = found.clearedBy.includes(party);
    return { output: { IsIdempotent: wasCleared }, write: wasCleared ? [] : cleanUp(found, party, call) };
  },
});
