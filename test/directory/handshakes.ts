import { expect } from 'vitest';
import { type DirectoryEstate, direct, directed } from '#test/directory/calls.ts';
import type { Answer, Estate, Params, Signer } from '#test/support/estate.ts';
import { refused } from '#test/support/refusals.ts';

export const DAY_MS = 24 * 60 * 60 * 1000;
/** How long an invitation awaits its answer, and how long it is kept once it has ended. */
export const ANSWER_MS = 14 * DAY_MS;
export const KEPT_MS = 30 * DAY_MS;

/** An invitation's id that is well formed and nobody's. */
export const noHandshake = 'h-0123456789abcdef';

export const handshakeUnknown = refused(
  'HandshakeUnknown',
  'EntityNotExists.Handshake',
  'The specified handshake does not exist.',
  404,
);
export const handshakeUnfit = refused('HandshakeUnfit', 'HandshakeStatusMismatch', 'The invitation is invalid.', 409);
export const handshakePending = refused(
  'HandshakePending',
  'EntityAlreadyExists.Handshake',
  'Handshakes with the same target entity already exist.',
  409,
);
export const invitationQuotaReached = refused(
  'InvitationQuotaReached',
  'LimitExceeded.InvitationRate',
  'The number of invitations sent exceeds the limit.',
  409,
);
export const inviteeInDirectory = refused(
  'AccountInDirectory',
  'NotSupport.AccountInAnotherResourceDirectory',
  'Your account is a management account for another resource directory or a member of another resource directory.',
  409,
);
export const legalEntityMismatch = refused(
  'InviteeLegalNameDiffers',
  'LegalEntityMismatch',
  'Your account does not have the same legal entity as the master account.',
  409,
);

/** Invites an account, the sibling unless another is named, and answers the invitation. */
export async function invited(estate: DirectoryEstate, params: Params = {}): Promise<Answer['body']> {
  const { parent, sibling } = estate;
  const given = { TargetEntity: sibling.uid, TargetType: 'Account', ...params };
  return (await directed(estate, parent, 'InviteAccountToResourceDirectory', given)).Handshake;
}

/** Invites whoever has an address. */
export function invitedByEmail(estate: DirectoryEstate, TargetEntity = 'new@example.com'): Promise<Answer['body']> {
  return invited(estate, { TargetEntity, TargetType: 'Email' });
}

/** Registers an account of the parent's company, unless something else is said, with a key of its own. */
export async function registered({ call, operator }: Estate, params: Params = {}): Promise<Signer> {
  const uid = 1_600_000_000_000_000 + ++accounts;
  const given = { Uid: uid, Name: `new${uid}@test`, LegalName: 'Acme', ...params };
  const { body, status } = await call(operator, 'RegisterAccount', given);
  expect(status, JSON.stringify(body)).toBe(200);
  const key = (await call(operator, 'IssueAccessKey', { Uid: uid })).body;
  return { uid, keyId: key.AccessKeyId, secret: key.AccessKeySecret };
}

let accounts = 0;

/** Answers an invitation, or withdraws it, or reads it. */
export function handle(
  estate: Estate,
  by: Signer,
  what: 'Accept' | 'Decline' | 'Cancel' | 'Get',
  HandshakeId: string,
): Promise<Answer> {
  return direct(estate, by, `${what}Handshake`, { HandshakeId });
}

/** The same, which must succeed; answers the invitation. */
export async function handled(...call: Parameters<typeof handle>): Promise<Answer['body']> {
  const { body, status } = await handle(...call);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.Handshake;
}

/** A list of invitations. */
export function listed(
  estate: Estate,
  by: Signer,
  whose: 'Account' | 'ResourceDirectory',
  params: Params = {},
): Promise<Answer['body']> {
  return directed(estate, by, `ListHandshakesFor${whose}`, params);
}
