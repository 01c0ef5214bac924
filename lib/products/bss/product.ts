import { alibaba } from '#lib/dialects/alibaba/dialect.ts';
import type { RelationName } from '#lib/domain/relation/relation.ts';
import { type OwnReason, Refusal } from '#lib/errors.ts';
import { bssErrors } from '#lib/products/bss/errors.ts';
import type { Envelope, Product } from '#lib/products/product.ts';

/** Alibaba Cloud BSS OpenAPI: who pays for whom. */
export const bss: Product<OwnReason<typeof bssErrors>> = {
  name: 'bss',
  version: '2017-12-14',
  dialect: alibaba,
  defaultFormat: 'bySignature',
  errors: bssErrors,
};

/** The envelope of operations on one relation. Its `RequestId` is the caller's own, if given (docs/vendors/alibaba-bss.md 6.1, Q20). */
export const relationEnvelope: Envelope = (data, { requestId, parameters }) => ({
  Code: '200',
  Message: 'OK',
  RequestId: String(parameters['RequestId'] ?? requestId),
  Success: true,
  Data: data,
});

/** How a request may name a relation. */
interface NamedRelation {
  readonly RelationId?: number | undefined;
  readonly ParentUserId?: number | undefined;
  readonly ChildUserId?: number | undefined;
  readonly RelationType?: string | undefined;
}

/**
 * The relation a request names by RelationId, or by both parties and the type (docs/vendors/alibaba-bss.md 8.2 and
 * 8.5). Throws `AlternativesMissing` when it names none.
 */
export function relationNameIn({ RelationId, ParentUserId, ChildUserId, RelationType }: NamedRelation): RelationName {
  if (RelationId !== undefined) return { id: RelationId };
  if (ParentUserId === undefined || ChildUserId === undefined || RelationType === undefined) {
    throw new Refusal('AlternativesMissing', {
      alternatives: 'RelationId, or ParentUserId, ChildUserId and RelationType',
    });
  }
  return { parentUid: ParentUserId, childUid: ChildUserId };
}

/** The envelope of queries (docs/vendors/alibaba-bss.md 6.1). */
export const queryEnvelope: Envelope = (data, { requestId }) => ({
  Code: 'Success',
  Message: 'Successful!',
  RequestId: requestId,
  Success: true,
  Data: data,
});
