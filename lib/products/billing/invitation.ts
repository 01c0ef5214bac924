import type { Named } from '#lib/domain/relation/refusals.ts';
import { Refusal } from '#lib/errors.ts';

/** How a request names an invitation (docs/vendors/volcengine-billing.md 1.6). */
export interface InvitationFields {
  readonly InvitationType: 'relation' | 'authorization';
  readonly Relation?: 'management' | 'trusteeship' | undefined;
  readonly SubAccountID?: number | undefined;
  readonly MajorAccountID?: number | undefined;
  readonly AuthID?: number | undefined;
}

/** When the parties and the type are required, and when the authorization is. */
export const ofRelation = 'Required with InvitationType 1.';
export const ofAuthorization = 'Required with InvitationType 2.';

/**
 * The conditions an invitation has to meet. Throws `ParameterMissing` for what its type requires: the counterparty and
 * the relation's type, or the authorization's id.
 */
export function namedInvitation(input: InvitationFields, counterparty: 'SubAccountID' | 'MajorAccountID'): Named {
  if (input.InvitationType === 'authorization') return { offerId: required(input.AuthID, 'AuthID') };
  const uid = required(input[counterparty], counterparty);
  const policy = required(input.Relation, 'Relation');
  return { policy, ...(counterparty === 'SubAccountID' ? { childUid: uid } : { parentUid: uid }) };
}

function required<Value>(value: Value | undefined, parameter: string): Value {
  if (value === undefined) throw new Refusal('ParameterMissing', { parameter });
  return value;
}
