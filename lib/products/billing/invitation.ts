import type { Named } from '#lib/domain/relation/refusals.ts';
import { Refusal } from '#lib/errors.ts';

/** What a request says of the invitation it is about (docs/vendors/volcengine-billing.md 1.6). */
export interface InvitationFields {
  readonly InvitationType: 'relation' | 'authorization';
  readonly Relation?: 'management' | 'trusteeship' | undefined;
  readonly SubAccountID?: number | undefined;
  readonly MajorAccountID?: number | undefined;
  readonly AuthID?: number | undefined;
}

/** When a request has to name the parties and the type, and when the authorization. */
export const ofRelation = 'Required with InvitationType 1.';
export const ofAuthorization = 'Required with InvitationType 2.';

/**
 * What must be so of the invitation. Throws `ParameterMissing` for what its type requires: of a relation, the counterparty
 * and the relation's type; of an authorization, its id.
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
