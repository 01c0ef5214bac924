import { expect } from 'vitest';
import type { Answer } from '#test/support/estate.ts';

/** A request id as the server makes them: an upper-case UUID. */
export const serverRequestId = expect.stringMatching(/^[\dA-F]{8}(?:-[\dA-F]{4}){3}-[\dA-F]{12}$/);

/** The whole answer to a refused call, with every field. */
export function refused(reason: string, code: string, message: string, status = 400): Answer {
  return {
    status,
    body: { RequestId: serverRequestId, HostId: 'tributary.test', Code: code, Message: message, Reason: reason },
  };
}

/** The same with the most common code. */
export function invalid(reason: string, message: string, status = 400): Answer {
  return refused(reason, 'InvalidParameter', message, status);
}

/** The answer to a call that lacks a required parameter. */
export function missing(parameter: string): Answer {
  return refused('ParameterMissing', `Missing${parameter}`, `${parameter} is mandatory for this action.`);
}

/** The answer to a call with an invalid value; list elements are counted from 1. */
export function malformed(parameter: string): Answer {
  return invalid('ParameterInvalid', `Specified parameter ${parameter} is not valid.`);
}

/** The answer to a call that gives none of several alternatives. */
export function lacking(alternatives: string): Answer {
  return refused(
    'AlternativesMissing',
    'MissingParameter',
    `The specified request lacks essential parameters. Required: ${alternatives}.`,
  );
}

const notAuthorized = (reason: string) => refused(reason, 'NotAuthorized', 'This API is not authorized for caller.');

const unchangeable = (reason: string, why: string) => invalid(reason, `The relation cannot be changed: ${why}.`);

export const callerNotParent = notAuthorized('CallerNotParent');
export const callerNotChild = notAuthorized('CallerNotChild');
export const callerNotParty = notAuthorized('CallerNotParty');
export const relationUnknown = invalid('RelationUnknown', 'The specified relation does not exist.');
export const permissionsDiffer = invalid(
  'PermissionsDiffer',
  'Specified parameter PermissionCodes differs from the permissions offered.',
);
/** The answer to a call whose relation has another party than the one it names. */
export function disagreeing(parameter: 'ParentUserId' | 'ChildUserId'): Answer {
  return invalid('RelationOtherwise', `Specified parameters RelationId and ${parameter} do not agree.`);
}

export const noRelationNamed = lacking('RelationId, or ParentUserId, ChildUserId and RelationType');

export const relationInviting = unchangeable(
  'RelationInviting',
  'its invitation awaits the answer of the invited account',
);
export const relationActive = unchangeable('RelationActive', 'it is established and nothing awaits confirmation');
export const relationChanging = unchangeable('RelationChanging', 'a change of it awaits confirmation');
export const relationDeclined = unchangeable('RelationDeclined', 'the invited account declined it');
export const relationWithdrawn = unchangeable('RelationWithdrawn', 'the inviting account withdrew it');
export const relationExpired = unchangeable('RelationExpired', 'its invitation has expired');
export const relationEnded = unchangeable('RelationEnded', 'it has ended');
