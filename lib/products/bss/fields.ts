import * as v from 'valibot';
import { integer, optionalField, text, uid } from '#lib/dialects/fields.ts';
import { permissionSet } from '#lib/domain/relation/permissions.ts';
import { type RelationName, statusesInEffect } from '#lib/domain/relation/relation.ts';
import { Refusal } from '#lib/errors.ts';
import { confirmCodes, permissionCodes, relationOperations, statusesOfCode } from '#lib/products/bss/vocabulary.ts';
import type { Envelope } from '#lib/products/product.ts';

/** The caller's own id of a request, for tracing; the answer repeats it. */
export const requestId = v.pipe(text(128), v.description("The caller's own identifier of the request; answered back."));

export const relationId = v.pipe(
  integer(1),
  v.description('The relation, as AddAccountRelation or QueryRelationList names it.'),
);

export const parentUserId = v.pipe(uid, v.description('The uid of the management account, the parent.'));

export const childUserId = v.pipe(uid, v.description('The uid of the member, the child.'));

export const relationType = v.pipe(v.literal('enterprise_group'), v.description('Always enterprise_group.'));

export const childNick = v.pipe(text(64), v.description("The parent's display name for the child."));

/** Permission codes as a set. One empty element makes an empty list, which is not the same as an absent one. */
export const permissions = v.pipe(
  v.array(codeOf(permissionCodes)),
  v.transform((list) => permissionSet(list)),
  v.description('Permission codes, as a set: order and repetition do not matter.'),
);

export const roles = v.pipe(v.array(v.literal('trusteeship')), v.description('trusteeship: the parent pays.'));

export const statusList = v.pipe(
  v.array(codeOf(statusesOfCode)),
  v.transform((wanted) => (wanted.length > 0 ? wanted.flat() : statusesInEffect)),
  v.description('The statuses to list; those in effect if none is given.'),
);

export const confirmCode = v.pipe(
  codeOf(confirmCodes),
  v.description('What the caller does: the child agrees or disagrees, or the parent withdraws.'),
);

export const relationOperation = v.pipe(
  codeOf(relationOperations),
  v.description('Whether the permission codes are added or removed.'),
);

const unlessNamed = 'Needed unless RelationId is given.';

/** The two ways a request names one relation. */
export const relationNames = {
  RelationId: optionalField(relationId, 'Needed, or the next three are.'),
  ParentUserId: optionalField(parentUserId, unlessNamed),
  ChildUserId: optionalField(childUserId, unlessNamed),
  RelationType: optionalField(relationType, unlessNamed),
};

/** One of a table's codes, decoded to its meaning. */
function codeOf<const Table extends Readonly<Record<string, unknown>>>(table: Table) {
  return v.pipe(
    v.picklist(keysOf<keyof Table & string>(table)),
    v.transform((code) => table[code]),
  );
}

function keysOf<Key extends string>(table: Readonly<Record<Key, unknown>>): Key[] {
  return Object.keys(table) as Key[];
}

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
