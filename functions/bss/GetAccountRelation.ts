import * as v from 'valibot';
import { optionalField } from '#lib/dialects/fields.ts';
import { effectiveSinceMs, endedAtMs } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { operation } from '#lib/operation.ts';
import { relationEnvelope, relationId, requestId } from '#lib/products/bss/fields.ts';
import { bss } from '#lib/products/bss/product.ts';
import { statusCodes } from '#lib/products/bss/vocabulary.ts';

const epochMs = v.optional(v.number());

export const app = operation({
  action: 'GetAccountRelation',
  product: bss,
  envelope: relationEnvelope,
  access: 'account',
  effect: 'read',
  input: v.object({ RelationId: optionalField(relationId, 'Required.'), RequestId: v.optional(requestId) }),
  output: v.object({
    Id: v.number(),
    ParentUserId: v.number(),
    ChildUserId: v.number(),
    StartTime: epochMs,
    EndTime: epochMs,
    Type: v.literal('enterprise_group'),
    Status: v.string(),
    GmtModified: v.number(),
  }),
  errors: ['AlternativesMissing', 'RelationUnknown'],
  async run({ input, call, deps }) {
    if (input.RelationId === undefined) throw new Refusal('AlternativesMissing', { alternatives: 'RelationId' });
    const relation = await deps.relations.getOfParty(input.RelationId, call.uid, call.nowMs);
    return {
      Id: relation.id,
      ParentUserId: relation.parentUid,
      ChildUserId: relation.childUid,
      StartTime: effectiveSinceMs(relation),
      EndTime: endedAtMs(relation),
      Type: 'enterprise_group' as const,
      Status: statusCodes[relation.status],
      GmtModified: relation.updatedAtMs,
    };
  },
});
